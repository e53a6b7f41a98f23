from celery import shared_task
from django.conf import settings

from apps.api.models import IdempotencyRecord
from apps.core import clock

BATCH = 1_000


@shared_task
def purge_idempotency_records() -> int:
    """Deletes answers kept longer than their life, in batches; safe to run twice."""
    before = clock.now() - settings.IDEMPOTENCY_LIFETIME
    old = IdempotencyRecord.objects.older_than(before)
    gone = 0
    while ids := list(old.values_list("pk", flat=True)[:BATCH]):
        gone += IdempotencyRecord.objects.filter(pk__in=ids).delete()[0]
    return gone
