"""Bodies of orders as third parties tell them."""

from typing import Any


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def line(number: int = 1, **named: Any) -> dict[str, Any]:
    given = {
        "external_id": str(number),
        "title": "Mug",
        "quantity": 2,
        "unit_price": euros("10.00"),
    }
    return {**given, **named}


def order(**named: Any) -> dict[str, Any]:
    return {
        "external_id": "A-1",
        "number": "#1001",
        "currency": "EUR",
        "placed_at": "2026-03-02T08:05:00Z",
        "total": euros("20.00"),
        "lines": [line()],
        **named,
    }
