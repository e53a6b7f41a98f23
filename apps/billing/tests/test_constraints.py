"""What the triggers of billing refuse is allowed again once they are taken away."""

import pytest
from django.db import connection
from django.db.models import Model

from apps.billing.models import Fee, Invoice, InvoiceLine
from apps.billing.tests.factories import FeeFactory, InvoiceFactory

pytestmark = pytest.mark.django_db


def without(model: type[Model], name: str) -> None:
    (constraint,) = [each for each in model._meta.constraints if each.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)


class RemovedTest:
    def test_fixed_fee(self) -> None:
        fee = FeeFactory.create()
        without(Fee, "billing_fee_fixed")

        assert Fee.objects.filter(pk=fee.pk).update(amount_minor=1) == 1

    def test_frozen_invoice(self) -> None:
        invoice = InvoiceFactory.create()
        without(Invoice, "billing_invoice_frozen")

        assert Invoice.objects.filter(pk=invoice.pk).update(reason="none") == 1

    def test_frozen_lines(self) -> None:
        InvoiceFactory.create()
        without(InvoiceLine, "billing_invoiceline_frozen")

        assert InvoiceLine.objects.update(description="Other") == 1
