from typing import Any

import pytest

from apps.core.money import Money
from apps.integrations.bigcommerce.mappers import OrderFile, moment, order_snapshot
from apps.integrations.dtos import OrderSnapshot
from apps.integrations.payloads import MalformedPayload

ORDER: dict[str, Any] = {
    "id": 7,
    "status_id": 11,
    "currency_code": "EUR",
    "date_created": "Mon, 02 Mar 2026 08:05:00 +0000",
    "total_inc_tax": "36.0500",
    "shipping_cost_inc_tax": "6.0500",
    "shipping_cost_ex_tax": "5.0000",
    "store_credit_amount": "0.0000",
    "gift_certificate_amount": "6.0500",
    "payment_method": "Bank Deposit",
    "payment_status": "captured",
    "billing_address": {"first_name": "Ana", "email": "ana@example.com", "city": "Bilbao"},
}
PRODUCT: dict[str, Any] = {
    "id": 70,
    "quantity": 2,
    "price_inc_tax": "18.1500",
    "total_inc_tax": "36.3000",
    "total_tax": "6.3000",
    "applied_discounts": [{"code": "HELLO", "amount": "6.3000"}, {"amount": "0.0000"}],
    "product_options": [{"display_value": "Red"}, {"display_value": "L"}],
}


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def told(products: tuple[Any, ...] = (PRODUCT,), **named: Any) -> OrderSnapshot:
    file = OrderFile(order={**ORDER, **named}, products=products, addresses=(), refunds=())
    return order_snapshot(file)


class BigOrderTest:
    def test_an_older_payload_says_what_was_taken_off(self) -> None:
        """30.00 of 36.30 with 6.30 of tax: 5.21 (6.30 * 30.00 / 36.30)."""
        (line,) = told().lines

        assert (line.total, line.tax) == (euros("30"), euros("5.21"))
        assert [(each.label, each.amount) for each in line.discounts] == [("HELLO", euros("6.3"))]
        assert line.variant_title == "Red, L"

    def test_what_the_certificate_left_was_paid_by_the_method(self) -> None:
        tenders = told().tenders

        assert [(each.external_id, each.kind, each.captured) for each in tenders] == [
            ("order-7", "bank", euros("30")),
            ("giftcertificate-7", "gift_card", euros("6.05")),
        ]

    @pytest.mark.parametrize(
        "unpaid", [{"payment_status": "Authorized"}, {"status_id": 7}, {"status_id": 0}]
    )
    def test_what_is_not_captured(self, unpaid: dict[str, Any]) -> None:
        assert told(**unpaid).tenders[0].captured == euros("0")

    def test_without_an_address_to_send_to_the_bill_says_it(self) -> None:
        assert told().shipping_address.city == "Bilbao"

    def test_times_of_mail(self) -> None:
        assert moment("Mon, 02 Mar 2026 08:05:00 +0000").isoformat() == "2026-03-02T08:05:00+00:00"
        assert moment("Mon, 02 Mar 2026 08:05:00 -0000").isoformat() == "2026-03-02T08:05:00+00:00"

    def test_what_went_back_for_a_line(self) -> None:
        assert told(({**PRODUCT, "refund_amount": "15.0000"},)).lines[0].refunded == euros("15")
        assert told().lines[0].refunded is None

    def test_a_free_line_has_no_tax_to_share(self) -> None:
        free = {"id": 71, "quantity": 1, "total_inc_tax": "0.0000", "total_tax": "0.0000"}

        assert told((free,)).lines[0].tax == euros("0")

    @pytest.mark.parametrize("missing", ["id", "currency_code", "date_created"])
    def test_what_an_order_needs(self, missing: str) -> None:
        with pytest.raises(MalformedPayload):
            told((PRODUCT,), **{missing: ""})
