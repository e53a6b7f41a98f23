"""Questions to the invoices (I-39) that must have no answer."""

from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Model, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.billing.models import Invoice, InvoiceSeries
from apps.payments.services.reconciliation import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator


def reconcile_invoices() -> list[Finding]:
    """Gaps in a series, and invoices that are not the sum of the fees they bill."""
    return [
        *_found("the numbers of a series have a gap", _gaps()),
        *_found("an invoice is not the sum of its fees", _not_its_fees()),
    ]


def _gaps() -> QuerySet[InvoiceSeries]:
    counted = InvoiceSeries.objects.annotate(
        issued=Count("invoice"), highest=Coalesce(Max("invoice__number"), 0)
    )
    return counted.exclude(issued=F("last_number"), highest=F("last_number"))


def _not_its_fees() -> QuerySet[Invoice]:
    rows = Invoice.objects.invoices().annotate(billed=Coalesce(Sum("fees__amount_minor"), 0))
    return rows.filter(~Q(billed=F("net_minor")))


def _found[M: Model](what: str, rows: QuerySet[M]) -> "Iterator[Finding]":
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        yield Finding("I-39", what, str(pk))
