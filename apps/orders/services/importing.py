"""Orders come in: made, brought up to date, or left alone when nothing is new."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from apps.accounts.dtos import CustomerDetails
from apps.accounts.models import Customer
from apps.core.errors import DomainError
from apps.integrations.dtos import CustomerSnapshot, OrderSnapshot
from apps.orders import choices
from apps.orders.models import LineItem, Order, OrderTender
from apps.orders.modules.discounts import thresholds
from apps.orders.services import snapshots

if TYPE_CHECKING:
    from apps.accounts.models import Store


class WrongCurrency(DomainError):
    code = "wrong_currency"
    title = "The order is not in the currency of its store"
    status = 400


class RefundedMoreThanCaptured(DomainError):
    code = "refunded_more_than_captured"
    title = "A payment of the order cannot have given back more than it took"
    status = 400


class DuplicateLine(DomainError):
    code = "duplicate_line"
    title = "Two lines of the order have the same id"
    status = 400


# Erased for good: the shop may still tell of them.
PERSONAL = frozenset({"email", "shipping_address", "tags"})


class Result(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    order: Order
    result: Result


def import_order(
    store: "Store", snapshot: OrderSnapshot, read_at: datetime | None = None
) -> ImportOutcome:
    """Upsert by the platform's id; an older `platform_updated_at` never overwrites a newer one.

    `read_at` is when the shop was asked, where it was asked for this order.
    Raises WrongCurrency, DuplicateLine or RefundedMoreThanCaptured, and then changes nothing.
    """
    judge(store, snapshot)
    try:
        with transaction.atomic():
            return _upsert(store, snapshot, read_at)
    except IntegrityError:
        # Another call has just made the order: it is there to be compared now.
        with transaction.atomic():
            return _upsert(store, snapshot, read_at)


def _upsert(store: "Store", snapshot: OrderSnapshot, read_at: datetime | None) -> ImportOutcome:
    order = (
        Order.objects.for_store(store)
        .select_for_update(no_key=True)
        .filter(external_id=snapshot.external_id)
        .first()
    )
    if order is None:
        return _created(store, snapshot, read_at)
    if order.snapshot_hash == snapshots.fingerprint(snapshot):
        _confirm(order, read_at)
        return ImportOutcome(order, Result.UNCHANGED)
    if _is_older(snapshot, order) or _is_overtaken(snapshot, order, read_at):
        return ImportOutcome(order, Result.STALE)
    return _updated(order, snapshot, read_at)


def judge(store: "Store", snapshot: OrderSnapshot) -> None:
    """Raises WrongCurrency, DuplicateLine or RefundedMoreThanCaptured."""
    if snapshot.currency != store.currency:
        raise WrongCurrency(expected=store.currency, got=snapshot.currency)
    ids = [line.external_id for line in snapshot.lines]
    if len(set(ids)) != len(ids):
        raise DuplicateLine(order=snapshot.external_id)
    for tender in snapshot.tenders:
        if tender.refunded > tender.captured:
            raise RefundedMoreThanCaptured(payment=tender.external_id)


def _is_older(snapshot: OrderSnapshot, order: Order) -> bool:
    known, told = order.platform_updated_at, snapshot.platform_updated_at
    return known is not None and told is not None and told < known


def _is_overtaken(snapshot: OrderSnapshot, order: Order, read_at: datetime | None) -> bool:
    """Where the platform's times tell them not apart, the reading that began first gives way."""
    known, told = order.platform_updated_at, snapshot.platform_updated_at
    if known is not None and told is not None and told != known:
        return False
    return read_at is not None and order.read_at is not None and read_at < order.read_at


def _confirm(order: Order, read_at: datetime | None) -> None:
    """The shop has what we have: what it told of until then is known."""
    latest = _latest(order, read_at)
    if read_at is not None and latest != order.read_at:
        order.read_at = latest
        Order.objects.filter(pk=order.pk).update(read_at=latest)


def _latest(order: Order, read_at: datetime | None) -> datetime | None:
    """None after what was not read for this order: nobody knows when it was true."""
    return None if read_at is None else max(read_at, order.read_at or read_at)


def _created(store: "Store", snapshot: OrderSnapshot, read_at: datetime | None) -> ImportOutcome:
    order = Order(
        merchant_id=store.merchant_id,
        store=store,
        external_id=snapshot.external_id,
        customer=_customer(store, snapshot.customer),
        read_at=read_at,
        **snapshots.order_columns(snapshot),
    )
    lines = [
        LineItem(
            merchant_id=order.merchant_id,
            order=order,
            external_id=line.external_id,
            **snapshots.line_columns(snapshot, line, position),
        )
        for position, line in enumerate(snapshot.lines)
    ]
    for row, line in zip(lines, snapshot.lines, strict=True):
        row.refunded_minor = snapshots.refunded_minor(line, row.paid_minor)
    tenders = [
        OrderTender(
            merchant_id=order.merchant_id,
            order=order,
            external_id=tender.external_id,
            kind=tender.kind,
            gateway=tender.gateway,
            currency=snapshot.currency,
            captured_minor=tender.captured.minor,
            refunded_minor=tender.refunded.minor,
            at_shop_minor=tender.refunded.minor,
        )
        for tender in snapshots.tenders_of(snapshot)
    ]
    order.refunded_minor = sum(tender.refunded_minor for tender in tenders)
    order.discounts = _discounts(snapshot, lines)
    order.save(force_insert=True)
    LineItem.objects.bulk_create(lines)
    OrderTender.objects.bulk_create(tenders)
    order.record(choices.Event.ORDER_IMPORTED, number=order.number)
    return ImportOutcome(order, Result.CREATED)


