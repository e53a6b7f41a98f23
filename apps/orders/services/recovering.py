"""What an advance did not earn becomes a recovery."""

from typing import Any
from uuid import UUID

from apps.core.money import Money
from apps.events.models import Event
from apps.orders.models import Recovery, Return
from apps.orders.modules.advances.consent import charge_until
from apps.orders.modules.recoveries import services as recoveries
from apps.orders.modules.recoveries.dtos import Consent, OpenRecovery


def open_for_shortfall(event: Event) -> Recovery | None:
    """`event` is `advance.short` of a return; raises GoodsAccepted."""
    ret = Return.objects.filter(pk=event.subject_id).select_related("store").first()
    if ret is None:
        return None
    told: dict[str, Any] = event.payload
    asked = OpenRecovery(
        ret=ret,
        cause=told["cause"],
        amount=Money.of(told["amount"], told["currency"]),
        lines=[UUID(line) for line in told["lines"]],
        consent=consent_of(ret),
    )
    return recoveries.open_recovery(asked, event.at)


def consent_of(ret: Return) -> Consent | None:
    """What the shopper allowed to be charged when the advance was taken, if anything."""
    given = getattr(ret, "advance_consent", None)
    if given is None:
        return None
    return Consent(given.cap, given.charge_until or charge_until(given.deadline))
