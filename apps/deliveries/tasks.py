from datetime import timedelta
from uuid import UUID

from celery import shared_task

from apps.core import clock
from apps.deliveries import services
from apps.deliveries.providers.base import ProviderUnavailable
from apps.events.slots import run_once, slot_of

# Half of what beat keeps, so that a late tick and an early one do not share a slot.
EXPIRY_SLOT = timedelta(minutes=5)
MISSING_SLOT = timedelta(minutes=1)
MISSING_AFTER = timedelta(minutes=5)


def prepare_now_or_later(ret_id: UUID) -> None:
    """At once where no network is asked, so that the portal's answer holds the label already; a
    return that the portal has prepared costs one look."""
    if services.is_prepared(ret_id):
        return
    if services.is_local(ret_id):
        services.prepare_return(ret_id, clock.now())
    else:
        prepare_return.delay(str(ret_id))


def release_now_or_later(ret_id: UUID) -> None:
    if services.is_local(ret_id):
        services.release_return(ret_id, clock.now())
    else:
        release_return.delay(str(ret_id))


@shared_task(autoretry_for=(ProviderUnavailable,), retry_backoff=5, max_retries=5)
def prepare_return(ret_id: str) -> None:
    services.prepare_return(UUID(ret_id), clock.now())


@shared_task(autoretry_for=(ProviderUnavailable,), retry_backoff=5, max_retries=5)
def release_return(ret_id: str) -> None:
    services.release_return(UUID(ret_id), clock.now())


@shared_task(autoretry_for=(ProviderUnavailable,), retry_backoff=5, max_retries=5)
def tell_of_voids(ret_id: str) -> None:
    services.tell_of_voids(UUID(ret_id), clock.now())


@shared_task
def expire_labels() -> int | None:
    at = clock.now()
    return run_once("expire_labels", slot_of(at, EXPIRY_SLOT), lambda: services.expire_labels(at))


@shared_task
def make_missing_labels() -> int | None:
    at = clock.now()
    return run_once("make_missing_labels", slot_of(at, MISSING_SLOT), _make_missing_labels)


def _make_missing_labels() -> int:
    waiting = services.returns_left_without_label(clock.now() - MISSING_AFTER)
    for ret_id in waiting:
        prepare_now_or_later(ret_id)
    untold = services.returns_left_with_void_label(clock.now() - MISSING_AFTER)
    for ret_id in untold:
        tell_of_voids.delay(str(ret_id))
    return len(waiting) + len(untold)
