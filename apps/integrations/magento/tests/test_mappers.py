from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core.money import Money
from apps.integrations.dtos import Address, DiscountSnapshot, TaxSnapshot, TenderSnapshot
from apps.integrations.magento.mappers import fulfilment, order_snapshot
from apps.integrations.magento.tests.payloads import item, order
from apps.integrations.payloads import MalformedPayload


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


class MagentoOrderTest:
    def test_a_discount_on_prices_with_tax(self) -> None:
        """41.32 - 5.00 + 7.81 + 0.87 = 45.00; 45.00 + 4.09 + 0.86 = 49.95."""
        told = order_snapshot(order())

        (line,) = told.lines
        assert (line.total, line.tax, line.unit_price) == (euros("45"), euros("7.81"), euros("25"))
        assert line.discounts == (DiscountSnapshot("HELLO", euros("5")),)
        assert line.taxes == (TaxSnapshot("Tax", "0.21", euros("7.81")),)
        assert (line.quantity, line.fulfilled_quantity, line.refunded) == (2, 1, euros("0"))
        assert [(each.total, each.tax) for each in told.shipping] == [
            (euros("4.95"), euros("0.86"))
        ]
        assert (told.total, told.tax_included, told.number) == (euros("49.95"), True, "000000077")

    def test_a_discount_on_prices_without_tax(self) -> None:
        """50.00 - 5.00 + 21 % of 45.00 = 54.45; with tax the 5.00 are 6.05."""
        net = item(
            1,
            base_row_total=50,
            base_row_total_incl_tax=60.5,
            base_price_incl_tax=30.25,
            base_tax_amount=9.45,
            base_discount_tax_compensation_amount=0,
        )
        (line,) = order_snapshot(order(net)).lines

        assert (line.total, line.tax) == (euros("54.45"), euros("9.45"))
        assert [each.amount for each in line.discounts] == [euros("6.05")]

    def test_times_people_and_places(self) -> None:
        told = order_snapshot(order(customer_id=4))

        assert told.placed_at == datetime(2026, 3, 1, 23, 5, tzinfo=UTC)
        assert told.platform_updated_at == datetime(2026, 3, 2, 8, 0, 1, tzinfo=UTC)
        assert (told.customer.name, told.customer.external_id) == ("Ana López", "4")
        assert told.shipping_address == Address(
            name="Ana López",
            street="Calle Mayor 1",
            street2="3º B, portal",
            postcode="48001",
            city="Getxo",
            region="Bizkaia",
            country="ES",
            phone="+34 600 000 000",
        )

    def test_a_virtual_order_goes_where_it_is_billed(self) -> None:
        ticket = item(1, is_virtual=1, qty_invoiced=2, qty_shipped=0)
        told = order_snapshot(order(ticket, extension_attributes={}))

        assert (told.shipping_address.city, told.lines[0].fulfilled_quantity) == ("Bilbao", 2)

    def test_the_base_currency_counts(self) -> None:
        told = order_snapshot(order(order_currency_code="SEK", base_to_order_rate=11.5))

        assert (told.currency, told.presentment_currency, told.presentment_rate) == (
            "EUR",
            "SEK",
            "11.5",
        )

    def test_the_shops_credit_is_a_tender_and_part_of_the_total(self) -> None:
        """49.95, of which 10.00 from the account and 5.00 from a gift card; 34.95 by card."""
        more = {
            "base_customer_balance_amount": 10,
            "base_customer_balance_refunded": 2.5,
            "base_gift_cards_amount": 5,
        }
        told = order_snapshot(
            order(
                base_grand_total=34.95,
                base_total_paid=34.95,
                base_total_refunded=4,
                extension_attributes=more,
            )
        )

        assert told.total == euros("49.95")
        assert told.tenders == (
            TenderSnapshot("payment-77", "card", euros("34.95"), euros("4"), "adyen_cc"),
            TenderSnapshot(
                "customer_balance-77", "credit", euros("10"), euros("2.5"), "customer_balance"
            ),
            TenderSnapshot("gift_cards-77", "gift_card", euros("5"), euros("0"), "gift_cards"),
        )

    def test_what_memos_gave_back_for_a_line(self) -> None:
        """One of two: 20.66 - 2.50 + 3.91 + 0.43 = 22.50."""
        part = item(
            1,
            qty_refunded=1,
            base_amount_refunded=20.66,
            base_discount_refunded=2.5,
            base_tax_refunded=3.91,
            base_discount_tax_compensation_refunded=0.43,
        )
        silent = item(2, base_amount_refunded=None)

        told = [each.refunded for each in order_snapshot(order(part, silent)).lines]
        assert told == [euros("22.5"), None]

    def test_a_cancelled_one_that_nobody_paid(self) -> None:
        told = order_snapshot(order(state="canceled", base_total_paid=None))

        assert told.cancelled_at == told.platform_updated_at
        assert told.tenders[0].captured == euros("0")

    def test_sent_for_nothing(self) -> None:
        assert order_snapshot(order(base_shipping_amount=0, base_grand_total=45)).shipping == ()


class MagentoKindsOfGoodsTest:
    def test_a_configurable_product_is_one_line_with_its_variant(self) -> None:
        whole = item(1, product_type="configurable")
        goods = item(2, parent_item_id=1, name="Argus Tee-M-Gray", base_row_total=0, product_id=11)
        (line,) = order_snapshot(order(whole, goods)).lines

        assert (line.external_id, line.product_id, line.variant_id) == ("1", "12", "MT07-M")
        assert (line.title, line.variant_title) == ("Argus Tee", "Argus Tee-M-Gray")

    @pytest.mark.parametrize(("priced", "lines"), [(0, ["1"]), (20.66, ["2", "3"])])
    def test_a_bundle_is_priced_as_a_whole_or_by_its_parts(
        self, priced: float, lines: list[str]
    ) -> None:
        whole = item(1, product_type="bundle")
        parts = [item(each, parent_item_id=1, base_row_total=priced) for each in (2, 3)]

        told = order_snapshot(order(whole, *parts)).lines
        assert [each.external_id for each in told] == lines


class MagentoMalformedTest:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"base_currency_code": None},
            {"entity_id": None},
            {"items": []},
            {"items": [item(1, qty_ordered=1.5)]},
            {"items": [{**item(1), "item_id": ""}]},
        ],
    )
    def test_what_is_not_there_is_never_guessed(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(MalformedPayload):
            order_snapshot(order(**wrong))


class MagentoShipmentTest:
    def test_a_parcel_without_a_number(self) -> None:
        told = fulfilment(
            {
                "entity_id": 5,
                "created_at": "2026-03-03 10:00:00",
                "items": [{"order_item_id": 1, "qty": 1}],
                "tracks": [],
            }
        )

        assert (told.id, told.tracking_number, told.carrier) == ("5", "", "")
        assert told.sent_at == datetime(2026, 3, 3, 10, tzinfo=UTC)
