from django.db import models

from apps.billing import choices
from apps.billing.managers import InvoicePaymentManager
from apps.core.constraints import AppendOnly, tenant
from apps.core.models import MoneyOf, TenantModel


class InvoicePayment(TenantModel):
    """Money that came for an invoice; below zero where it went back (of a debit), or went out."""

    invoice = models.ForeignKey("billing.Invoice", models.PROTECT, related_name="payments")
    method = models.CharField(max_length=13, choices=choices.InvoicePayment.Method.choices)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reference = models.CharField(max_length=60)
    recorded_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    amount = MoneyOf("amount_minor")

    objects = InvoicePaymentManager()

    class Meta:
        ordering = ("id",)
        constraints = (
            *tenant("billing_invoicepayment", "invoice"),
            models.UniqueConstraint(
                fields=("invoice", "reference"), name="billing_invoicepayment_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(amount_minor=0), name="billing_invoicepayment_amount"
            ),
            AppendOnly(name="billing_invoicepayment_fixed"),
        )

    def __str__(self) -> str:
        return f"{self.amount} {self.reference}"
