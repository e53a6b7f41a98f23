import logging
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.accounts.models import Store
from apps.core import clock
from apps.events.slots import run_once, slot_of, tick_of
from apps.integrations.models import OrderSync, PlatformAction
from apps.orders.models import ImportJob
from apps.orders.modules.recoveries import services as recoveries
from apps.orders.services import (
    clockwork,
    cover,
    forgetting,
    syncing,
    syncing_shops,
    writing_back,
    writing_back_sending,
)
from apps.orders.services.jobs import run_import, start_import

if TYPE_CHECKING:
    from celery import Task


logger = logging.getLogger(__name__)
HOURLY = timedelta(hours=1)
MINUTELY = timedelta(minutes=1)
DAILY = timedelta(days=1)
# Above the hard limit of the task: nobody can be at work on the job any more.
LOST_AFTER = timedelta(minutes=10)
# A file of 20,000 rows on a slow day; below the broker's visibility timeout of ten minutes.
SOFT_LIMIT, HARD_LIMIT = 480, 540


def start_orders_import(store: "Store", file_name: str, content: bytes) -> ImportJob:
    """Keep the file and have a worker take it; raises UnreadableFile."""
    with transaction.atomic():
        job = start_import(store, file_name, content)
        transaction.on_commit(partial(_hint, str(job.pk)))
    return job


def _hint(job_id: str) -> None:
    try:
        import_orders.delay(job_id)
    except OperationalError as error:
        # The row is the queue of record: `resume_imports` sends what the broker did not take.
        logger.warning("no broker for import %s: %r", job_id, error)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def import_orders(job_id: str) -> None:
    """Safe to run twice: a done job is left alone, a broken-off one goes on from known rows."""
    job = ImportJob.objects.select_related("store", "merchant").filter(pk=job_id).first()
    if job is not None:
        run_import(job, clock.now())


@shared_task
def resume_imports() -> int | None:
    """Jobs whose hint or worker was lost; those at work are left alone."""
    at = clock.now()
    return run_once("resume_imports", slot_of(at, MINUTELY), lambda: _resume_imports(at))


def _resume_imports(at: datetime) -> int:
    lost = ImportJob.objects.left_behind(waiting=at - MINUTELY, running=at - LOST_AFTER)
    ids = [str(pk) for pk in lost.values_list("pk", flat=True)]
    for job_id in ids:
        _hint(job_id)
    return len(ids)


@shared_task
def forget_old_words() -> int | None:
    at = clock.now()
    return run_once("forget_old_words", slot_of(at, DAILY), lambda: forgetting.forget_old_words(at))


@shared_task
def watch_returns() -> int | None:
    """Every hour once: reminders, cancellations of what was never sent, stock let go, cover."""
    at = clock.now()
    return run_once("watch_returns", slot_of(at, HOURLY), _watch_returns)


def _watch_returns() -> int:
    at = clock.now()
    return (
        clockwork.remind_not_shipped(at)
        + clockwork.cancel_not_shipped(at)
        + clockwork.expire_reservations(at)
        + cover.warn_of_ending_cover(at)
        + cover.end_covers(at)
    )


@shared_task
def watch_recoveries() -> int | None:
    """Every hour once: objections that end, warnings, charges that fall due."""
    at = clock.now()
    return run_once("watch_recoveries", slot_of(at, HOURLY), lambda: recoveries.take_steps(at))


def start_order_sync(store: Store, kind: str, since: datetime | None = None) -> OrderSync:
    """Begin to read a shop and have a worker do it; raises SyncNotOffered or SyncRunning."""
    sync = syncing.start_sync(store, kind, clock.now(), since)
    _say_soon(read_orders, sync.pk)
    return sync


def read_connected_shop(store_id: UUID) -> None:
    """The history of a shop that was connected for the first time, else what changed since."""
    sync = syncing_shops.start_due_sync(store_id, clock.now())
    if sync is not None:
        _say_soon(read_orders, sync.pk)


def resume_order_sync(sync: OrderSync) -> None:
    syncing.resume_sync(sync, clock.now())
    _say_soon(read_orders, sync.pk)


