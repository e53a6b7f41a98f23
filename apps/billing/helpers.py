"""The seller's own day and time, and who the seller is."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.payments.dtos import BankAccount


def day_of(at: datetime) -> date:
    """The day in the seller's time zone: what an invoice is dated, and which month a fee is in."""
    return at.astimezone(_zone()).date()


def start_of(day: date) -> datetime:
    """Midnight of the seller's day, in UTC."""
    return datetime.combine(day, time.min, _zone()).astimezone(UTC)


def seller() -> dict[str, str]:
    """Name, address and numbers of the platform, as an invoice shows them."""
    return dict(settings.SELLER)


def seller_account() -> BankAccount:
    named = settings.SELLER
    return BankAccount(iban=named["iban"], bic=named["bic"], holder=named["name"])


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.SELLER_TIME_ZONE)
