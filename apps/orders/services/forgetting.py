"""What goes by itself after its time, for every shopper (docs/privacy.md)."""

from datetime import datetime, timedelta

from apps.integrations.models import SyncRefusal
from apps.orders.models import ImportJob, Quote

FILES_KEPT = timedelta(days=30)
QUOTES_KEPT = timedelta(days=30)
REFUSALS_KEPT = timedelta(days=90)
AT_ONCE = 1_000


def forget_old_words(at: datetime) -> int:
    """Files that were read, words of quotes that nobody opened, and what a shop told of an order
    that could not be taken in; the rest of many goes the next time."""
    jobs = ImportJob.objects.ended().with_file().filter(done_at__lt=at - FILES_KEPT)[:AT_ONCE]
    for job in jobs:
        job.drop_file()
    unopened = Quote.objects.filter(used_at=None, expires_at__lt=at - QUOTES_KEPT)
    quotes = list(unopened.exclude(request={}).values_list("pk", flat=True)[:AT_ONCE])
    old = SyncRefusal.objects.filter(created_at__lt=at - REFUSALS_KEPT)
    refusals = list(old.values_list("pk", flat=True)[:AT_ONCE])
    gone = SyncRefusal.objects.filter(pk__in=refusals).delete()[0]
    return len(jobs) + gone + Quote.objects.filter(pk__in=quotes).update(request={})
