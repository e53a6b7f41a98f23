"""What must never be found in the invoices (docs/reconciliation.md)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.billing.models import Invoice, InvoiceSeries
from apps.core.findings import finds, finds_names


@finds_names("I-39", "the numbers of a series have a gap")
def gaps_in_series() -> Iterable[str]:
    counted = InvoiceSeries.objects.annotate(
        issued=Count("invoice"), highest=Coalesce(Max("invoice__number"), 0)
    )
    gaps = counted.exclude(issued=F("last_number"), highest=F("last_number"))
    return [str(series) for series in gaps]


@finds("I-39", "an invoice is not the sum of its fees")
def invoices_that_are_not_their_fees(_: datetime) -> "QuerySet[Any, Any]":
    rows = Invoice.objects.invoices().annotate(billed=Coalesce(Sum("fees__amount_minor"), 0))
    return rows.exclude(billed=F("net_minor"))
