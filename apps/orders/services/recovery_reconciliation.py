"""What must never be found among recoveries (docs/reconciliation.md)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Sum

from apps.core.findings import finds
from apps.orders import choices
from apps.orders.models import Recovery, RecoveryAttempt, RecoveryCollection, ReturnLineItem
from apps.orders.modules.recoveries import choices as recovery_choices

type Rows = QuerySet[Any, Any]

Status = recovery_choices.Recovery.Status
# Ears close a recovery after the commit that accepted the goods.
PATIENCE = timedelta(minutes=15)
# A link waits for its shopper a few days; a charge has an answer long before.
LONGEST_CHARGE = timedelta(days=7)


def _sum(column: str) -> Sum:
    return Sum(column, output_field=BigIntegerField())


@finds("I-35", "the sums of a recovery are not those of its payments")
def recovery_sums_off(_: datetime) -> Rows:
    paid = RecoveryCollection.objects.order_by().values("recovery")
    sums = paid.alias(came=_sum("amount_minor"), went=_sum("given_back_minor")).exclude(
        came=F("recovery__collected_minor"), went=F("recovery__given_back_minor")
    )
    return Recovery.objects.filter(pk__in=sums.values("recovery"))


@finds("I-35", "a recovery collected money that no payment brought")
def recovery_money_nowhere(_: datetime) -> Rows:
    paid = RecoveryCollection.objects.filter(recovery=OuterRef("pk"))
    return Recovery.objects.filter(~Exists(paid), collected_minor__gt=0)


@finds("I-35", "a recovery is open though no unit of its return was refused")
def recoveries_without_refused_goods(_: datetime) -> Rows:
    rejected = choices.ReturnLineItem.Decision.REJECTED
    refused = ReturnLineItem.objects.filter(ret=OuterRef("ret_id"), decision=rejected)
    return Recovery.objects.live().filter(~Exists(refused))


@finds("I-36", "the charges of a return are above its consent")
def charges_above_consent(_: datetime) -> Rows:
    counted = RecoveryAttempt.objects.order_by().filter(
        status__in=recovery_choices.RecoveryAttempt.UNDER_CAP
    )
    sums = counted.values("recovery__ret").alias(sum=_sum("amount_minor"))
    above = sums.filter(sum__gt=F("recovery__consent_cap_minor"))
    return Recovery.objects.filter(ret__in=above.values("recovery__ret"))


@finds("I-36", "a charge is in flight for more than a week")
def charges_never_ended(at: datetime) -> Rows:
    return RecoveryAttempt.objects.in_flight().filter(asked_at__lte=at - LONGEST_CHARGE)


@finds("I-38", "a recovery of an accepted or cancelled return is not closed")
def recoveries_of_accepted_returns(at: datetime) -> Rows:
    settled = (choices.Return.Status.ACCEPTED, choices.Return.Status.CANCELLED)
    kept = Recovery.objects.exclude(status=Status.CLOSED)
    return kept.filter(ret__status__in=settled, ret__decided_at__lte=at - PATIENCE)
