"""Invoices and credit notes: numbered without gaps, frozen at issue, right to the cent (I-39)."""

from django.db import models

from apps.accounts import choices as accounts
from apps.billing import choices
from apps.billing.constraints import FrozenWhen, LinesOfDrafts
from apps.billing.managers import InvoiceLineManager, InvoiceManager, InvoiceSeriesManager
from apps.billing.mixins.crediting import CreditingMixin
from apps.billing.mixins.dunning import DunningMixin
from apps.core.constraints import DeferredCheck, StatusMoves, tenant
from apps.core.models import AbstractTimeStampedUUID, MoneyOf, TenantModel
from apps.core.verbs import verb

# Of those from before merchants had a language.
ENGLISH = accounts.Merchant.Language.ENGLISH
Kind, Status = choices.Invoice.Kind, choices.Invoice.Status
# What lives on after the issue; all else is the document.
LIVES_ON = (
    *("status", "paid_minor", "credited_minor", "paid_at", "dunning", "dunned_at", "updated_at"),
    *("file", "sha256", "size", "requested_by_id", "approved_by_id", "needs_second_person"),
    "write_off_reason",
)
# A credit note rounds with those before it, so that all of them take back the very VAT charged.
SUMS = """NOT EXISTS (SELECT 1 FROM billing_invoiceline l
      JOIN billing_invoice i ON i.id = l.invoice_id
      WHERE l.invoice_id = {id} GROUP BY i.kind, l.vat_rate
      HAVING abs(sum(l.vat_minor) - round(sum(l.net_minor) * l.vat_rate / 100))
        > CASE i.kind WHEN 'invoice' THEN 0 ELSE 1 END)
  AND NOT EXISTS (SELECT 1
       FROM billing_invoice i LEFT JOIN billing_invoiceline l ON l.invoice_id = i.id
       WHERE i.id = {id} GROUP BY i.id
       HAVING coalesce(sum(l.net_minor), 0) <> i.net_minor
         OR coalesce(sum(l.vat_minor), 0) <> i.vat_minor)"""
SETTLED = """NOT EXISTS (SELECT 1 FROM billing_invoice i WHERE i.id = changed.id
  AND (i.paid_minor <> (SELECT coalesce(sum(p.amount_minor), 0)
      FROM billing_invoicepayment p WHERE p.invoice_id = i.id)
    OR i.kind = 'invoice' AND i.credited_minor <> (
      SELECT coalesce(sum(c.total_minor), 0) FROM billing_invoice c
      WHERE c.original_id = i.id AND c.status <> 'draft')))"""
NO_GAP = """changed.number IS NULL OR changed.number = 1 OR EXISTS (
    SELECT 1 FROM billing_invoice before
    WHERE before.series_id = changed.series_id AND before.number = changed.number - 1)"""
AS_COUNTED = """changed.last_number = 0 OR EXISTS (SELECT 1 FROM billing_invoice i
    WHERE i.series_id = changed.id AND i.number = changed.last_number)"""


class InvoiceSeries(AbstractTimeStampedUUID):
    """Numbers of one kind and year, from 1; the row is locked while the next one is taken."""

    kind = models.CharField(max_length=11, choices=Kind.choices)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)
    last_issued_on = models.DateField(null=True, blank=True)

    objects = InvoiceSeriesManager()

    class Meta:
        verbose_name_plural = "invoice series"
        constraints = (
            models.UniqueConstraint(fields=("kind", "year"), name="billing_invoiceseries_once"),
            DeferredCheck(
                holds=AS_COUNTED,
                message="the last number of a series stands on an invoice",
                name="billing_invoiceseries_counted",
                events="INSERT OR UPDATE",
            ),
        )

    def __str__(self) -> str:
        return f"{choices.Invoice.PREFIXES[self.kind]}{self.year}"


