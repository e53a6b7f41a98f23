"""A merchant's saved card, and the charges of invoices to it."""

from datetime import datetime, timedelta

from django.db import models

from apps.billing import choices
from apps.billing.managers import InvoiceChargeManager, MerchantCardManager
from apps.core.constraints import StatusMoves, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.payments.gateways.stripe.facts import CardFacts

Status = choices.MerchantCard.Status
Charged = choices.InvoiceCharge.Status
# Stripe keeps a key for a day.
KEY_LIFE = timedelta(hours=23)
# A call that nobody heard the end of has ended by then.
CALL_LIFE = timedelta(minutes=15)


class MerchantCard(WithStatus, RecordsEvents, TenantModel):
    """What the merchant agreed to, and what stands at Stripe: brand and last four digits only."""

    TRANSITIONS = choices.MerchantCard.TRANSITIONS

    stripe_account = models.ForeignKey("payments.StripeAccount", models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.CONSENTED)
    consent_text = models.TextField()
    consent_version = models.CharField(max_length=20)
    consented_at = models.DateTimeField()
    agreed_by = models.ForeignKey("users.User", models.PROTECT, related_name="+")
    customer_ref = models.CharField(max_length=120, blank=True)
    method_ref = models.CharField(max_length=120, blank=True)
    session_id = models.CharField(max_length=120, blank=True)
    url = models.TextField(blank=True)
    link_until = models.DateTimeField()
    brand = models.CharField(max_length=20, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expires = models.CharField(max_length=7, blank=True)
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when Stripe has no card of it either"
    )

    objects = MerchantCardManager()

    class Meta:
        constraints = (
            *tenant("billing_merchantcard", "stripe_account"),
            StatusMoves(moves=choices.MerchantCard.TRANSITIONS, name="billing_merchantcard_moves"),
            models.CheckConstraint(
                condition=~models.Q(status=Status.READY)
                | ~models.Q(method_ref="") & ~models.Q(customer_ref=""),
                name="billing_merchantcard_ready",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at=None) | models.Q(status=Status.DROPPED),
                name="billing_merchantcard_removed",
            ),
            models.UniqueConstraint(
                fields=("merchant", "status"),
                condition=models.Q(status__in=(Status.CONSENTED, Status.READY)),
                name="billing_merchantcard_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.brand} {self.last4}".strip() or str(self.pk)

    @property
    def metadata(self) -> dict[str, str]:
        return {"card": str(self.pk), "merchant": str(self.merchant_id)}

    @verb
    def offer(self, customer: str, session: str, url: str) -> None:
        """The page where the card is given."""
        if self.status == Status.CONSENTED:
            self.customer_ref, self.session_id, self.url = customer, session, url

    @verb
    def keep(self, card: CardFacts) -> None:
        self.become(Status.READY)
        self.method_ref, self.customer_ref = card.method, card.customer
        self.brand, self.last4, self.expires = card.brand, card.last4, card.expires
        self.url = ""
        self.record(choices.Event.CARD_SAVED, brand=self.brand, last4=self.last4)

    @verb
    def end(self, status: str, code: str) -> None:
        """Refused for good by the bank, or dropped."""
        self.become(status)
        self.url = ""
        self.record(choices.Event.CARD_DROPPED, code=code)

    @verb
    def note_removed(self, at: datetime) -> None:
        self.removed_at = at


class InvoiceCharge(WithStatus, TenantModel):
    """One at a time for each invoice; its id is the key by which Stripe knows it once."""

    TRANSITIONS = choices.InvoiceCharge.TRANSITIONS

    invoice = models.ForeignKey("billing.Invoice", models.PROTECT, related_name="charges")
    card = models.ForeignKey(MerchantCard, models.PROTECT, related_name="charges")
    status = models.CharField(max_length=7, choices=Charged.choices, default=Charged.OPEN)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    promised_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    intent_id = models.CharField(max_length=120, blank=True)
    failure_code = models.CharField(max_length=60, blank=True)

    amount = MoneyOf("amount_minor")

    objects = InvoiceChargeManager()

    class Meta:
        constraints = (
            *tenant("billing_invoicecharge", "invoice", "card"),
            models.UniqueConstraint(
                fields=("invoice",),
                condition=models.Q(status=Charged.OPEN),
                name="billing_invoicecharge_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0), name="billing_invoicecharge_amount"
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=(Charged.PAID, Charged.SURPLUS))
                | ~models.Q(intent_id=""),
                name="billing_invoicecharge_paid",
            ),
            StatusMoves(
                moves=choices.InvoiceCharge.TRANSITIONS, name="billing_invoicecharge_moves"
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount} of {self.invoice}"

    @property
    def key(self) -> str:
        return f"invoice_charge:{self.id}"

    def is_repeatable(self, at: datetime) -> bool:
        """Whether the key still stands for one charge."""
        return at < self.promised_at + KEY_LIFE

    def is_in_flight(self, at: datetime) -> bool:
        return self.called_at is not None and at < self.called_at + CALL_LIFE

    @verb
    def note_call(self, at: datetime) -> None:
        """Before it is made."""
        self.called_at = at

    @verb
    def note_intent(self, intent_id: str) -> None:
        self.intent_id = intent_id

    @verb
    def end(self, status: str, intent_id: str = "", code: str = "") -> None:
        self.become(status)
        self.intent_id, self.failure_code = intent_id or self.intent_id, code[:60]
