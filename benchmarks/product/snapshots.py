"""Orders as a platform would tell them: three lines, postage, one payment, a shopper."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.integrations.dtos import LineSnapshot, OrderSnapshot


def many(currency: str, count: int, prefix: str) -> "list[OrderSnapshot]":
    return [one(currency, f"{prefix}{number}") for number in range(count)]


def one(currency: str, name: str) -> "OrderSnapshot":
    from apps.core import clock
    from apps.core.money import Money
    from apps.integrations.dtos import (
        Address,
        CustomerSnapshot,
        OrderSnapshot,
        ShippingSnapshot,
        TenderSnapshot,
    )

    at = clock.now() - timedelta(days=3)
    total = Money(3 * 2_500 + 500, currency)
    return OrderSnapshot(
        external_id=name,
        number=f"#{name}",
        currency=currency,
        placed_at=at,
        tax_included=True,
        total=total,
        lines=tuple(line(currency, position) for position in range(3)),
        shipping=(ShippingSnapshot("Post", Money(500, currency), Money(87, currency)),),
        tenders=(TenderSnapshot("pay", "card", total, Money(0, currency), "stripe"),),
        customer=CustomerSnapshot(email=f"{name}@example.com", name="Ana López", language="es"),
        shipping_address=Address("Ana López", "", "Calle Mayor 1", "", "48001", "Bilbao", "", "ES"),
        shipped_at=at + timedelta(hours=2),
        delivered_at=at + timedelta(days=1),
    )


def line(currency: str, position: int) -> "LineSnapshot":
    from apps.core.money import Money
    from apps.integrations.dtos import LineSnapshot, TaxSnapshot

    tax = Money(434, currency)
    return LineSnapshot(
        external_id=f"l{position}",
        title=f"Linen shirt {position}",
        quantity=2,
        unit_price=Money(1_250, currency),
        total=Money(2_500, currency),
        tax=tax,
        sku=f"SKU-{position}",
        product_id="p1",
        variant_id=f"v{position}",
        taxes=(TaxSnapshot("IVA", "0.21", tax),),
    )
