"""What must never be found among orders and returns (docs/reconciliation.md)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.fields import BigIntegerField
from django.db.models.functions import Coalesce

from apps.core.findings import finds
from apps.orders import choices
from apps.orders.managers import ReturnLineItemQuerySet
from apps.orders.models import (
    Advance,
    AdvancePart,
    ExchangeLineItem,
    LineItem,
    Return,
    ReturnLineItem,
)

type Rows = QuerySet[Any, Any]

UNITS = Sum("quantity", output_field=BigIntegerField())
Status, Decision = choices.Return.Status, choices.ReturnLineItem.Decision
OPEN = (Decision.PENDING, Decision.FOR_REVIEW)
# Closed like this, nothing of the return was accepted.
NOTHING_KEPT = (Status.REJECTED, Status.CANCELLED)
A_MOMENT = timedelta(hours=1)
# Released on paper, new goods that were called off in time are unpaid: hence at least.
ENDED = F("advance__kept_minor") + F("advance__short_minor") + F("advance__unwound_minor")


@finds("I-05", "returned units are not the sum of the live return lines")
def returned_units_off(_: datetime) -> Rows:
    return _lines_unlike(_live(), "returned_quantity")


@finds("I-05", "returned units are in no live return line")
def returned_units_nowhere(_: datetime) -> Rows:
    return _lines_without(_live()).filter(returned_quantity__gt=0)


@finds("I-05", "refunded units are not the sum of the settled return lines")
def refunded_units_off(_: datetime) -> Rows:
    return _lines_unlike(_settled(), "refunded_quantity")


@finds("I-05", "refunded units are in no settled return line")
def refunded_units_nowhere(_: datetime) -> Rows:
    return _lines_without(_settled()).filter(refunded_quantity__gt=0)


@finds("I-06", "more units are in live returns than were delivered")
def units_returned_twice(_: datetime) -> Rows:
    held = _by_line(_live())
    return LineItem.objects.filter(pk__in=held.filter(units__gt=F("line_item__fulfilled_quantity")))


@finds("I-11", "a closed return has undecided units")
def closed_returns_with_open_units(_: datetime) -> Rows:
    undecided = ReturnLineItem.objects.live().filter(decision__in=OPEN)
    return Return.objects.filter(pk__in=undecided.values("ret"), status__in=choices.Return.FINAL)


@finds("I-11", "a return is not closed as its units were decided")
def returns_closed_otherwise(_: datetime) -> Rows:
    """Accepted: every unit; partly: some; rejected or cancelled: none."""
    accepted = Count("id", filter=Q(decision=Decision.ACCEPTED))
    decided = ReturnLineItem.objects.order_by().filter(ret__status__in=choices.Return.FINAL)
    counted = decided.values("ret").annotate(some=accepted, every=Count("id"))
    wrong = counted.filter(
        (Q(ret__status=Status.ACCEPTED) & ~Q(some=F("every")))
        | (Q(ret__status=Status.PARTLY_ACCEPTED) & (Q(some=0) | Q(some=F("every"))))
        | (Q(ret__status__in=NOTHING_KEPT) & ~Q(some=0))
    )
    return Return.objects.filter(pk__in=wrong.values("ret"))


@finds("I-11", "a closed return does not say when")
def closed_returns_without_time(_: datetime) -> Rows:
    return Return.objects.filter(status__in=choices.Return.FINAL, decided_at__isnull=True)


@finds("I-38", "a closed return without accepted units holds exchange goods")
def goods_held_for_closed_returns(_: datetime) -> Rows:
    reserved = choices.ExchangeLineItem.Status.RESERVED
    return ExchangeLineItem.objects.filter(status=reserved, ret__status__in=NOTHING_KEPT)


@finds("I-34", "the parts of an advance do not sum to it")
def advances_unlike_parts(_: datetime) -> Rows:
    """Of an ended one none waits, and what was released is kept, owed, or taken back unused."""
    parts = AdvancePart.objects.order_by().values("advance")
    statuses = choices.Advance.PartStatus
    off = parts.annotate(
        all=Sum("amount_minor"),
        out=Coalesce(Sum("amount_minor", filter=Q(status=statuses.RELEASED)), 0),
        waiting=Count("id", filter=Q(status=statuses.WAITING)),
    ).exclude(
        Q(all=F("advance__amount_minor"))
        & (Q(advance__ended_at__isnull=True) | (Q(waiting=0) & Q(out__gte=ENDED)))
    )
    return Advance.objects.filter(pk__in=off.values("advance"))


@finds("I-34", "a return with a decided advance has not ended it")
def advances_left_open(at: datetime) -> Rows:
    """Store credit is asked for what is unused, which takes a moment."""
    closed = Q(ret__status__in=choices.Return.FINAL, ret__decided_at__lt=at - A_MOMENT)
    return Advance.objects.filter(closed, ended_at__isnull=True)


# Sums first, then joins: a look-up for each order line takes ten times as long, and an OR of both
# faults a hundred times.
def _lines_unlike(return_lines: ReturnLineItemQuerySet, counter: str) -> Rows:
    """Order lines whose counter is not the units of these return lines, where there are some."""
    sums = _by_line(return_lines).exclude(units=F(f"line_item__{counter}"))
    return LineItem.objects.filter(pk__in=sums)


def _lines_without(return_lines: ReturnLineItemQuerySet) -> Rows:
    return LineItem.objects.filter(~Exists(return_lines.filter(line_item=OuterRef("pk"))))


def _by_line(return_lines: ReturnLineItemQuerySet) -> Rows:
    sums: Rows = return_lines.order_by().values("line_item").alias(units=UNITS)
    return sums


def _live() -> ReturnLineItemQuerySet:
    return ReturnLineItem.objects.live()


def _settled() -> ReturnLineItemQuerySet:
    """Of an advance the undecided units are counted too: their value is out."""
    return _live().filter(ret__settlement__isnull=False)
