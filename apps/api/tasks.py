import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db import DatabaseError, transaction
from django.db.models import Model
from kombu.exceptions import OperationalError

from apps.accounts.models import Customer
from apps.api.models import (
    CustomerSession,
    Evidence,
    IdempotencyRecord,
    LoginCode,
    LookupFailure,
    PortalSession,
    Proof,
)
from apps.api.services import erasing
from apps.core import clock
from apps.events.slots import run_once, slot_of
from apps.orders.models import PrivacyRequest

logger = logging.getLogger(__name__)
BATCH = 1_000
REQUESTS = 50
DAY = timedelta(days=1)
TRACES_LIFETIME = timedelta(days=30)
PHOTOS_LIFETIME = timedelta(days=180)
# Subject and text by language; English where a store speaks none of these.
CODE_MAIL = {
    "en": ("Your code for {store}", "Your code is {code}. It is valid for 10 minutes."),
    "es": ("Tu código para {store}", "Tu código es {code}. Es válido durante 10 minutos."),
    "de": ("Dein Code für {store}", "Dein Code ist {code}. Er gilt 10 Minuten."),
    "fr": ("Votre code pour {store}", "Votre code est {code}. Il est valable 10 minutes."),
}


@shared_task
def purge_idempotency_records() -> int | None:
    """Deletes answers kept longer than their life, in batches."""
    return _once_a_day("purge_idempotency_records", _purge_idempotency_records)


def _purge_idempotency_records(at: datetime) -> int:
    old = IdempotencyRecord.objects.older_than(at - settings.IDEMPOTENCY_LIFETIME)
    gone = 0
    while ids := list(old.values_list("pk", flat=True)[:BATCH]):
        gone += IdempotencyRecord.objects.filter(pk__in=ids).delete()[0]
    return gone


@shared_task
def purge_portal_traces() -> int | None:
    """Misses and codes go after 30 days, photos with their files after 180."""
    return _once_a_day("purge_portal_traces", _purge_portal_traces)


def _purge_portal_traces(at: datetime) -> int:
    gone = 0
    for model in (LookupFailure, Proof, LoginCode):
        old = model.objects.filter(created_at__lt=at - TRACES_LIFETIME).order_by("created_at")
        while ids := list(old.values_list("pk", flat=True)[:BATCH]):
            gone += model.objects.filter(pk__in=ids).delete()[0]
    for photo in Evidence.objects.filter(created_at__lt=at - PHOTOS_LIFETIME)[:BATCH]:
        photo.file.delete(save=False)
        photo.delete()
        gone += 1
    return gone


@shared_task
def purge_sessions() -> int | None:
    """Deletes sessions that ended a day ago at the latest."""
    return _once_a_day("purge_sessions", _purge_sessions)


def _purge_sessions(at: datetime) -> int:
    before = at - settings.PORTAL_ABSOLUTE - DAY
    kinds: tuple[type[Model], ...] = (PortalSession, CustomerSession)
    return sum(kind._default_manager.filter(created_at__lt=before).delete()[0] for kind in kinds)


def _once_a_day(job: str, work: Callable[[datetime], int]) -> int | None:
    """Beat calls every hour: a tick that was lost, or a run that broke off, is made good."""
    at = clock.now()
    return run_once(job, slot_of(at, DAY), lambda: work(at))


@shared_task
def erase_shoppers() -> int:
    """Tries what is not done yet, and says how many requests were; those that wait stay listed."""
    at = clock.now()
    waiting = PrivacyRequest.objects.to_try().select_related("customer")[:REQUESTS]
    for request in waiting:
        _go_on(request, at)
    return len(waiting)


@shared_task
def erase_shopper(request_id: str) -> str:
    """The hint of somebody who asked; a lost one is made good by `erase_shoppers`."""
    request = PrivacyRequest.objects.select_related("customer").get(pk=UUID(request_id))
    _go_on(request, clock.now())
    return request.status


def erase_soon(request: PrivacyRequest) -> None:
    """Once this transaction is committed; what the broker does not take is swept."""
    transaction.on_commit(partial(_hint, request))


def _hint(request: PrivacyRequest) -> None:
    try:
        erase_shopper.delay(str(request.pk))
    except OperationalError as error:
        logger.warning("no broker for privacy request %s: %r", request.pk, error)


def _go_on(request: PrivacyRequest, at: datetime) -> None:
    try:
        erasing.go_on(request, at)
    except (DatabaseError, OSError):
        logger.exception("privacy request %s: tried again later", request.pk)


@shared_task
def send_login_code(code_id: str) -> bool:
    """False when nobody is known by the address; run twice, only the last mail's digits open."""
    row = LoginCode.objects.select_related("store").get(pk=UUID(code_id))
    customers = Customer.objects.for_merchant(row.store.merchant).with_email(row.email)
    customer = customers.filter(orders__store=row.store).first()
    if customer is None or row.used_at is not None:
        return False
    language = customer.language if customer.language in CODE_MAIL else "en"
    facts = {"store": row.store.name, "code": row.redraw()}
    subject, text = (part.format(**facts) for part in CODE_MAIL[language])
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [row.email])
    return True
