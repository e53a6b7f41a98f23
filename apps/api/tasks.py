from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Model

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
from apps.core import clock

BATCH = 1_000
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
def purge_idempotency_records() -> int:
    """Deletes answers kept longer than their life, in batches; safe to run twice."""
    before = clock.now() - settings.IDEMPOTENCY_LIFETIME
    old = IdempotencyRecord.objects.older_than(before)
    gone = 0
    while ids := list(old.values_list("pk", flat=True)[:BATCH]):
        gone += IdempotencyRecord.objects.filter(pk__in=ids).delete()[0]
    return gone


@shared_task
def purge_portal_traces() -> int:
    """Misses and codes go after 30 days, photos with their files after 180; repeat-safe."""
    at = clock.now()
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
def purge_sessions() -> int:
    """Deletes sessions that ended a day ago at the latest; safe to run twice."""
    before = clock.now() - settings.PORTAL_ABSOLUTE - timedelta(days=1)
    kinds: tuple[type[Model], ...] = (PortalSession, CustomerSession)
    return sum(kind._default_manager.filter(created_at__lt=before).delete()[0] for kind in kinds)


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
