"""Orders by the batch: the new ones in a statement for each table, the known ones one by one."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Customer
from apps.core.bulk import insert
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.events.recorder import record_first
from apps.integrations.dtos import OrderSnapshot
from apps.orders import choices
from apps.orders.models import LineItem, Order, OrderTender
from apps.orders.modules.discounts import thresholds
from apps.orders.services import snapshots
from apps.orders.services.importing import Result, details_of, import_order, judge

if TYPE_CHECKING:
    from apps.accounts.models import Store

type Row = dict[str, Any]
type Outcome = Result | DomainError


def import_orders(store: "Store", told: Sequence[OrderSnapshot]) -> list[Outcome]:
    """As `import_order` for each, in one commit; a refusal stands at its place in the answer.

    An order told twice in a batch is made by the first and compared by the second.
    """
    with transaction.atomic():
        orders = Order.objects.for_store(store)
        named = orders.filter(external_id__in=[each.external_id for each in told])
        known = dict(named.values_list("external_id", "snapshot_hash"))
        made = _make(store, told, known)
        return [
            Result.CREATED if place in made else _one(store, each, known)
            for place, each in enumerate(told)
        ]


def _make(store: "Store", told: Sequence[OrderSnapshot], known: dict[str, str]) -> set[int]:
    """The places of the orders that are new and were made here."""
    new: dict[str, int] = {}
    for place, each in enumerate(told):
        if each.external_id not in known and each.external_id not in new and _is_good(store, each):
            new[each.external_id] = place
    try:
        with transaction.atomic():
            _write(store, [told[place] for place in new.values()])
    except IntegrityError:
        # Another call has just made one of them: each for itself, then.
        return set()
    return set(new.values())


def _is_good(store: "Store", snapshot: OrderSnapshot) -> bool:
    try:
        judge(store, snapshot)
    except DomainError:
        return False
    return True


def _one(store: "Store", snapshot: OrderSnapshot, known: dict[str, str]) -> Outcome:
    if known.get(snapshot.external_id) == snapshots.fingerprint(snapshot):
        return Result.UNCHANGED
    try:
        return import_order(store, snapshot).result
    except DomainError as refusal:
        return refusal


def _write(store: "Store", told: Sequence[OrderSnapshot]) -> None:
    details = [details_of(each.customer) for each in told]
    customers = Customer.objects.upsert_many(store.merchant, details)
    orders: list[Row] = []
    lines: list[Row] = []
    tenders: list[Row] = []
    for snapshot, customer_id in zip(told, customers, strict=True):
        owner = {"merchant_id": store.merchant_id, "order_id": uuid7()}
        mine = list(_lines(snapshot, owner))
        paid = list(_tenders(snapshot, owner))
        orders.append(
            {
                **snapshots.order_columns(snapshot),
                "id": owner["order_id"],
                "merchant_id": store.merchant_id,
                "store_id": store.pk,
                "external_id": snapshot.external_id,
                "customer_id": customer_id,
                "refunded_minor": sum(row["refunded_minor"] for row in paid),
                "discounts": _discounts(snapshot, mine),
            }
        )
        lines += mine
        tenders += paid
    insert(Order, orders)
    insert(LineItem, lines)
    insert(OrderTender, tenders)
    record_first(
        Order._meta.label_lower,
        store.merchant_id,
        choices.Event.ORDER_IMPORTED,
        [(row["id"], {"number": row["number"]}) for row in orders],
    )


def _lines(snapshot: OrderSnapshot, owner: dict[str, UUID]) -> Iterable[Row]:
    for position, line in enumerate(snapshot.lines):
        columns = snapshots.line_columns(snapshot, line, position)
        yield {
            **columns,
            "refunded_minor": snapshots.refunded_minor(line, columns["paid_minor"]),
            **owner,
            "id": uuid7(),
            "external_id": line.external_id,
        }


def _tenders(snapshot: OrderSnapshot, owner: dict[str, UUID]) -> Iterable[Row]:
    for tender in snapshots.tenders_of(snapshot):
        yield {
            **owner,
            "id": uuid7(),
            "external_id": tender.external_id,
            "kind": tender.kind,
            "gateway": tender.gateway,
            "currency": snapshot.currency,
            "captured_minor": tender.captured.minor,
            "refunded_minor": tender.refunded.minor,
            "at_shop_minor": tender.refunded.minor,
        }


def _discounts(snapshot: OrderSnapshot, lines: list[Row]) -> list[dict[str, object]]:
    ids = {row["external_id"]: str(row["id"]) for row in lines}
    return [thresholds.as_json(discount, ids) for discount in snapshot.discounts]
