"""The cover clock of instant returns: the merchant is warned, then the units are accepted."""

from datetime import datetime, timedelta

from django.conf import settings

from apps.orders.models import Return

BATCH = 500


def warn_of_ending_cover(at: datetime) -> int:
    soon = Return.objects.covered_until(at + timedelta(days=settings.COVER_REMINDER_DAYS))
    waiting = soon.filter(cover_reminded_at=None, cover_ends_at__gt=at)
    return sum(ret.warn_of_cover(at) for ret in waiting.select_related("order")[:BATCH])


def end_covers(at: datetime) -> int:
    """One that is decided meanwhile is passed by."""
    over = Return.objects.covered_until(at).select_related("order")
    return sum(ret.end_cover(at) for ret in over[:BATCH])