@shared_task(soft_time_limit=SOFT_LIMIT, time_limit=HARD_LIMIT)
def read_orders(sync_id: str) -> int:
    """One sitting with one shop; a worker that is late finds another at work, and leaves."""
    sitting = syncing.read_on(UUID(sync_id), clock.now())
    if not sitting.is_over:
        _say(read_orders, sync_id, sitting.wait)
    return sitting.pages


@shared_task
def resume_syncs() -> int | None:
    """Every minute: shops whose hint, worker or answer was lost."""
    at = clock.now()
    return run_once("resume_syncs", slot_of(at, MINUTELY), lambda: _resume_syncs(at))


def _resume_syncs(at: datetime) -> int:
    due = [str(pk) for pk in OrderSync.objects.due(at).values_list("pk", flat=True)]
    for sync_id in due:
        _say(read_orders, sync_id)
    return len(due)


@shared_task
def catch_up_with_shops() -> int | None:
    """Every quarter of an hour: what no webhook told."""
    at = clock.now()
    slot = slot_of(at, settings.CATCH_UP_EVERY)
    return run_once("catch_up_with_shops", slot, lambda: _catch_up(at))


def _catch_up(at: datetime) -> int:
    begun = syncing_shops.start_due_syncs(at)
    for sync_id in begun:
        _say(read_orders, str(sync_id))
    return len(begun)


@shared_task
def check_subscriptions() -> int | None:
    """Every hour each shop is asked by a task of its own, so that a slow one holds up nobody."""
    at = clock.now()
    slot = slot_of(at, settings.SUBSCRIPTIONS_EVERY)
    return run_once("check_subscriptions", slot, _check_subscriptions)


def _check_subscriptions() -> int:
    stores = [str(store.pk) for store in syncing_shops.connected_stores()]
    for store_id in stores:
        _say(check_subscription, store_id)
    return len(stores)


@shared_task
def check_subscription(store_id: str) -> None:
    """Safe to run twice: a subscription that is there is not made again."""
    store = Store.objects.filter(pk=store_id).first()
    if store is not None:
        syncing_shops.check_webhooks(store, clock.now())


def tell_shop_of_request(ret_id: UUID) -> None:
    send_actions_soon(writing_back.tell_of_request(ret_id, clock.now()))


def tell_shop_of_opening(ret_id: UUID) -> None:
    send_actions_soon(writing_back.tell_of_opening(ret_id, clock.now()))


def tell_shop_of_release(ret_id: UUID) -> None:
    send_actions_soon(writing_back.tell_of_release(ret_id, clock.now()))


def tell_shop_of_decision(ret_id: UUID) -> None:
    send_actions_soon(writing_back.tell_of_decision(ret_id, clock.now()))


def tell_shop_of_end(ret_id: UUID) -> None:
    send_actions_soon(writing_back.tell_of_end(ret_id, clock.now()))


def tell_shop_of_cancelled_goods(exchange_id: UUID) -> None:
    send_actions_soon(writing_back.tell_of_cancelled_goods(exchange_id, clock.now()))


def replay_action(action: PlatformAction) -> None:
    """Send again what failed or was parked; raises IllegalTransition."""
    action.replay(clock.now())
    send_actions_soon([action.pk])


@shared_task
def send_platform_action(action_id: str) -> str:
    """The hint after a promise; a repeat finds it taken, a lost one is swept."""
    action = writing_back_sending.send_action(UUID(action_id), clock.now())
    waited = writing_back_sending.following(action, clock.now())
    if waited is not None:
        _say(send_platform_action, str(waited))
    return action.status


@shared_task
def send_platform_actions() -> int | None:
    at = clock.now()
    slot = tick_of(at, settings.SWEEP_EVERY)
    return run_once("send_platform_actions", slot, lambda: writing_back_sending.send_due(at))


def send_actions_soon(action_ids: list[UUID]) -> None:
    """Once this transaction is committed."""
    for action_id in action_ids:
        _say_soon(send_platform_action, action_id)


def _say_soon(task: "Task[[str], Any]", row_id: UUID) -> None:
    transaction.on_commit(partial(_say, task, str(row_id)))


def _say(task: "Task[[str], Any]", row_id: str, wait: timedelta = timedelta(0)) -> None:
    try:
        task.apply_async((row_id,), countdown=wait.total_seconds())
    except OperationalError as error:
        # The row is the queue of record: a sweeper sends what the broker did not take.
        logger.warning("no broker for %s: %r", row_id, error)