def _updated(order: Order, snapshot: OrderSnapshot, read_at: datetime | None) -> ImportOutcome:
    columns = snapshots.order_columns(snapshot)
    flags: list[str] = columns.pop("flags")
    lines = _updated_lines(order, snapshot, flags)
    _updated_tenders(order, snapshot)
    if order.is_anonymized:
        columns = {name: value for name, value in columns.items() if name not in PERSONAL}
    for name, value in columns.items():
        setattr(order, name, value)
    order.captured_minor = max(order.captured_minor, order.refunded_minor)
    order.flags = sorted({*flags})
    order.discounts = _discounts(snapshot, lines)
    order.version += 1
    order.read_at = _latest(order, read_at)
    order.save()
    order.record(choices.Event.ORDER_UPDATED, version=order.version)
    return ImportOutcome(order, Result.UPDATED)


def _updated_lines(order: Order, snapshot: OrderSnapshot, flags: list[str]) -> list[LineItem]:
    """Known lines take the new facts, but never shrink under units that are on their way back."""
    known = {
        line.external_id: line for line in order.lines.select_for_update(no_key=True).order_by("pk")
    }
    kept = []
    for position, line in enumerate(snapshot.lines):
        columns = snapshots.line_columns(snapshot, line, position)
        row = known.pop(line.external_id, None) or LineItem(
            merchant_id=order.merchant_id, order=order, external_id=line.external_id
        )
        _take_over(row, columns, flags)
        # The shop tells of our refunds as well: the larger of both counts none of them twice.
        told = snapshots.refunded_minor(line, row.paid_minor)
        row.refunded_minor = max(row.refunded_minor, told)
        row.save()
        kept.append(row)
    for gone in known.values():
        if gone.return_lines.exists():
            flags.append("line_with_return_removed")
            kept.append(gone)
        else:
            gone.delete()
    return kept


def _take_over(row: LineItem, columns: dict[str, Any], flags: list[str]) -> None:
    if not row.returned_quantity:
        for name, value in columns.items():
            setattr(row, name, value)
        return
    # The old allocation stays: what was quoted or paid was worked out from it.
    if _differs(row, columns):
        flags.append("line_with_return_edited")
    told = min(columns["fulfilled_quantity"], row.quantity)
    row.fulfilled_quantity = max(told, row.returned_quantity)


def _differs(row: LineItem, columns: dict[str, object]) -> bool:
    names = ("quantity", "total_minor", "tax_minor", "unit_price_minor")
    return any(getattr(row, name) != columns[name] for name in names)


def _updated_tenders(order: Order, snapshot: OrderSnapshot) -> None:
    """Refunds of the shop beyond those we know of raise the counters, so that the cap knows them.

    Credit and transfers of ours are none of its refunds: what it tells comes on top of them.
    """
    known = {
        tender.external_id: tender
        for tender in order.tenders.select_for_update(no_key=True).order_by("pk")
    }
    for told in snapshots.tenders_of(snapshot):
        tender = known.get(told.external_id) or OrderTender(
            merchant_id=order.merchant_id,
            order=order,
            external_id=told.external_id,
            currency=snapshot.currency,
            captured_minor=0,
        )
        tender.kind, tender.gateway = told.kind, told.gateway
        foreign = max(told.refunded.minor - tender.at_shop_minor, 0)
        tender.at_shop_minor += foreign
        tender.refunded_minor += foreign
        tender.captured_minor = max(told.captured.minor, tender.refunded_minor)
        order.refunded_minor += foreign
        tender.save()


def _discounts(snapshot: OrderSnapshot, lines: list[LineItem]) -> list[dict[str, object]]:
    ids = {line.external_id: str(line.pk) for line in lines}
    return [thresholds.as_json(discount, ids) for discount in snapshot.discounts]


def _customer(store: "Store", told: CustomerSnapshot) -> Customer | None:
    details = details_of(told)
    return None if details is None else Customer.objects.upsert(store.merchant, details)


def details_of(told: CustomerSnapshot) -> CustomerDetails | None:
    """None for a shopper of whom nothing is known to be found again by."""
    if not told.email.strip() and not told.external_id:
        return None
    return CustomerDetails(
        email=told.email,
        external_id=told.external_id,
        name=told.name,
        phone=told.phone,
        language=told.language,
    )
