from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core.money import Money
from apps.integrations.choices import Fulfilment
from apps.integrations.dtos import UnitsOf
from apps.integrations.payloads import MalformedPayload
from apps.integrations.sfcc import mappers

# Prices with tax: 29.99 x 3 less 10.00, and 20.00, less 8.00 on the order, and 4.95 of shipping.
GROSS: dict[str, Any] = {
    "orderNo": "00001207",
    "status": "new",
    "paymentStatus": "paid",
    "shippingStatus": "not_shipped",
    "creationDate": "2026-03-02T10:58:31.000Z",
    "placeDate": "2026-03-02T11:00:00.000Z",
    "lastModified": "2026-03-03T08:15:00.000Z",
    "currency": "EUR",
    "taxation": "gross",
    "customerInfo": {"customerId": "bdgq", "email": "ana@example.com", "customerName": "Ana López"},
    "customerLocale": "es-ES",
    "billingAddress": {"phone": "+34 600 000 000"},
    "productItems": [
        {
            "itemId": "a",
            "productId": "008884303989M",
            "productName": "Tee",
            "quantity": 3,
            "basePrice": 29.99,
            "price": 89.97,
            "priceAfterItemDiscount": 79.97,
            "priceAfterOrderDiscount": 73.57,
            "priceAdjustments": [{"promotionId": "spring", "couponCode": "HELLO", "price": -10.00}],
            "tax": 13.88,
            "shipmentId": "me",
        },
        {
            "itemId": "b",
            "productId": "cap",
            "productName": "Cap",
            "quantity": 1,
            "basePrice": 20.00,
            "price": 20.00,
            "priceAfterItemDiscount": 20.00,
            "priceAfterOrderDiscount": 18.40,
            "tax": 3.47,
            "gift": True,
            "shipmentId": "me",
        },
    ],
    "orderPriceAdjustments": [{"promotionId": "basket", "itemText": "8 off", "price": -8.00}],
    "shippingItems": [{"itemId": "s", "itemText": "Ground", "price": 4.95}],
    "shipments": [
        {
            "shipmentId": "me",
            "shippingStatus": "not_shipped",
            "shippingMethod": {"id": "001", "name": "SEUR"},
            "trackingNumber": "T1",
            "shippingAddress": {
                "firstName": "Ana",
                "lastName": "López",
                "address1": "Calle Mayor 1",
                "postalCode": "48001",
                "city": "Bilbao",
                "countryCode": "ES",
            },
        }
    ],
    "paymentInstruments": [
        {
            "paymentInstrumentId": "p1",
            "paymentMethodId": "GIFT_CERTIFICATE",
            "amount": 20.00,
        },
        {
            "paymentInstrumentId": "p2",
            "paymentMethodId": "CREDIT_CARD",
            "paymentTransaction": {"amount": 76.92, "paymentProcessorId": "ADYEN"},
        },
    ],
    "shippingTotal": 4.95,
    "shippingTotalTax": 0.86,
    "taxTotal": 16.82,
    "orderTotal": 96.92,
}


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def changed(**facts: Any) -> dict[str, Any]:
    return {**deepcopy(GROSS), **facts}


