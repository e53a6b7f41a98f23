import json
from pathlib import Path
from typing import Any

import pytest

from apps.core.money import InexactAmount, Money
from apps.integrations.payloads import MalformedPayload
from apps.integrations.shopify.mappers import order_snapshot


def dollars(amount: str) -> Money:
    return Money.of(amount, "USD")


def line(number: int = 1, **named: Any) -> dict[str, Any]:
    return {"id": number, "title": "Mug", "quantity": 2, "price": "10.00", **named}


def order(**named: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "name": "#1001",
        "currency": "USD",
        "created_at": "2026-03-02T08:05:00+01:00",
        "total_price": "20.00",
        "financial_status": "paid",
        "gateway": "shopify_payments",
        "line_items": [line()],
        **named,
    }


class ShopifyOrderTest:
    def test_the_documented_payload(self, real_data: Path) -> None:
        payload = json.loads((real_data / "payloads" / "shopify" / "order.json").read_text())
        told = order_snapshot(payload)

        assert told.total == dollars("409.94")
        assert (told.number, told.external_id, told.tax_included) == ("#1001", "450789469", False)
        assert [each.unit_price for each in told.lines] == [dollars("199")] * 3
        assert Money.total((each.tax for each in told.lines), "USD") == dollars("11.94")
        # Authorised is not captured: nothing can be given back yet.
        assert told.tenders[0].captured == dollars("0")

    def test_with_and_without_its_wrapper(self) -> None:
        assert order_snapshot({"order": order()}) == order_snapshot(order())

    def test_discounts_come_off_the_whole_line(self) -> None:
        allocations = [{"amount": "1.50"}, {"amount": "0.50"}]
        (told,) = order_snapshot(order(line_items=[line(discount_allocations=allocations)])).lines

        assert told.total == dollars("18")
        assert [each.amount for each in told.discounts] == [dollars("1.5"), dollars("0.5")]

    def test_taxes_of_lines_and_shipping(self) -> None:
        vat = {"title": "VAT", "rate": 0.21, "price": "3.47"}
        shipping = {
            "title": "Post",
            "price": "5.00",
            "discount_allocations": [{"amount": "1.00"}],
            "tax_lines": [{"title": "VAT", "rate": 0.21, "price": "0.69"}],
        }
        told = order_snapshot(
            order(
                taxes_included=True,
                line_items=[line(tax_lines=[vat])],
                shipping_lines=[shipping],
            )
        )

        assert told.tax_included is True
        assert (told.lines[0].tax, told.lines[0].taxes[0].rate) == (dollars("3.47"), "0.21")
        assert (told.shipping[0].total, told.shipping[0].tax) == (dollars("4"), dollars("0.69"))

    def test_tax_of_the_order_alone_is_spread_without_that_of_shipping(self) -> None:
        tax = [{"title": "Tax", "rate": 0.06, "price": "3.01"}]
        shipping = [{"title": "Post", "price": "5", "tax_lines": [{"price": "0.01"}]}]
        told = order_snapshot(
            order(line_items=[line(1), line(2, quantity=4)], tax_lines=tax, shipping_lines=shipping)
        )

        assert [each.tax for each in told.lines] == [dollars("1"), dollars("2")]

    def test_what_was_sent(self) -> None:
        sent = {
            "status": "success",
            "created_at": "2026-03-03T10:00:00Z",
            "line_items": [{"id": 1, "quantity": 1}, {"id": 2, "quantity": 9}],
        }
        failed = {**sent, "status": "failure"}
        told = order_snapshot(
            order(line_items=[line(1), line(2)], fulfillments=[sent, failed, {"status": "open"}])
        )

        assert [each.fulfilled_quantity for each in told.lines] == [1, 2]
        assert told.shipped_at is not None
        assert told.shipped_at.isoformat() == "2026-03-03T10:00:00+00:00"
        assert order_snapshot(order()).shipped_at is None

    @pytest.mark.parametrize(
        ("gateway", "kind"),
        [("gift_card", "gift_card"), ("shopify_store_credit", "credit"), ("paypal", "card")],
    )
    def test_what_it_was_paid_with(self, gateway: str, kind: str) -> None:
        (paid,) = order_snapshot(order(gateway=gateway)).tenders

        assert (paid.kind, paid.captured) == (kind, dollars("20"))

    def test_refunds_that_went_through(self) -> None:
        made = [
            {"kind": "refund", "status": "success", "amount": "4.00"},
            {"kind": "refund", "status": "failure", "amount": "5.00"},
            {"kind": "void", "status": "success", "amount": "6.00"},
        ]
        told = order_snapshot(
            order(financial_status="partially_refunded", refunds=[{"transactions": made}, {}])
        )

        assert told.tenders[0].refunded == dollars("4")

    def test_who_bought_and_where_it_went(self) -> None:
        told = order_snapshot(
            order(
                email="ana@shop.example",
                tags="vip, , first ",
                customer={"id": 5, "first_name": "Ana", "last_name": "López", "phone": "+34"},
                shipping_address={"first_name": "Ana", "zip": " 48001 ", "country_code": "ES"},
            )
        )

        assert (told.customer.external_id, told.customer.name) == ("5", "Ana López")
        assert (told.shipping_address.name, told.shipping_address.postcode) == ("Ana", "48001")
        assert told.tags == ("vip", "first")

    @pytest.mark.parametrize("missing", ["id", "name", "currency", "created_at"])
    def test_what_an_order_needs(self, missing: str) -> None:
        with pytest.raises(MalformedPayload):
            order_snapshot({**order(), missing: None})

    def test_nonsense_is_refused(self) -> None:
        with pytest.raises(MalformedPayload):
            order_snapshot(order(created_at="yesterday"))
        with pytest.raises(InexactAmount):
            order_snapshot(order(total_price="1.005"))
        with pytest.raises(MalformedPayload):
            order_snapshot(order(line_items=[line(quantity=None)]))
