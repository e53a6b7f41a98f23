"""What underwriting is told of an advance that has ended."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.money import Money
from apps.orders.models import Advance, Recovery
from apps.orders.modules.recoveries import choices as recoveries
from apps.underwriting.choices import Outcome
from apps.underwriting.models import ExposureHold
from apps.underwriting.services import exposure, tell_outcome

# How a recovery that ended speaks of the shopper, and by which of its sums.
OUTCOMES: dict[str, tuple[str, str]] = {
    recoveries.Recovery.Status.RECOVERED: (Outcome.Kind.RECOVERED, "due"),
    recoveries.Recovery.Status.WRITTEN_OFF: (Outcome.Kind.LOST, "written_off"),
}


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
def end_shortfall(recovery_id: UUID, at: datetime) -> None:
    """One recovery ended; what the others of the return still want stays open on the caps.

    Underwriting is told what was won back and what was lost. Heard twice it is done once.
    """
    recovery = Recovery.objects.get(pk=recovery_id)
    advance = Advance.objects.of_return(recovery.ret_id)
    if advance is None:
        return
    _keep_open(advance, _still_owed(recovery.ret_id, advance.currency), at)
    if recovery.status in OUTCOMES:
        kind, amount = OUTCOMES[recovery.status]
        tell_outcome(advance.assessment, kind, getattr(recovery, amount), at)


def _still_owed(ret_id: UUID, currency: str) -> Money:
    live = Recovery.objects.filter(ret_id=ret_id, status__in=recoveries.Recovery.LIVE)
    return Money.total((each.outstanding for each in live), currency)


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
