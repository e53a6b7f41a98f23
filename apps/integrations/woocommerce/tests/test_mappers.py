import json
from pathlib import Path
from typing import Any

import pytest

from apps.core.money import Money
from apps.integrations.payloads import MalformedPayload
from apps.integrations.woocommerce.mappers import order_snapshot


def dollars(amount: str) -> Money:
    return Money.of(amount, "USD")


def line(**named: Any) -> dict[str, Any]:
    given = {"id": 1, "name": "Mug", "quantity": 3, "subtotal": "10.00", "total": "10.00"}
    return {**given, "total_tax": "2.10", "taxes": [{"id": 9, "total": "2.10"}], **named}


def back(line_id: int, quantity: int, **named: Any) -> dict[str, Any]:
    meta = [{"key": "_refunded_item_id", "value": str(line_id)}]
    given = {"quantity": quantity, "total": "0.00", "total_tax": "0.00", "meta_data": meta}
    return {**given, **named}


def order(**named: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "number": "1001",
        "currency": "USD",
        "status": "processing",
        "date_created_gmt": "2026-03-02T08:05:00",
        "date_paid_gmt": "2026-03-02T08:06:00",
        "payment_method": "stripe",
        "total": "12.10",
        "line_items": [line()],
        **named,
    }


class WooCommerceOrderTest:
    def test_the_documented_payload(self, real_data: Path) -> None:
        payload = json.loads((real_data / "payloads" / "woocommerce" / "order.json").read_text())
        told = order_snapshot(payload)
        parts = [each.total + each.tax for each in told.lines]
        parts += [each.total + each.tax for each in told.shipping]

        assert told.total == dollars("29.35")
        assert Money.total(parts, "USD") == told.total
        assert told.tenders[0].captured == told.total
        assert (told.tenders[0].kind, told.customer.external_id) == ("bank", "")

    def test_times_are_utc(self) -> None:
        assert order_snapshot(order()).placed_at.isoformat() == "2026-03-02T08:05:00+00:00"

    def test_a_coupon_is_the_difference_of_subtotal_and_total(self) -> None:
        meta = [{"value": "Red"}, {"value": "L"}]
        (told,) = order_snapshot(order(line_items=[line(total="9.00", meta_data=meta)])).lines

        assert (told.unit_price, told.total) == (dollars("3.33"), dollars("9"))
        assert [(each.label, each.amount) for each in told.discounts] == [("Coupon", dollars("1"))]
        assert told.variant_title == "Red, L"
        assert told.taxes[0].amount == dollars("2.1")

    def test_fees_are_paid_like_shipping(self) -> None:
        told = order_snapshot(
            order(
                shipping_lines=[{"method_title": "Post", "total": "5.00", "total_tax": "1.05"}],
                fee_lines=[{"name": "Gift wrap", "total": "1.00", "total_tax": "0.21"}],
            )
        )

        assert [(each.title, each.total) for each in told.shipping] == [
            ("Post", dollars("5")),
            ("Gift wrap", dollars("1")),
        ]

    @pytest.mark.parametrize(("status", "sent"), [("completed", 3), ("processing", 0)])
    def test_what_was_sent(self, status: str, sent: int) -> None:
        assert order_snapshot(order(status=status)).lines[0].fulfilled_quantity == sent

    @pytest.mark.parametrize(
        ("method", "kind"), [("bacs", "bank"), ("cod", "cash"), ("cheque", "other"), ("x", "card")]
    )
    def test_what_it_was_paid_with(self, method: str, kind: str) -> None:
        assert order_snapshot(order(payment_method=method)).tenders[0].kind == kind

    def test_refunds_come_as_negative_totals(self) -> None:
        refunds = [{"id": 1, "total": "-4.00"}, {"id": 2, "total": "-0.10"}]
        (paid,) = order_snapshot(order(refunds=refunds, transaction_id="ch_1")).tenders

        assert (paid.captured, paid.refunded, paid.external_id) == (
            dollars("12.1"),
            dollars("4.1"),
            "ch_1",
        )

    def test_a_refund_is_told_of_its_lines(self) -> None:
        """Lines of 12.10 and 24.20 with tax. The admin gave 5.00 + 1.05 for the first and 10.00 for
        the shipping; then one of three mugs, which is 4.03, and 7.00 that no line is told of."""
        other = line(id=2, quantity=1, total="20.00", total_tax="4.20")
        by_admin = {
            "amount": "16.05",
            "line_items": [back(1, 0, total="-5.00", total_tax="-1.05"), back(3, 1)],
        }
        by_us = {"amount": "4.03", "line_items": [back(1, -1)]}
        money_only: dict[str, Any] = {"amount": "7.00", "line_items": []}

        first, second = order_snapshot(
            order(line_items=[line(), other]), [by_admin, by_us, money_only]
        ).lines

        assert (first.refunded, second.refunded) == (dollars("10.08"), None)

    def test_units_share_what_was_moved_where_that_is_less(self) -> None:
        """A fee of 6.05 was kept of 12.10 + 24.20 = 36.30: 30.25 are shared as 10.08 and 20.17."""
        other = line(id=2, quantity=1, total="20.00", total_tax="4.20")
        refund = {"amount": "30.25", "line_items": [back(1, -3), back(2, -1)]}

        told = order_snapshot(order(line_items=[line(), other]), [refund]).lines

        assert [each.refunded for each in told] == [dollars("10.08"), dollars("20.17")]

    def test_an_unpaid_order_captured_nothing(self) -> None:
        (paid,) = order_snapshot(order(date_paid_gmt=None)).tenders

        assert (paid.captured, paid.external_id) == (dollars("0"), "order-7")

    @pytest.mark.parametrize("missing", ["id", "number", "currency", "date_created_gmt"])
    def test_what_an_order_needs(self, missing: str) -> None:
        with pytest.raises(MalformedPayload):
            order_snapshot({**order(), missing: ""})
