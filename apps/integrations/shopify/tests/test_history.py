import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from apps.core import clock
from apps.core.http import Answer, BadStatus, HttpError, Unreadable
from apps.integrations import asking
from apps.integrations.connectors import AccessLost
from apps.integrations.dtos import OrderSnapshot
from apps.integrations.shopify import download, history
from apps.integrations.shopify.connectors import Connector
from fakes.shops.control import FakeShop

EVER = datetime(2020, 1, 1, tzinfo=UTC)


def pages(connector: Connector, cursor: str = "") -> Iterator[asking.OrderPage]:
    """As a worker reads them, which never waits here."""
    for _ in range(60):
        page = connector.order_history(EVER, cursor)
        yield page
        cursor = page.cursor
        if not cursor:
            return
    raise AssertionError("no end")


def by_id(found: Iterator[asking.OrderPage]) -> dict[str, OrderSnapshot]:
    return {order.external_id: order for page in found for order in page.orders}


def by_pages(connector: Connector) -> dict[str, OrderSnapshot]:
    found, cursor = dict[str, OrderSnapshot](), ""
    while True:
        page = connector.changed_orders(EVER, cursor)
        found |= {order.external_id: order for order in page.orders}
        cursor = page.cursor
        if not cursor:
            return found


def seed(fake: FakeShop) -> list[str]:
    """One of each kind: open, sent, sent in two parcels, in part, refunded, edited, cancelled,
    abroad."""
    line = {"price": 1210, "quantity": 2, "tax": 400, "discounts": [{"label": "X", "amount": 120}]}
    made = [
        fake.order(line, shipping=[{"total": 300, "tax": 52}], customer_id="5", tags=["vip"]),
        *(fake.order(line, {"price": 500}, shipping=[{"total": 300}]) for _ in range(4)),
        fake.order(),
        fake.order(),
        fake.order(presentment_currency="SEK", presentment_rate="11.5", tenders=[]),
    ]
    ids = [each["id"] for each in made]
    fake.fulfil(ids[1], sent=1_767_600_000, delivered=1_767_700_000)
    first, second = (each["id"] for each in made[2]["lines"])
    fake.fulfil(ids[2], lines=[{"line_id": first, "quantity": 2}])
    fake.fulfil(ids[2], lines=[{"line_id": second, "quantity": 0}], status="cancelled")
    fake.fulfil(ids[2], lines=[{"line_id": second, "quantity": 1}])
    fake.fulfil(ids[3], lines=[{"line_id": made[3]["lines"][0]["id"], "quantity": 1}])
    fake.fulfil(ids[4])
    fake.refund(ids[4], 700, lines=[{"line_id": made[4]["lines"][1]["id"], "quantity": 1}])
    fake.edit(ids[5], lines=[{"id": made[5]["lines"][0]["id"], "quantity": 1}])
    fake.play("cancel", ids[6])
    return ids


def operations(fake: FakeShop) -> list[str]:
    return [call["operation"] for call in fake.calls("POST")]


