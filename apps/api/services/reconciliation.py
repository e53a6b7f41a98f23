"""What must never be found among kept answers (docs/reconciliation.md)."""

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.expressions import Func
from django.db.models.fields import UUIDField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from apps.api.models import IdempotencyRecord
from apps.core.findings import finds
from apps.orders.models import Return

type Rows = QuerySet[Any, Any]

KEY = Value("api.idempotencyrecord", output_field=CharField())
UUID_TEXT = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


@finds("I-50", "a kept answer names a return that is not there")
def answers_without_effect(_: datetime) -> Rows:
    """The key's `Location` ends with the id of the return, or with its number in the portal."""
    tail = Func(
        F("location"),
        Value("^.*/"),
        Value(""),
        function="regexp_replace",
        output_field=CharField(),
    )
    made = IdempotencyRecord.objects.filter(status=201).alias(location=KT("headers__Location"))
    made = made.filter(location__contains="/returns/").alias(tail=tail)
    named = Case(When(tail__regex=UUID_TEXT, then=Cast("tail", UUIDField())))
    returns = Return.objects.filter(merchant_id=OuterRef("merchant_id"))
    lost: Rows = made.alias(named=named).filter(
        ~Exists(returns.filter(pk=OuterRef("named"))),
        ~Exists(returns.filter(number=OuterRef("tail"))),
    )
    return lost


@finds("I-50", "a key was claimed twice", subject="subject_id")
def keys_claimed_twice(_: datetime) -> Rows:
    scope = ("merchant_id", "environment", "family", "method", "route", "key")
    claimed = IdempotencyRecord.objects.order_by().values(*scope)
    claimed = claimed.annotate(times=Count("id"), subject_type=KEY, subject_id=F("key"))
    twice: Rows = claimed.filter(times__gt=1)
    return twice
