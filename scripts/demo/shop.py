"""What the merchant's shop system tells the public API."""

from datetime import UTC, datetime, timedelta

from scripts.demo.client import Host, Json, new_key


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def order_of(number: str, store: str) -> Json:
    """3 shirts at 29.90 with 10 % off, a scarf at 19.50, 4.95 shipping; 21 % VAT inside."""
    day = datetime.now(UTC)  # noqa: TID251 -- a shop has its own clock
    return {
        "store": store,
        "external_id": f"shop-{number}",
        "number": number,
        "currency": "EUR",
        "placed_at": (day - timedelta(days=5)).isoformat(),
        "shipped_at": (day - timedelta(days=4)).isoformat(),
        "delivered_at": (day - timedelta(days=2)).isoformat(),
        "tax_included": True,
        "total": eur("105.18"),
        "lines": [
            {
                "external_id": f"{number}-1",
                "title": "Linen shirt",
                "sku": "SHIRT-M",
                "variant_id": "shirt-m",
                "quantity": 3,
                "unit_price": eur("29.90"),
                "discounts": [{"label": "SUMMER10", "amount": eur("8.97")}],
                "total": eur("80.73"),
                "tax": eur("14.01"),
                "taxes": [{"title": "IVA", "rate": "0.21", "amount": eur("14.01")}],
            },
            {
                "external_id": f"{number}-2",
                "title": "Wool scarf",
                "sku": "SCARF",
                "variant_id": "scarf",
                "quantity": 1,
                "unit_price": eur("19.50"),
                "tax": eur("3.38"),
                "taxes": [{"title": "IVA", "rate": "0.21", "amount": eur("3.38")}],
            },
        ],
        "shipping": [{"title": "Correos", "total": eur("4.95"), "tax": eur("0.86")}],
        "payments": [{"external_id": f"pay-{number}", "kind": "card", "captured": eur("105.18")}],
        "customer": {
            "email": f"marta.{number}@shopper.example",
            "name": "Marta Ibáñez",
            "language": "en",
        },
        "shipping_address": {
            "name": "Marta Ibáñez",
            "street": "Gran Vía 12, 3º B",
            "postcode": "48009",
            "city": "Bilbao",
            "country": "ES",
        },
    }


def tell_order(api: Host, number: str, store: str) -> Json:
    return api.post("/v1/orders", order_of(number, store), key=new_key())