class Invoice(CreditingMixin, DunningMixin, TenantModel):
    """An invoice, or the credit note of one: its sums are above zero and take from the original."""

    TRANSITIONS = choices.Invoice.TRANSITIONS

    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.INVOICE)
    original = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="credit_notes"
    )
    series = models.ForeignKey(InvoiceSeries, models.PROTECT, null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    code = models.CharField("number", max_length=20, blank=True)
    status = models.CharField(max_length=13, choices=Status.choices, default=Status.DRAFT)
    period = models.DateField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField(default=0)
    # Of an invoice: what its credit notes took; of a credit note: what was set off against it.
    credited_minor = models.BigIntegerField(default=0)
    treatment = models.CharField(max_length=14, choices=choices.Vat.Treatment.choices)
    language = models.CharField(
        max_length=2, choices=accounts.Merchant.Language.choices, default=ENGLISH
    )
    seller = models.JSONField(default=dict, blank=True)
    buyer = models.JSONField(default=dict, blank=True)
    notes = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    method = models.CharField(max_length=13, choices=choices.Profile.Method.choices)
    mandate_id = models.CharField(max_length=35, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    dunning = models.CharField(
        max_length=10,
        choices=choices.Invoice.Dunning.choices,
        default=choices.Invoice.Dunning.NONE,
    )
    dunned_at = models.DateTimeField(null=True, blank=True)
    write_off_reason = models.CharField(max_length=300, blank=True)
    needs_second_person = models.BooleanField(default=False)
    requested_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        "users.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    file = models.FileField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)

    net = MoneyOf("net_minor")
    vat = MoneyOf("vat_minor")
    total = MoneyOf("total_minor")
    paid = MoneyOf("paid_minor")
    credited = MoneyOf("credited_minor")

    objects = InvoiceManager()

    class Meta:
        constraints = (
            *tenant("billing_invoice", "original"),
            models.UniqueConstraint(fields=("series", "number"), name="billing_invoice_number"),
            models.UniqueConstraint(
                fields=("merchant", "period", "currency"),
                condition=models.Q(kind=Kind.INVOICE),
                name="billing_invoice_month",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status=Status.DRAFT, number__isnull=True, series__isnull=True, code=""
                )
                | ~models.Q(status=Status.DRAFT)
                & ~models.Q(code="")
                & models.Q(number__isnull=False, series__isnull=False, issued_on__isnull=False),
                name="billing_invoice_numbered",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.CREDIT_NOTE, original__isnull=False)
                & ~models.Q(reason="")
                | models.Q(kind=Kind.INVOICE, original__isnull=True, period__isnull=False),
                name="billing_invoice_original",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    total_minor=models.F("net_minor") + models.F("vat_minor"),
                    total_minor__gte=0,
                    credited_minor__gte=0,
                    credited_minor__lte=models.F("total_minor"),
                    paid_minor__gte=0,
                    paid_minor__lte=models.F("total_minor"),
                ),
                name="billing_invoice_sums",
            ),
            models.CheckConstraint(
                condition=models.Q(needs_second_person=False)
                | models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("requested_by")),
                name="billing_invoice_two_persons",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.CREDIT_NOTE, needs_second_person=True)
                | models.Q(status=Status.DRAFT)
                | models.Q(approved_by__isnull=False),
                name="billing_invoice_approved",
            ),
            StatusMoves(moves=choices.Invoice.TRANSITIONS, name="billing_invoice_moves"),
            FrozenWhen(
                holds="OLD.status <> 'draft'",
                may_change=LIVES_ON,
                message="an issued invoice is frozen",
                name="billing_invoice_frozen",
            ),
            DeferredCheck(
                holds=SUMS.format(id="changed.id"),
                message="an invoice is the sum of its lines and their VAT",
                name="billing_invoice_closes",
                events="INSERT OR UPDATE",
            ),
            DeferredCheck(
                holds=SETTLED,
                message="an invoice is paid by its payments and credited by its credit notes",
                name="billing_invoice_settled",
                events="INSERT OR UPDATE",
            ),
            DeferredCheck(
                holds=NO_GAP,
                message="numbers of a series have no gap",
                name="billing_invoice_no_gap",
                events="INSERT OR UPDATE",
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "-id"), name="billing_invoice_list"),
            models.Index(fields=("original",), name="billing_invoice_credits"),
            models.Index(
                fields=("due_on",),
                condition=models.Q(status__in=choices.Invoice.OPEN),
                name="billing_invoice_due",
            ),
        )

    def __str__(self) -> str:
        return self.code or f"draft {self.get_kind_display().lower()}"

    @verb
    def keep_document(self, name: str, sha256: str, size: int) -> None:
        """The first one stays: the same rows give the same bytes."""
        if not self.file:
            self.file = name
            self.sha256, self.size = sha256, size


class InvoiceLine(TenantModel):
    """Fees of one kind and wording; `unit_minor` only where each of them costs the same."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=choices.Fee.Kind.choices)
    description = models.CharField(max_length=140)
    quantity = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    unit_minor = models.BigIntegerField(null=True, blank=True)
    net_minor = models.BigIntegerField()
    vat_class = models.CharField(max_length=8, choices=choices.Vat.Class.choices)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    vat_minor = models.BigIntegerField()

    net = MoneyOf("net_minor")
    vat = MoneyOf("vat_minor")

    objects = InvoiceLineManager()

    class Meta:
        ordering = ("position",)
        constraints = (
            *tenant("billing_invoiceline", "invoice"),
            models.UniqueConstraint(
                fields=("invoice", "position"), name="billing_invoiceline_position"
            ),
            models.CheckConstraint(
                condition=models.Q(vat_class=choices.Vat.Class.SERVICE)
                | models.Q(vat_rate=0, vat_minor=0),
                name="billing_invoiceline_outside",
            ),
            LinesOfDrafts(invoices="billing_invoice", name="billing_invoiceline_frozen"),
            DeferredCheck(
                holds=SUMS.format(id="changed.invoice_id"),
                message="an invoice is the sum of its lines and their VAT",
                name="billing_invoiceline_closes",
                events="INSERT OR UPDATE",
            ),
        )

    def __str__(self) -> str:
        return self.description
