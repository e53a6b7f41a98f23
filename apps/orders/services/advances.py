"""What underwriting is told of an advance that has ended."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.money import Money
from apps.orders.models import Advance
from apps.underwriting.choices import Outcome
from apps.underwriting.models import ExposureHold
from apps.underwriting.services import exposure, tell_outcome


@transaction.atomic
def free_exposure(ret_id: UUID, at: datetime) -> None:
    """An advance that ended is open no longer, but for what the shopper owes of it.

    With nothing owed it ended well. Heard twice it is done once.
    """
    advance = Advance.objects.select_related("assessment", "merchant").get(ret_id=ret_id)
    _keep_open(advance, advance.short, at)
    if advance.kept and not advance.short:
        tell_outcome(advance.assessment, Outcome.Kind.SETTLED, advance.kept, at)


@transaction.atomic
def forget_shortfall(ret_id: UUID, at: datetime) -> None:
    """What was owed was won back, given up or settled otherwise: nothing is open any more."""
    advance = Advance.objects.select_related("merchant").get(ret_id=ret_id)
    _keep_open(advance, Money.zero(advance.currency), at)


def _keep_open(advance: Advance, rest: Money, at: datetime) -> None:
    """So much stays held, on the latest holds: those that were granted first are freed first."""
    references = [part.reference for part in advance.parts.order_by("-id")]
    holds = ExposureHold.objects.filter(
        merchant_id=advance.merchant_id, reference__in=references
    ).order_by("-id")
    for hold in holds:
        left = min(hold.open, rest)
        exposure.release(advance.merchant, hold.reference, at, left)
        rest = rest - left
