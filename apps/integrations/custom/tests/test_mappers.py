"""Orders in the contract's words, as docs/custom-platform.md shows them."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.integrations.choices import Fulfilment
from apps.integrations.custom import mappers
from apps.integrations.dtos import BasketDiscount, CustomerSnapshot

PAGE = Path(__file__).resolve().parents[4] / "docs" / "custom-platform.md"


def shown() -> dict[str, Any]:
    """The example of the page itself."""
    found = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    order: dict[str, Any] = json.loads(found[1])
    return order


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


class OrderTest:
    def test_the_example_of_the_page_is_read_to_the_cent(self) -> None:
        order = mappers.order_snapshot(shown())

        (line,) = order.lines
        assert (order.external_id, order.total, order.tax_included) == ("1001", euros(5000), True)
        assert (line.quantity, line.unit_price, line.total) == (2, euros(2500), euros(4500))
        assert line.total + order.shipping[0].total == order.total
        assert (line.discounts[0].amount, line.taxes[0].amount) == (euros(500), euros(781))
        assert (order.tenders[0].captured, order.tenders[0].refunded) == (euros(5000), euros(0))
        assert order.customer == CustomerSnapshot(
            email="ana@example.com", name="Ana López", external_id="7", language="es"
        )
        assert order.placed_at == datetime(2026, 11, 20, 10, tzinfo=UTC)

    def test_everything_else_that_a_shop_may_tell(self) -> None:
        payload = shown()
        payload["lines"][0] |= {"is_final_sale": True, "is_gift": True, "weight_grams": 200}
        payload["payments"][0]["kind"] = "bizum"
        basket = {
            "id": "b", "label": "3 for 2", "kind": "multi_buy", "lines": ["1"],
            "threshold": "40.00", "buy": 3, "pay": 2, "gifts": ["9"],
        }  # fmt: skip
        order = mappers.order_snapshot(
            {**payload, "duties": "1.50", "tags": ["vip"], "discounts": [basket]}
        )

        assert (order.duties, order.tags) == (euros(150), ("vip",))
        assert (order.lines[0].is_final_sale, order.lines[0].weight_grams) == (True, 200)
        assert order.tenders[0].kind == "other"
        assert order.discounts == (
            BasketDiscount(
                id="b",
                label="3 for 2",
                kind="multi_buy",
                lines=("1",),
                threshold=euros(4000),
                buy=3,
                pay=2,
                gifts=("9",),
            ),
        )

    def test_an_order_of_the_least_that_there_is(self) -> None:
        least = {name: shown()[name] for name in
                 ("id", "number", "currency", "total", "placed_at", "updated_at")}  # fmt: skip
        basket = {"id": "b", "label": "Ten", "kind": "threshold", "lines": []}
        order = mappers.order_snapshot({**least, "discounts": [basket]})

        assert (order.lines, order.tenders, order.duties) == ((), (), None)
        assert (order.discounts[0].threshold, order.discounts[0].buy) == (None, 0)

    @pytest.mark.parametrize(
        "broken",
        [
            {"id": None},
            {"id": True},
            {"currency": ""},
            {"currency": "E"},
            {"total": 50.0},
            {"total": "50.001"},
            {"total": "many"},
            {"placed_at": "yesterday"},
            {"updated_at": None},
            {"tax_included": "yes"},
            {"lines": "none"},
            {"lines": [1]},
            {"lines": [{"id": "1"}]},
            {"lines": [{**shown()["lines"][0], "quantity": -1}]},
            {"lines": [{**shown()["lines"][0], "quantity": True}]},
            {"lines": [{**shown()["lines"][0], "quantity": "2"}]},
            {"customer": "Ana"},
            {"discounts": [{"id": "b", "label": "x", "kind": "gift"}]},
        ],
    )
    def test_another_shape_is_no_order(self, broken: dict[str, Any]) -> None:
        with pytest.raises(DomainError):
            mappers.order_snapshot({**shown(), **broken})

    def test_a_page_names_what_cannot_be_read(self) -> None:
        broken = {**shown(), "id": "1002", "total": "50.001"}
        page = mappers.order_page({"orders": [shown(), broken], "cursor": "next"})

        (unreadable,) = page.unreadable
        assert [each.external_id for each in page.orders] == ["1001"]
        assert (unreadable.external_id, unreadable.code) == ("1002", "inexact_amount")
        assert page.cursor == "next"
        with pytest.raises(DomainError):
            mappers.order_page({})

    def test_a_parcel_and_a_variant(self) -> None:
        parcel = mappers.fulfilment(
            {"id": "f", "status": "delivered", "delivered_at": "2026-11-24T10:00:00Z"}
        )
        variant = mappers.variant(
            {"id": "1", "product_id": "10", "title": "Tee", "available": None,
             "price": {"amount": "25.00", "currency": "EUR"}}
        )  # fmt: skip

        assert (parcel.status, parcel.lines) == (Fulfilment.Status.DELIVERED, ())
        assert parcel.delivered_at == datetime(2026, 11, 24, 10, tzinfo=UTC)
        assert (variant.available, variant.price) == (None, euros(2500))
