"""Orders of a connected shop read page by page: all of them once, then what has changed."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Store
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.http import BadStatus, HttpError
from apps.integrations import choices, connecting
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector, Declined
from apps.integrations.mixins.reading import PageCounts, TurnLost
from apps.integrations.models import OrderSync, SyncRefusal
from apps.integrations.payloads import MalformedPayload
from apps.orders.services.bulk_importing import import_orders
from apps.orders.services.importing import Result

if TYPE_CHECKING:
    from apps.integrations.asking import OrderPage

logger = logging.getLogger(__name__)
# Before the first shop of any platform.
EVER = datetime(2000, 1, 1, tzinfo=UTC)
# Clocks of shops go apart, and an order is told after the moment that it bears.
OVERLAP = timedelta(minutes=10)
# So long a worker stays with one shop; then others have a turn.
ONE_SITTING = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=1)
Kind, Status = choices.OrderSync.Kind, choices.OrderSync.Status


class SyncNotOffered(DomainError):
    code = "sync_not_offered"
    title = "Orders of this store cannot be read from its platform"
    status = 409


class SyncRunning(DomainError):
    code = "sync_running"
    title = "Orders of this store are being read already"
    status = 409


@dataclass(frozen=True, slots=True)
class Sitting:
    """`is_over`: nothing is left to be done now, else there is more after `wait`."""

    pages: int
    is_over: bool
    wait: timedelta = timedelta(0)


def start_sync(store: Store, kind: str, at: datetime, since: datetime | None = None) -> OrderSync:
    """Raises SyncNotOffered, or SyncRunning with the one at work."""
    connector = connecting.connector_of(store)
    if connector is None or Capability.CHANGES not in connector.offers:
        why = connector.why(Capability.CHANGES) if connector else "not_connected"
        raise SyncNotOffered(store=str(store.pk), why=why)
    return _begin(store, kind, at, since or _since(store, kind, at))


def resume_sync(sync: OrderSync, at: datetime) -> None:
    """A failed one goes on from its page. Raises SyncRunning or IllegalTransition."""
    try:
        with transaction.atomic():
            sync.resume(at)
    except IntegrityError:
        raise SyncRunning(store=str(sync.store_id)) from None


def _since(store: Store, kind: str, at: datetime) -> datetime:
    known = OrderSync.objects.read_until(store)
    return known - OVERLAP if known and kind == Kind.CHANGES else EVER


def _begin(store: Store, kind: str, at: datetime, since: datetime) -> OrderSync:
    sync = OrderSync(merchant_id=store.merchant_id, store=store, kind=kind, since=since, next_at=at)
    try:
        with transaction.atomic():
            sync.save(force_insert=True)
            sync.record(choices.Event.SYNC_STARTED, reads=kind)
    except IntegrityError:
        running = OrderSync.objects.for_store(store).running().first()
        raise SyncRunning(sync=str(running.pk) if running else "") from None
    return sync


def read_on(sync_id: UUID, at: datetime) -> Sitting:
    """Pages of one shop, one after another, each in the commit that keeps where the next begins.

    A worker that dies or is overtaken leaves whole pages behind, and the next goes on from there.
    """
    sync = OrderSync.objects.get(pk=sync_id)
    if not sync.take(at):
        return Sitting(0, is_over=True)
    connector = connecting.connector_of(sync.store)
    if connector is None:
        sync.stop("not_connected", at)
        return Sitting(0, is_over=True)
    return _sit(sync, connector, at)


def _sit(sync: OrderSync, connector: AbstractConnector, at: datetime) -> Sitting:
    now = clock.running_from(at)
    store, turn, pages = sync.store, sync.turn, 0
    try:
        while page := _read_page(sync, store, turn, connector, now()):
            pages += 1
            if sync.status != Status.RUNNING:
                break
            wait = page.wait or timedelta(0)
            if wait or now() >= at + ONE_SITTING:
                sync.let_go(turn, now() + wait)
                return Sitting(pages, is_over=False, wait=wait)
    except TurnLost:
        logger.info("another worker reads %s", sync.pk)
    return Sitting(pages, is_over=True)


def _read_page(
    sync: OrderSync, store: Store, turn: int, connector: AbstractConnector, at: datetime
) -> "OrderPage | None":
    """None where the shop gave no page: it is put off, or given up."""
    ask = connector.order_history if sync.kind == Kind.HISTORY else connector.changed_orders
    try:
        page = ask(sync.since, sync.cursor)
    except HttpError as error:
        sync.put_off(turn, str(error), at, asked_to_wait(error))
        return None
    except (Declined, MalformedPayload) as error:
        sync.keep_turn(turn)
        sync.fail(str(error), at)
        return None
    _take_over(sync, store, turn, page, at)
    return page


@transaction.atomic
def _take_over(sync: OrderSync, store: Store, turn: int, page: "OrderPage", at: datetime) -> None:
    outcomes = import_orders(store, page.orders)
    told = zip(page.orders, outcomes, strict=True)
    refusals = [
        *(
            (order.external_id, why.code, str(why))
            for order, why in told
            if isinstance(why, DomainError)
        ),
        *((each.external_id, each.code, each.detail) for each in page.unreadable),
    ]
    _list(sync, refusals)
    of = Counter(each for each in outcomes if isinstance(each, Result))
    counts = PageCounts(
        imported=of[Result.CREATED],
        updated=of[Result.UPDATED],
        unchanged=of[Result.UNCHANGED] + of[Result.STALE],
        refused=len(refusals),
    )
    if page.expected is not None and page.expected != sync.expected:
        sync.expect(turn, page.expected)
    sync.turn_page(turn, counts, page.cursor, at)
    if page.setback:
        sync.set_back(turn, page.setback)


def _list(sync: OrderSync, refusals: Iterable[tuple[str, str, str]]) -> None:
    SyncRefusal.objects.bulk_create(
        (
            SyncRefusal(
                merchant_id=sync.merchant_id,
                sync=sync,
                external_id=external_id[:80],
                code=code[:60],
                detail=detail[:300],
            )
            for external_id, code, detail in refusals
        ),
        ignore_conflicts=True,
    )


def asked_to_wait(error: HttpError) -> timedelta | None:
    """What Retry-After says, in seconds and bounded; None where it says nothing."""
    if not isinstance(error, BadStatus):
        return None
    asked = error.answer.headers.get("retry-after", "")
    return min(timedelta(seconds=int(asked[:9])), LONGEST_WAIT) if asked.isdecimal() else None
