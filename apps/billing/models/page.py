"""A page of Stripe's on which a merchant pays an invoice by itself."""

from datetime import datetime

from django.db import models

from apps.billing import choices
from apps.billing.managers import InvoicePageManager
from apps.core.constraints import StatusMoves, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.status import WithStatus
from apps.core.verbs import verb

Status = choices.InvoicePage.Status


class InvoicePage(WithStatus, TenantModel):
    """One that may be paid for each invoice; its id is the key by which Stripe knows it once."""

    TRANSITIONS = choices.InvoicePage.TRANSITIONS

    invoice = models.ForeignKey("billing.Invoice", models.PROTECT, related_name="pages")
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.OPENING)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    link_until = models.DateTimeField()
    session_id = models.CharField(max_length=120, blank=True)
    url = models.TextField(blank=True)
    failure_code = models.CharField(max_length=60, blank=True)

    amount = MoneyOf("amount_minor")

    objects = InvoicePageManager()

    class Meta:
        constraints = (
            *tenant("billing_invoicepage", "invoice"),
            models.UniqueConstraint(
                fields=("invoice",),
                condition=models.Q(status__in=choices.InvoicePage.OPEN),
                name="billing_invoicepage_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="billing_invoicepage_amount"
            ),
            StatusMoves(moves=choices.InvoicePage.TRANSITIONS, name="billing_invoicepage_moves"),
        )

    def __str__(self) -> str:
        return f"{self.amount} of {self.invoice}"

    @property
    def key(self) -> str:
        return f"invoice_page:{self.id}"

    @verb
    def offer(self, session_id: str, url: str, until: datetime) -> None:
        if self.status == Status.OPENING:
            self.become(Status.OFFERED)
            self.session_id, self.url, self.link_until = session_id, url, until

    @verb
    def end(self, status: str, code: str = "") -> None:
        self.become(status)
        self.failure_code = code[:60]
