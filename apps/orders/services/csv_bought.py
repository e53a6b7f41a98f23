"""What of a store's orders can still come back, and what credit notes took back before."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from apps.core.money import Money
from apps.orders.models import LineItem, ReturnLineItem
from apps.orders.services.csv_credit_notes import Candidate

if TYPE_CHECKING:
    from apps.accounts.models import Store

type Bought = tuple[str, str, Candidate]

FREE = (
    "id",
    "order_id",
    "order__placed_at",
    "unit_price_minor",
    "fulfilled_quantity",
    "returned_quantity",
    "order__customer__external_id",
    "order__customer__email",
    "sku",
)
REPLAYED = (
    "ret__external_id",
    "quantity",
    "line_item_id",
    "ret__order_id",
    "ret__order__placed_at",
    "line_item__unit_price_minor",
    "ret__order__customer__external_id",
    "ret__order__customer__email",
    "line_item__sku",
)


def free_units(store: "Store") -> Iterator[Bought]:
    """Buyer, article and line of everything sold to somebody and not on its way back."""
    lines = (
        LineItem.objects.for_merchant(store.merchant)
        .filter(order__store=store, is_returnable=True)
        .exclude(order__customer=None)
        .order_by("order__placed_at", "order_id", "position")
        .values_list(*FREE)
    )
    for line_id, order_id, at, price, sent, gone, customer, email, sku in lines.iterator():
        candidate = Candidate(line_id, order_id, at, Money(price, store.currency), sent - gone)
        yield customer or email, sku, candidate


def replayed_units(store: "Store", numbers: Collection[str]) -> dict[str, list[Bought]]:
    """By credit note, the units that an earlier import gave it."""
    lines = (
        ReturnLineItem.objects.for_merchant(store.merchant)
        .live()
        .filter(ret__store=store)
        .exclude(ret__external_id="")
        .order_by("id")
        .values_list(*REPLAYED)
    )
    found: dict[str, list[Bought]] = {}
    for (
        external_id,
        quantity,
        line_id,
        order_id,
        at,
        price,
        customer,
        email,
        sku,
    ) in lines.iterator():
        number = external_id.partition(":")[0]
        if number in numbers:
            candidate = Candidate(line_id, order_id, at, Money(price, store.currency), quantity)
            found.setdefault(number, []).append((customer or email, sku, candidate))
    return found
