"""What must never be found among labels (docs/reconciliation.md)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Func, Q, QuerySet, Value
from django.db.models.fields import BooleanField, CharField

from apps.core.findings import finds
from apps.deliveries import choices
from apps.deliveries.models import Label
from apps.orders import choices as orders

type Rows = QuerySet[Any, Any]

# Labels run out and are let go by jobs and ears, which may be down for a while.
PATIENCE = timedelta(hours=6)
Status = choices.Label.Status
ENDED = {
    Status.USED: Q(used_at__isnull=False),
    Status.VOIDED: Q(voided_at__isnull=False),
    Status.EXPIRED: Q(voided_at__isnull=False),
}
PARCEL = Value("deliveries.parcel", output_field=CharField())
# A fee of the return in its breakdown that is not zero.
FEE = r"""$.tree.** ? (@.kind == "return_fee" && !(@.amount.amount like_regex "^-?[0.]+$"))"""


@finds("I-27", "a label was bought and neither used nor voided nor expired")
def labels_never_ended(at: datetime) -> Rows:
    """Bought = used + void + expired, once their time or their shipment is over."""
    ready = Label.objects.filter(status=Status.READY)
    late = Q(expires_at__lt=at - PATIENCE)
    gone = Q(shipment__status__in=(choices.Shipment.Status.VOIDED, choices.Shipment.Status.EXPIRED))
    return ready.filter(late | gone)


@finds("I-27", "a label does not say when it was made or how it ended")
def labels_without_time(_: datetime) -> Rows:
    wrong = Q(status__in=(Status.READY, Status.USED, Status.EXPIRED), made_at__isnull=True)
    for status, told in ENDED.items():
        wrong |= Q(status=status) & ~told
    return Label.objects.filter(wrong)


@finds("I-27", "a void label was never told to its carrier")
def voids_never_told(at: datetime) -> Rows:
    late = Label.objects.void_untold(at).filter(voided_at__lt=at - PATIENCE)
    return late.filter(shipment__account__isnull=False)


@finds("I-27", "a parcel has two live labels", subject="parcel_id")
def parcels_with_two_labels(_: datetime) -> Rows:
    live = Label.objects.live().order_by().values("merchant_id", "parcel_id")
    return live.annotate(labels=Count("id"), subject_type=PARCEL).filter(labels__gt=1)


@finds("I-28", "a label was made though the return's fee is still to be paid")
def labels_before_their_fee(_: datetime) -> Rows:
    """Where something is due, the fee was not deducted from what goes back."""
    fee = Func(
        F("shipment__ret__breakdown"),
        Value(FEE),
        template="jsonb_path_exists(%(expressions)s::jsonpath)",
        output_field=BooleanField(),
    )
    made = Label.objects.exclude(status=Status.VOIDED).filter(made_at__isnull=False)
    return made.filter(shipment__ret__net_minor__lt=0).alias(fee=fee).filter(fee=True)


@finds("I-38", "a cancelled return has a label to travel on")
def labels_of_cancelled_returns(at: datetime) -> Rows:
    return Label.objects.filter(
        status=Status.READY,
        shipment__ret__status=orders.Return.Status.CANCELLED,
        shipment__ret__decided_at__lt=at - PATIENCE,
    )
