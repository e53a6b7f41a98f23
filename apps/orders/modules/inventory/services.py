"""Stock for exchanges: what is on hand, held, handed out and put back, and what it would cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.orders.calculator.calculate import calculate
from apps.orders.calculator.facts import ExchangeItem, OrderFacts, UnitRequest, Wish
from apps.orders.calculator.taxes import tax_inside, tax_upon
from apps.orders.calculator.terms import Terms
from apps.orders.choices import ReturnLineItem as Units
from apps.orders.modules.inventory.models import (
    OutOfStock,
    RestockMovement,
    StockLevel,
    StockReservation,
)

if TYPE_CHECKING:
    from apps.accounts.models import Location, Merchant, Store
    from apps.orders.models import LineItem, Order, ReturnLineItem

MAX_OPTIONS = 50
MAX_OVERDUE = 500


class UnitsNotHere(DomainError):
    code = "units_not_here"
    title = "Only units that arrived can be put back on the shelf"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class StockSnapshot:
    """A variant as the platform knows it; `tax_rate` in percent as text, empty when unknown."""

    variant_id: str
    title: str
    price: Money
    on_hand: int
    product_id: str = ""
    sku: str = ""
    tax_rate: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeOption:
    """`difference` is for one unit: above zero the shopper pays it, below zero gets it."""

    variant_id: str
    title: str
    sku: str
    price: Money
    difference: Money
    available: int


def reserve(
    store: "Store", variant_id: str, exchange_line_id: UUID, quantity: int, until: datetime
) -> StockReservation:
    """Hold units for an exchange line; repeat-safe. Raises OutOfStock, also for a variant that
    the store does not stock."""
    level = StockLevel.objects.for_store(store).filter(variant_id=variant_id).first()
    if level is None:
        raise OutOfStock(variant=variant_id, asked=quantity, left=0)
    return level.reserve(exchange_line_id, quantity, until)


def release(merchant: "Merchant", exchange_line_id: UUID) -> bool:
    """Let go of what is held for the exchange line; False when nothing is."""
    held = _held(merchant, exchange_line_id)
    if held is not None:
        held.release()
    return held is not None


def use(merchant: "Merchant", exchange_line_id: UUID) -> bool:
    """Take the held units off the shelf; False when nothing is held."""
    held = _held(merchant, exchange_line_id)
    if held is not None:
        held.use()
    return held is not None


def split(merchant: "Merchant", exchange_line_id: UUID, other_line_id: UUID, quantity: int) -> None:
    """Of what is held for one exchange line, hold so many units for another."""
    held = _held(merchant, exchange_line_id)
    if held is not None:
        held.split(other_line_id, quantity)


def expire_overdue(at: datetime) -> int:
    """Let go of reservations whose time is over, oldest first; how many it was."""
    overdue = StockReservation.objects.overdue(at).select_related("level").order_by("expires_at")
    return sum(reservation.expire(at) for reservation in overdue[:MAX_OVERDUE])


def restock(
    line: "ReturnLineItem", location: "Location | None", at: datetime
) -> RestockMovement | None:
    """Put a return line's units on the shelf, once; None where the store keeps no stock of the
    variant. Raises UnitsNotHere."""
    if line.reception != Units.Reception.RECEIVED:
        raise UnitsNotHere(line=str(line.pk), reception=line.reception)
    levels = StockLevel.objects.for_store(line.ret.store)
    level = levels.filter(variant_id=line.line_item.variant_id).first()
    if level is None:
        return None
    movement = RestockMovement(
        return_line_id=line.pk, quantity=line.quantity, location=location, at=at
    )
    return level.restock(movement)


def upsert_levels(store: "Store", snapshots: Sequence[StockSnapshot]) -> int:
    """Four queries whatever the number; the last snapshot of a variant counts. What is held for
    exchanges stays held, even where the platform now has less. Raises CurrencyMismatch."""
    latest = {snapshot.variant_id: snapshot for snapshot in snapshots}
    with transaction.atomic():
        locked = StockLevel.objects.for_store(store).select_for_update(no_key=True).order_by("pk")
        known = {level.variant_id: level for level in locked.filter(variant_id__in=latest)}
        for level in known.values():
            _copy(latest[level.variant_id], level)
        StockLevel.objects.bulk_update(
            known.values(),
            ["title", "product_id", "sku", "tax_rate", "price_minor", "on_hand"],
            batch_size=500,
        )
        fresh = []
        for snapshot in latest.values():
            if snapshot.variant_id not in known:
                level = StockLevel(
                    merchant_id=store.merchant_id, store=store, variant_id=snapshot.variant_id
                )
                level.currency = store.currency
                _copy(snapshot, level)
                fresh.append(level)
        StockLevel.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(latest)


def exchange_options(order: "Order") -> dict[UUID, list[ExchangeOption]]:
    """Per order line with units left, other variants of its product in stock, cheapest first.

    The difference comes from the calculator, discount carried over. Two queries beside the
    order's own.
    """
    if not order.store.preferences.exchanges_enabled:
        return {}
    lines = [line for line in order.lines.all() if line.returnable_quantity and line.product_id]
    products = {line.product_id for line in lines}
    levels = StockLevel.objects.for_store(order.store).in_stock().order_by("price_minor", "id")
    wanted = list(levels.filter(product_id__in=products, currency=order.currency))
    facts = order.facts()
    return {
        line.pk: [
            _option(facts, line, level) for level in wanted if level.product_id == line.product_id
        ][:MAX_OPTIONS]
        for line in lines
    }


def _option(facts: OrderFacts, line: "LineItem", level: StockLevel) -> ExchangeOption:
    tax = (tax_inside if facts.tax_included else tax_upon)(level.price, level.rate)
    item = ExchangeItem(
        variant_id=level.variant_id,
        label=level.title,
        unit_price=level.price,
        quantity=1,
        tax=tax,
        tax_rate=level.rate,
    )
    unit = UnitRequest(line_id=str(line.pk), quantity=1, wish=Wish.EXCHANGE, exchange=item)
    (difference,) = calculate(facts, (unit,), Terms()).differences
    return ExchangeOption(
        variant_id=level.variant_id,
        title=level.title,
        sku=level.sku,
        price=level.price,
        difference=difference.amount,
        available=level.available,
    )


def _copy(snapshot: StockSnapshot, level: StockLevel) -> None:
    level.title, level.product_id, level.sku = snapshot.title, snapshot.product_id, snapshot.sku
    level.tax_rate = snapshot.tax_rate
    level.price = snapshot.price
    level.on_hand = max(snapshot.on_hand, level.reserved)


def _held(merchant: "Merchant", exchange_line_id: UUID) -> StockReservation | None:
    held = StockReservation.objects.for_merchant(merchant).held().select_related("level")
    return held.filter(exchange_line_id=exchange_line_id).first()
