from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.core.money import Money
from apps.integrations.payloads import MalformedPayload
from apps.integrations.prestashop.mappers import order_snapshot
from apps.integrations.prestashop.reading_orders import OrderFile

MADRID = ZoneInfo("Europe/Madrid")
ORDER = {
    "id": "7",
    "reference": "XKBKNABJK",
    "module": "ps_wirepayment",
    "total_paid_tax_incl": "60.000000",
    "total_shipping_tax_incl": "6.050000",
    "total_shipping_tax_excl": "5.000000",
    "total_wrapping_tax_incl": "1.210000",
    "total_wrapping_tax_excl": "1.000000",
    "date_add": "2026-10-25 02:30:00",
    "delivery_date": "2026-10-27 10:00:00",
}
DETAIL = {
    "id": "70",
    "product_id": "3",
    "product_attribute_id": "0",
    "product_quantity": "3",
    "unit_price_tax_incl": "24.199999",
    "total_price_tax_incl": "72.599997",
    "total_price_tax_excl": "59.999998",
}


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def told(**named: Any) -> Any:
    given: dict[str, Any] = {
        "order": ORDER,
        "details": [DETAIL],
        "rules": [],
        "slips": [],
        "payments": [],
        "customer": {},
        "address": {},
        "state": {"paid": "1", "shipped": "1"},
        "currency": "EUR",
        "country": "ES",
        "region": "Bizkaia",
    }
    return order_snapshot(OrderFile(**{**given, **named}), MADRID)


class PrestaOrderTest:
    def test_six_decimals_are_rounded_once(self) -> None:
        (line,) = told().lines

        assert (line.unit_price, line.total, line.tax) == (
            euros("24.20"),
            euros("72.60"),
            euros("12.60"),
        )
        assert (line.variant_id, line.fulfilled_quantity) == ("product-3", 3)

    def test_free_shipping_is_taken_off_the_shipping_first(self) -> None:
        """8.05 off: 6.05 of shipping, 2.00 of the goods."""
        rules = [{"name": "FREE", "value": "8.050000", "free_shipping": "1"}]
        order = told(rules=rules)

        assert [(each.title, each.total, each.tax) for each in order.shipping] == [
            ("Shipping", euros("0"), euros("0")),
            ("Gift wrapping", euros("1.21"), euros("0.21")),
        ]
        assert (order.lines[0].total, order.lines[0].tax) == (euros("70.60"), euros("12.25"))

    def test_times_are_the_shops(self) -> None:
        order = told()

        assert order.placed_at.isoformat() == "2026-10-25T02:30:00+02:00"
        assert order.delivered_at.isoformat() == "2026-10-27T10:00:00+01:00"
        assert told(state={"shipped": "0"}).delivered_at is None

    def test_payments_shared_by_split_orders_count_up_to_the_orders_total(self) -> None:
        payments = [
            {"id": "1", "amount": "40.000000", "transaction_id": "ch_1"},
            {"id": "2", "amount": "40.000000", "transaction_id": ""},
        ]
        slips = [{"total_products_tax_incl": "41.00", "total_shipping_tax_incl": "2.00"}]
        tenders = told(payments=payments, slips=slips).tenders

        assert [(each.external_id, each.captured, each.refunded) for each in tenders] == [
            ("ch_1", euros("40"), euros("40")),
            ("payment-2", euros("20"), euros("3")),
        ]
        assert tenders[0].kind == "bank"

    @pytest.mark.parametrize(("paid", "captured"), [("1", "60"), ("0", "0")])
    def test_without_a_payment_the_state_says_whether_it_is_paid(
        self, paid: str, captured: str
    ) -> None:
        (tender,) = told(state={"paid": paid}).tenders

        assert (tender.external_id, tender.captured) == ("order-7", euros(captured))

    @pytest.mark.parametrize(
        "missing",
        [{"currency": ""}, {"details": []}, {"order": {**ORDER, "reference": ""}}],
    )
    def test_what_an_order_needs(self, missing: dict[str, Any]) -> None:
        with pytest.raises(MalformedPayload):
            told(**missing)

    def test_what_slips_gave_back_for_a_line(self) -> None:
        slipped = {**DETAIL, "total_refunded_tax_incl": "24.199999"}

        assert told(details=[slipped]).lines[0].refunded == euros("24.2")
        assert told().lines[0].refunded is None

    def test_a_gift_of_nothing_has_no_tax_to_share(self) -> None:
        free = {**DETAIL, "total_price_tax_incl": "0", "total_price_tax_excl": "0"}
        (line,) = told(details=[free]).lines

        assert (line.total, line.tax) == (euros("0"), euros("0"))

    def test_the_shoppers_address(self) -> None:
        address = {"firstname": "Ana", "lastname": "López", "phone_mobile": "600", "city": "Bilbao"}
        where = told(address=address).shipping_address

        assert (where.name, where.phone, where.region, where.country) == (
            "Ana López",
            "600",
            "Bizkaia",
            "ES",
        )