class SfccOrderTest:
    def test_prices_with_tax_and_both_kinds_of_discount(self) -> None:
        """The goods' tax of 16.82 - 0.86 = 15.96 by 13.88 and 3.47: 12.77 and 3.19."""
        found = mappers.order_snapshot(GROSS)

        tee, cap = found.lines
        assert (found.tax_included, found.total) == (True, euros("96.92"))
        assert (tee.quantity, tee.unit_price, tee.total) == (3, euros("29.99"), euros("73.57"))
        assert [(each.label, each.amount) for each in tee.discounts] == [
            ("HELLO", euros("10")),
            ("8 off", euros("6.40")),
        ]
        assert [(each.label, each.amount) for each in cap.discounts] == [("8 off", euros("1.60"))]
        assert (tee.tax, cap.tax, cap.is_gift) == (euros("12.77"), euros("3.19"), True)
        (post,) = found.shipping
        assert (post.title, post.total, post.tax) == ("Ground", euros("4.95"), euros("0.86"))
        # 73.57 + 18.40 + 4.95 = 96.92 = 20.00 + 76.92
        assert tee.total + cap.total + post.total == found.total
        assert [(each.kind, each.captured, each.gateway) for each in found.tenders] == [
            ("gift_card", euros("20"), "GIFT_CERTIFICATE"),
            ("card", euros("76.92"), "ADYEN"),
        ]

    def test_who_when_and_where(self) -> None:
        found = mappers.order_snapshot(GROSS)

        where = found.shipping_address
        assert (found.external_id, found.number) == ("00001207", "00001207")
        assert found.placed_at == datetime(2026, 3, 2, 11, tzinfo=UTC)
        assert found.platform_updated_at == datetime(2026, 3, 3, 8, 15, tzinfo=UTC)
        assert found.cancelled_at is None
        assert (found.customer.email, found.customer.language) == ("ana@example.com", "es")
        assert (where.name, where.street, where.country) == ("Ana López", "Calle Mayor 1", "ES")

    def test_prices_without_tax_with_an_option_and_a_gift_certificate(self) -> None:
        """10.00 and a warranty of 5.00, with 3.15 of tax on top, and a certificate of 25.00."""
        option = {"itemId": "o", "itemText": "Warranty", "quantity": 1, "price": 5.0, "tax": 1.05}
        item = {"itemId": "a", "quantity": 1, "price": 10.0, "tax": 2.1, "optionItems": [option]}
        certificate = {"giftCertificateItemId": "g", "itemText": "Gift", "price": 25.0}
        found = mappers.order_snapshot(
            {
                "orderNo": "1",
                "status": "failed",
                "currency": "EUR",
                "taxation": "net",
                "creationDate": "2026-03-02T10:58:31.000Z",
                "lastModified": "2026-03-03T08:15:00.000Z",
                "productItems": [item],
                "giftCertificateItems": [certificate],
                "paymentInstruments": [{"paymentInstrumentId": "p", "amount": 43.15}],
                "taxTotal": 3.15,
                "orderTotal": 43.15,
            }
        )

        assert [
            (each.external_id, each.total, each.tax, each.is_returnable) for each in found.lines
        ] == [
            ("a", euros("10"), euros("2.10"), True),
            ("o", euros("5"), euros("1.05"), False),
            ("g", euros("25"), euros("0"), False),
        ]
        # 10.00 + 5.00 + 25.00 + 3.15 = 43.15
        assert (found.tax_included, found.total) == (False, euros("43.15"))
        assert [(each.kind, each.captured) for each in found.tenders] == [("other", euros("0"))]
        assert (found.shipping, found.customer.email) == ((), "")
        assert found.cancelled_at == found.platform_updated_at
        assert found.placed_at == datetime(2026, 3, 2, 10, 58, 31, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("status", "units"), [("shipped", 3), ("not_shipped", 0), ("part_shipped", None)]
    )
    def test_what_was_sent(self, status: str, units: int | None) -> None:
        order = changed()
        order["shipments"][0]["shippingStatus"] = status
        parcels = mappers.fulfilments(order)

        assert mappers.order_snapshot(order).lines[0].fulfilled_quantity == units
        assert len(parcels) == (status == "shipped")
        for each in parcels:
            assert (each.status, each.carrier) == (Fulfilment.Status.SENT, "SEUR")
            assert each.lines == (
                UnitsOf(line_id="a", quantity=3),
                UnitsOf(line_id="b", quantity=1),
            )

    @pytest.mark.parametrize(
        "facts",
        [
            {"currency": ""},
            {"taxation": None},
            {"productItems": []},
            {"productItems": {"a": 1}},
            {"placeDate": "", "creationDate": "yesterday"},
        ],
    )
    def test_what_is_not_there_is_no_guess(self, facts: dict[str, Any]) -> None:
        with pytest.raises(MalformedPayload):
            mappers.order_snapshot(changed(**facts))


class SfccNoteTest:
    def test_one_line_more(self) -> None:
        order = {"c_reveniNotes": "Return R-1"}

        assert mappers.with_note(order, "Refunded", ("done",)) == "Return R-1\nRefunded #done"
        assert mappers.with_note({}, "Refunded", ()) == "Refunded"
