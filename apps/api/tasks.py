from datetime import timedelta

from celery import shared_task
from django.conf import settings

from apps.api.models import Evidence, IdempotencyRecord, LookupFailure, Proof
from apps.api.returns.tasks import send_proof_code
from apps.core import clock

# Celery looks for tasks here only: those of a host are named so that a worker knows them.
__all__ = ["purge_idempotency_records", "purge_portal_traces", "send_proof_code"]

BATCH = 1_000
TRACES_LIFETIME = timedelta(days=30)
PHOTOS_LIFETIME = timedelta(days=180)


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
    for model in (LookupFailure, Proof):
        old = model.objects.filter(created_at__lt=at - TRACES_LIFETIME).order_by("created_at")
        while ids := list(old.values_list("pk", flat=True)[:BATCH]):
            gone += model.objects.filter(pk__in=ids).delete()[0]
    for photo in Evidence.objects.filter(created_at__lt=at - PHOTOS_LIFETIME)[:BATCH]:
        photo.file.delete(save=False)
        photo.delete()
        gone += 1
    return gone
