import json
from typing import Any

import pytest

from apps.integrations.shopify import exported
from apps.integrations.shopify.exported import MOST_ALONE, Portion, portion

Row = dict[str, Any]


def order(number: int, **facts: Any) -> Row:
    return {
        "id": f"gid://shopify/Order/{number}",
        "subtotalLineItemsQuantity": 1,
        "fulfillments": [],
        **facts,
    }


def line(of: int, **facts: Any) -> Row:
    return {
        "id": f"gid://shopify/LineItem/{of}1",
        "quantity": 1,
        "currentQuantity": 1,
        "unfulfilledQuantity": 1,
        "__parentId": f"gid://shopify/Order/{of}",
        **facts,
    }


def file(*rows: Row | str) -> bytes:
    texts = (each if isinstance(each, str) else json.dumps(each) for each in rows)
    return "".join(f"{each}\n" for each in texts).encode()


def whole(found: Portion) -> list[str]:
    return [each.rpartition("/")[2] for each in found.orders]


class PortionTest:
    def test_the_last_order_waits_for_more_children(self) -> None:
        first, second = file(order(1), line(1)), file(order(2), line(2))
        found = portion(first + second + b'{"id"', is_last=False)

        assert (whole(found), found.alone, found.used) == (["1"], set(), len(first))
        rest = portion(second, is_last=True)
        assert (whole(rest), rest.used, rest.told) == (["2"], len(second), 1)

    def test_an_end_without_a_newline(self) -> None:
        raw = file(order(1), line(1)).rstrip()

        assert whole(portion(raw, is_last=True)) == ["1"]
        assert portion(raw, is_last=False).used == 0

    def test_a_child_that_comes_later_has_its_order_read(self) -> None:
        raw = file(order(1), line(1), order(2), line(2), line(1), line(3))
        found = portion(raw, is_last=True)

        assert (whole(found), found.alone, found.roots) == (["2"], {"1", "3"}, 2)

    def test_children_alone_are_gone_over(self) -> None:
        raw = file(line(1), line(2))
        found = portion(raw + b'{"quant', is_last=False)

        assert (found.alone, found.used, found.told) == ({"1", "2"}, len(raw), 0)

    def test_no_more_than_can_be_read_in_one_go(self) -> None:
        """An order without lines is one to be read for itself."""
        empty = [order(number) for number in range(40)]
        found = portion(file(*empty), is_last=True)
        strays = portion(file(order(90), *(line(number) for number in range(40))), is_last=True)

        assert len(found.alone) == found.roots == MOST_ALONE + 1
        assert found.used == len(file(*empty[: MOST_ALONE + 1]))
        assert len(strays.alone) == MOST_ALONE + 1
        assert strays.used == len(file(order(90), *(line(n) for n in range(MOST_ALONE))))

    def test_what_is_no_line_at_all(self) -> None:
        """Between two orders it may have been one."""
        good = file(order(1), line(1))
        raw = b"\n" + good + file("[]", "x{", order(2), line(2))
        found = portion(raw, is_last=True)

        assert (whole(found), found.alone) == (["2"], {"1"})
        assert found.broken == found.lost == [len(good) + 1, len(good) + 4]
        assert found.told == 4

    def test_a_broken_line_of_an_order_is_no_order(self) -> None:
        half = json.dumps(line(1))[:60]
        found = portion(file(order(1), line(1), half), is_last=True)

        assert (found.alone, found.told, found.broken) == ({"1"}, 1, [])

    def test_what_comes_again_is_not_counted_twice(self) -> None:
        found = portion(file(order(1), line(1), order(2), "x{"), is_last=False)

        assert (found.told, found.broken) == (1, [])


class ToldWholeTest:
    @pytest.mark.parametrize(
        ("told", "lines"),
        [
            ({}, [{"currentQuantity": 0}]),
            ({}, [{"quantity": 2, "currentQuantity": 2}]),
            ({"fulfillments": [{"status": "SUCCESS"}]}, [{}]),
            ({"fulfillments": [{"status": "CANCELLED"}]}, [{"unfulfilledQuantity": 0}]),
            ({"subtotalLineItemsQuantity": 2}, [{}]),
            ({"fulfillments": None}, [{}]),
            ({}, [{"quantity": None}]),
        ],
    )
    def test_else_it_is_read_for_itself(self, told: Row, lines: list[Row]) -> None:
        found = portion(file(order(1, **told), *(line(1, **each) for each in lines)), is_last=True)

        assert (found.orders, found.alone) == ({}, {"1"})

    def test_what_was_sent_stands_in_the_first_good_parcel(self) -> None:
        parcels = [{"status": "CANCELLED"}, {"status": "SUCCESS"}, {"status": "SUCCESS"}]
        raw = file(order(1, fulfillments=parcels), line(1, unfulfilledQuantity=0))
        (found,) = portion(raw, is_last=True).orders.values()

        sent = [each["fulfillmentLineItems"]["nodes"] for each in found["fulfillments"]]
        assert sent == [
            [],
            [{"quantity": 1, "lineItem": {"id": "gid://shopify/LineItem/11"}}],
            [],
        ]
        assert exported.is_told_whole({**found, "children": []}) is False
