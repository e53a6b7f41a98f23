"""What must never be found among orders and returns (docs/reconciliation.md)."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.fields import BigIntegerField
from django.db.models.functions import Coalesce

from apps.core.findings import finds
from apps.orders import choices
from apps.orders.managers import ReturnLineItemQuerySet
from apps.orders.models import ExchangeLineItem, LineItem, Return, ReturnLineItem

type Rows = QuerySet[Any, Any]

ZERO = Value(0, output_field=BigIntegerField())
UNITS = Sum("quantity", output_field=BigIntegerField())
Status, Decision = choices.Return.Status, choices.ReturnLineItem.Decision
OPEN = (Decision.PENDING, Decision.FOR_REVIEW)
# Closed like this, nothing of the return was accepted.
NOTHING_KEPT = (Status.REJECTED, Status.CANCELLED)


@finds("I-05", "returned units are not the sum of the live return lines")
def returned_units_off(_: datetime) -> Rows:
    return _with_held(LineItem.objects.all()).exclude(held=F("returned_quantity"))


@finds("I-05", "refunded units are not the sum of the settled return lines")
def refunded_units_off(_: datetime) -> Rows:
    settled = ReturnLineItem.objects.accepted().filter(ret__settlement__isnull=False)
    lines = LineItem.objects.annotate(settled=_units_of(settled))
    return lines.exclude(settled=F("refunded_quantity"))


@finds("I-06", "more units are in live returns than were delivered")
def units_returned_twice(_: datetime) -> Rows:
    return _with_held(LineItem.objects.all()).filter(held__gt=F("fulfilled_quantity"))


@finds("I-11", "a closed return has undecided units")
def closed_returns_with_open_units(_: datetime) -> Rows:
    undecided = _lines_of_return().live().filter(decision__in=OPEN)
    return Return.objects.filter(Exists(undecided), status__in=choices.Return.FINAL)


@finds("I-11", "a return is not closed as its units were decided")
def returns_closed_otherwise(_: datetime) -> Rows:
    """Accepted: every unit; partly: some; rejected or cancelled: none."""
    some = Exists(_lines_of_return().accepted())
    others = Exists(_lines_of_return().exclude(decision=Decision.ACCEPTED))
    return Return.objects.filter(
        Q(others, status=Status.ACCEPTED)
        | Q(~some | ~others, status=Status.PARTLY_ACCEPTED)
        | Q(some, status__in=NOTHING_KEPT)
    )


@finds("I-11", "a closed return does not say when")
def closed_returns_without_time(_: datetime) -> Rows:
    return Return.objects.filter(status__in=choices.Return.FINAL, decided_at__isnull=True)


@finds("I-38", "a closed return without accepted units holds exchange goods")
def goods_held_for_closed_returns(_: datetime) -> Rows:
    reserved = choices.ExchangeLineItem.Status.RESERVED
    return ExchangeLineItem.objects.filter(status=reserved, ret__status__in=NOTHING_KEPT)


def _with_held(lines: "QuerySet[LineItem]") -> Rows:
    return lines.annotate(held=_units_of(ReturnLineItem.objects.live()))


def _units_of(return_lines: "QuerySet[ReturnLineItem]") -> Coalesce:
    """Units of the outer row in these return lines."""
    of_row = return_lines.filter(line_item=OuterRef("pk")).order_by().values("line_item")
    return Coalesce(Subquery(of_row.annotate(units=UNITS).values("units")), ZERO)


def _lines_of_return() -> ReturnLineItemQuerySet:
    return ReturnLineItem.objects.filter(ret=OuterRef("pk"))
