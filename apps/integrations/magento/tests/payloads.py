"""Orders with the fields that Magento's schema names, cut down to those that are read."""

from typing import Any

type Json = dict[str, Any]


def item(item_id: int, **facts: Any) -> Json:
    """Two at 20.66 and 21 %: 50.00 with tax, of which 5.00 was off on the prices with tax."""
    return {
        "item_id": item_id,
        "parent_item_id": None,
        "product_type": "simple",
        "product_id": 12,
        "sku": "MT07-M",
        "name": "Argus Tee",
        "is_virtual": 0,
        "qty_ordered": 2,
        "qty_invoiced": 2,
        "qty_shipped": 1,
        "qty_refunded": 0,
        "base_price_incl_tax": 25,
        "base_row_total": 41.32,
        "base_row_total_incl_tax": 50,
        "base_discount_amount": 5,
        "base_tax_amount": 7.81,
        "base_discount_tax_compensation_amount": 0.87,
        "tax_percent": 21,
        "base_row_invoiced": 41.32,
        "base_discount_invoiced": 5,
        "base_tax_invoiced": 7.81,
        "base_discount_tax_compensation_invoiced": 0.87,
        "base_amount_refunded": 0,
        **facts,
    }


def order(*items: Json, **facts: Any) -> Json:
    """45.00 of goods and 4.95 for sending, of which 0.86 is tax: 49.95, paid by card."""
    address = {
        "firstname": "Ana",
        "lastname": "López",
        "company": None,
        "street": ["Calle Mayor 1", "3º B", "portal"],
        "city": "Bilbao",
        "region": "Bizkaia",
        "postcode": "48001",
        "country_id": "ES",
        "telephone": "+34 600 000 000",
    }
    return {
        "entity_id": 77,
        "increment_id": "000000077",
        "state": "processing",
        "store_id": 1,
        "created_at": "2026-03-01 23:05:00",
        "updated_at": "2026-03-02 08:00:01",
        "base_currency_code": "EUR",
        "order_currency_code": "EUR",
        "base_to_order_rate": 1,
        "customer_email": "ana@example.com",
        "customer_firstname": None,
        "customer_lastname": None,
        "coupon_code": "HELLO",
        "base_grand_total": 49.95,
        "base_shipping_amount": 4.09,
        "base_shipping_tax_amount": 0.86,
        "shipping_description": "Flat Rate - Fixed",
        "base_total_paid": 49.95,
        "items": list(items) or [item(1)],
        "billing_address": address,
        "payment": {"entity_id": 70, "method": "adyen_cc", "last_trans_id": "8835-refund"},
        "extension_attributes": {
            "shipping_assignments": [{"shipping": {"address": {**address, "city": "Getxo"}}}]
        },
        **facts,
    }
