from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import models

MAX_ATTEMPTS = 10


def delay_after(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s ... one hour: how long the row waits after its n-th failed attempt."""
    first: timedelta = settings.EVENT_FIRST_DELAY
    longest: timedelta = settings.EVENT_LONGEST_DELAY
    return min(first * (1 << (attempts - 1)), longest)


def lease_after(attempts: int) -> timedelta:
    """The wait of `delay_after`, but never less than a running task may still need."""
    lease: timedelta = settings.TASK_LEASE
    return max(delay_after(attempts), lease)


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
