from collections.abc import Mapping
from datetime import timedelta

from django.db import models

MAX_ATTEMPTS = 10
FIRST_DELAY = timedelta(seconds=5)
MAX_DELAY = timedelta(hours=1)
# Above CELERY_TASK_TIME_LIMIT: nobody else takes the row while its worker may still be at it.
LEASE = timedelta(seconds=150)


def delay_after(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s ... one hour: how long the row waits after its n-th failed attempt."""
    return min(FIRST_DELAY * (1 << (attempts - 1)), MAX_DELAY)


def lease_after(attempts: int) -> timedelta:
    """The wait of `delay_after`, but never less than a running task may still need."""
    return max(delay_after(attempts), LEASE)


class Event:
    class Actor(models.TextChoices):
        SHOPPER = "shopper", "Shopper"
        MERCHANT = "merchant", "Merchant user"
        STAFF = "staff", "Staff"
        API = "api", "API key"
        PLATFORM = "platform", "Platform"
        SYSTEM = "system", "System"


class InboxMessage:
    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        PARKED = "parked", "Parked"

    class Environment(models.TextChoices):
        LIVE = "live", "Live"
        TEST = "test", "Test"


class ReconciliationItem:
    class Status(models.TextChoices):
        OPEN = "open", "Open"
        TAKEN = "taken", "Taken"
        EXPLAINED = "explained", "Explained"
        RESOLVED = "resolved", "Resolved"

    TRANSITIONS: Mapping[str, frozenset[str]] = {
        str(Status.OPEN): frozenset({"taken", "explained", "resolved"}),
        str(Status.TAKEN): frozenset({"taken", "explained", "resolved"}),
        str(Status.EXPLAINED): frozenset({"taken", "explained", "resolved"}),
        str(Status.RESOLVED): frozenset({"open"}),
    }