class SameOrdersTest:
    def test_by_bulk_as_by_pages(self, fake: FakeShop, connector: Connector) -> None:
        ids = seed(fake)
        found = by_id(pages(connector))
        asked = operations(fake)

        assert set(found) == set(ids)
        assert found == by_pages(connector)
        # In part, refunded and edited: what stands in which parcel or refund is not in bulk.
        assert asked.count("order") == 3
        assert asked.count("start_bulk") == 1
        assert "changed_orders" not in asked

    @pytest.mark.parametrize("size", [400, 3_000])
    def test_in_stretches_that_cut_orders(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch, size: int
    ) -> None:
        monkeypatch.setattr(history, "STRETCH", size)
        ids = seed(fake)
        found = list(pages(connector))

        told = [order.external_id for page in found for order in page.orders]
        assert sorted(told) == sorted(ids)
        assert {page.expected for page in found if page.orders} == {8}
        assert found[-1].cursor == ""
        assert len([page for page in found if page.orders]) > 2

    def test_children_far_from_their_parents(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(history, "STRETCH", 3_000)
        ids = seed(fake)
        fake.vendor("bulk", is_grouped=False)
        found = by_id(pages(connector))

        assert set(found) == set(ids)
        assert found == by_pages(connector)

    def test_a_shop_without_orders(self, connector: Connector) -> None:
        assert [page.orders for page in pages(connector)] == [(), (), ()]

    def test_a_file_that_comes_whole_only(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ids = seed(fake)
        fake.vendor("bulk", has_ranges=False)

        assert set(by_id(pages(connector))) == set(ids)


class PatienceTest:
    def test_while_it_works_nobody_stays(self, fake: FakeShop, connector: Connector) -> None:
        fake.order()
        fake.vendor("bulk", polls=2)
        found = list(pages(connector))

        waits = [page.wait for page in found]
        assert waits == [None, *[timedelta(seconds=5)] * 3, None]
        with clock.moved(timedelta(minutes=4)):
            page = connector.order_history(EVER, found[0].cursor)
        # A tenth of its age.
        assert page.wait is not None
        assert 24 <= page.wait.total_seconds() < 25

    def test_one_that_works_for_a_day_is_cancelled(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.vendor("bulk", polls=9)
        cursor = connector.order_history(EVER, connector.order_history(EVER).cursor).cursor
        with clock.moved(timedelta(hours=25)):
            page = connector.order_history(EVER, cursor)

        assert page.setback == "bulk_took_too_long"
        assert fake.vendor("bulks") == ["CANCELED"]
        assert list(by_id(pages(connector, page.cursor))) == [order["id"]]

    def test_another_operation_is_waited_for_and_not_for_ever(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.vendor("bulk", is_foreign=True, polls=99)
        marked = connector.order_history(EVER).cursor
        page = connector.order_history(EVER, marked)
        with clock.moved(timedelta(hours=2)):
            given_up = connector.order_history(EVER, page.cursor)

        assert (page.cursor, page.wait) == (marked, timedelta(seconds=5))
        assert given_up.setback == "operation_in_progress"
        assert list(by_id(pages(connector, given_up.cursor))) == [order["id"]]


class SameOperationTest:
    def test_after_an_answer_that_was_lost(self, fake: FakeShop, connector: Connector) -> None:
        fake.order()
        cursor = connector.order_history(EVER).cursor
        fake.mode("reset_after", operation="start_bulk")
        with pytest.raises(HttpError):
            connector.order_history(EVER, cursor)
        found = by_id(pages(connector, cursor))

        assert len(found) == 1
        assert operations(fake).count("start_bulk") == 1
        assert len(fake.vendor("bulks")) == 1

    def test_throttled_before_it_began(self, fake: FakeShop, connector: Connector) -> None:
        fake.order()
        fake.mode("rate_limit", operation="start_bulk", retry_after=1)

        assert len(by_id(pages(connector))) == 1
        assert len(fake.vendor("bulks")) == 1


class LostTest:
    @pytest.mark.parametrize(
        ("facts", "why"),
        [
            ({"end": "FAILED", "error": "TIMEOUT"}, "bulk_failed_timeout"),
            ({"end": "CANCELED"}, "bulk_canceled"),
            ({"end": "EXPIRED"}, "bulk_expired"),
            ({"kept": 2}, "bulk_incomplete"),
        ],
    )
    def test_it_begins_anew_and_then_goes_by_pages(
        self, fake: FakeShop, connector: Connector, facts: dict[str, object], why: str
    ) -> None:
        ids = {fake.order()["id"], fake.order()["id"]}
        fake.vendor("bulk", **facts)
        anew = next(page for page in pages(connector) if page.setback)
        fake.vendor("bulk", **facts)
        rest = list(pages(connector, anew.cursor))

        assert [page.setback for page in (anew, *rest) if page.setback] == [why, why]
        assert set(by_id(iter(rest))) == ids
        assert operations(fake).count("start_bulk") == 2
        assert operations(fake).count("changed_orders") == 1

    def test_anew_is_enough_where_it_works_then(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        fake.vendor("bulk", end="FAILED", error="INTERNAL_SERVER_ERROR")

        assert list(by_id(pages(connector))) == [order["id"]]
        assert "changed_orders" not in operations(fake)

    def test_without_the_right_by_pages_at_once(self, fake: FakeShop, connector: Connector) -> None:
        fake.order()
        fake.vendor("bulk", end="FAILED", error="ACCESS_DENIED")
        found = list(pages(connector))

        assert [page.setback for page in found if page.setback] == ["bulk_failed_access_denied"]
        assert operations(fake).count("start_bulk") == 1

    def test_a_shop_that_let_go_of_us(self, fake: FakeShop, connector: Connector) -> None:
        cursor = connector.order_history(EVER).cursor
        fake.mode("unauthorized", times=None, operation="start_bulk")

        with pytest.raises(AccessLost):
            connector.order_history(EVER, cursor)

    def test_one_of_another_app(self, fake: FakeShop, connector: Connector) -> None:
        order = fake.order()
        place = history.Place.new(clock.now())
        cursor = json.dumps(json.loads(str(place)) | {"operation": "gid://shopify/BulkOperation/9"})
        found = list(pages(connector, cursor))

        assert found[0].setback == "bulk_unknown"
        assert list(by_id(iter(found))) == [order["id"]]

    def test_a_query_that_shopify_refuses(
        self, fake: FakeShop, connector: Connector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order = fake.order()
        monkeypatch.setattr(history, "query_of", lambda *_: "{ shop { name } }")
        found = list(pages(connector))

        assert found[1].setback == "invalid"
        assert list(by_id(iter(found))) == [order["id"]]


class DownloadTest:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(history, "STRETCH", 6_000)

    def test_an_address_that_runs_out_in_the_middle(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        ids = seed(fake)
        reading = pages(connector)
        found = [next(reading) for _ in range(4)]
        fake.mode("refuse", status=403, operation="file")
        found += reading

        assert [page.setback for page in found if page.setback] == ["bulk_file_gone"]
        assert set(by_id(iter(found))) == set(ids)

    def test_a_connection_that_is_cut_goes_on_where_it_was(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        ids = seed(fake)
        reading = pages(connector)
        found = [next(reading) for _ in range(4)]
        fake.mode("cut", times=3, operation="file")
        with pytest.raises(HttpError):
            next(reading)
        rest = list(pages(connector, found[-1].cursor))

        assert {page.setback for page in rest} == {""}
        told = [order.external_id for page in (*found, *rest) for order in page.orders]
        assert sorted(told) == sorted(ids)

    def test_a_store_of_files_that_fails_is_asked_again_later(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        fake.order()
        cursor = [page.cursor for page in itertools.islice(pages(connector), 2)][-1]
        fake.mode("error_before", times=None, operation="file")

        with pytest.raises(BadStatus, match="500"):
            connector.order_history(EVER, cursor)

    def test_a_file_that_is_too_long_to_come_whole(
        self, fake: FakeShop, connector: Connector
    ) -> None:
        order = fake.order()
        fake.vendor("bulk", has_ranges=False)
        fake.mode("huge", operation="file")
        found = list(pages(connector))

        assert [page.setback for page in found if page.setback] == ["bulk_file_gone"]
        assert list(by_id(iter(found))) == [order["id"]]

    def test_lines_that_are_broken(self, fake: FakeShop, connector: Connector) -> None:
        """The order of the first, and the line of the third: both are read for themselves."""
        ids = [fake.order()["id"] for _ in range(4)]
        fake.vendor("bulk", broken=[0, 5])
        found = list(pages(connector))

        assert set(by_id(iter(found))) == set(ids)
        assert [each for page in found for each in page.unreadable] == []

    def test_our_token_stays_with_shopify(self, fake: FakeShop, connector: Connector) -> None:
        """The fake refuses a file to whoever brings it."""
        fake.order()

        assert len(by_id(pages(connector))) == 1
        with pytest.raises(download.FileGone):
            download.stretch("", 0, 10)
        with pytest.raises(Unreadable):
            download._read(Answer("shopify", 206, {"content-range": "bytes 5-9/20"}, b"12345"), 0)
        with pytest.raises(ValueError, match="https"):
            download.stretch("http://files.example/x", 0, 10)


class CursorTest:
    def test_of_a_reading_that_began_by_pages(self, fake: FakeShop, connector: Connector) -> None:
        fake.order()
        page = connector.order_history(EVER, "00000000000001.000000")

        assert len(page.orders) == 1
        assert operations(fake).count("start_bulk") == 0

    def test_as_text(self) -> None:
        place = history.Place(pages="")

        assert history.Place.of(str(place)) == place
        assert history.Place.of("") == history.Place()
