"""A card that the shopper lets us charge later: what was agreed to, and what stands at Stripe."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from apps.core.constraints import StatusMoves, tenant
from apps.core.models import MoneyOf, TenantModel
from apps.core.money import Money
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.payments import choices
from apps.payments.gateways.stripe.facts import CardFacts
from apps.payments.gateways.stripe.models.account import StripeAccount
from apps.payments.managers import PaymentMethodTokenManager

if TYPE_CHECKING:
    from apps.accounts.models import Store
    from apps.orders.models import Return

Status = choices.SavedCard.Status


class PaymentMethodToken(WithStatus, RecordsEvents, TenantModel):
    """For one return, or for the quote that is to become one: until then nothing can be charged.

    Brand and last four digits only; the number never comes near us.
    """

    TRANSITIONS = choices.SavedCard.TRANSITIONS

    ret = models.ForeignKey(
        "orders.Return", models.PROTECT, null=True, blank=True, related_name="saved_cards"
    )
    quote = models.ForeignKey(
        "orders.Quote", models.PROTECT, null=True, blank=True, related_name="saved_cards"
    )
    stripe_account = models.ForeignKey(StripeAccount, models.PROTECT, related_name="cards")
    status = models.CharField(
        max_length=10, choices=choices.SavedCard.Status.choices, default=Status.CONSENTED
    )
    consent_text = models.TextField()
    consent_version = models.CharField(max_length=20)
    consented_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    cap_minor = models.BigIntegerField()
    charge_until = models.DateTimeField()
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

    cap = MoneyOf("cap_minor")

    objects = PaymentMethodTokenManager()

    class Meta:
        constraints = (
            *tenant("payments_paymentmethodtoken", "ret", "quote", "stripe_account"),
            StatusMoves(moves=choices.SavedCard.TRANSITIONS, name="payments_card_moves"),
            models.CheckConstraint(
                condition=models.Q(cap_minor__gt=0), name="payments_paymentmethodtoken_cap"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=Status.READY)
                | ~models.Q(method_ref="") & ~models.Q(customer_ref=""),
                name="payments_paymentmethodtoken_ready",
            ),
            models.UniqueConstraint(
                fields=("ret",),
                condition=models.Q(status__in=(Status.CONSENTED, Status.READY)),
                name="payments_paymentmethodtoken_one",
            ),
            models.UniqueConstraint(
                fields=("quote",),
                condition=models.Q(status__in=(Status.CONSENTED, Status.READY)),
                name="payments_paymentmethodtoken_one_of_quote",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at=None) | models.Q(status=Status.DROPPED),
                name="payments_paymentmethodtoken_removed",
            ),
            models.CheckConstraint(
                condition=models.Q(ret__isnull=False) | models.Q(quote__isnull=False),
                name="payments_paymentmethodtoken_whose",
            ),
        )

    def __str__(self) -> str:
        return f"{self.brand} {self.last4}".strip() or str(self.pk)

    @property
    def metadata(self) -> dict[str, str]:
        # The same before and after its quote is opened: they go out under one idempotency key.
        about = {"quote": str(self.quote_id)} if self.quote_id else {"return": str(self.ret_id)}
        return {"card": str(self.pk), "merchant": str(self.merchant_id), **about}

    @property
    def store(self) -> "Store":
        of = self.ret or self.quote
        assert of is not None  # noqa: S101
        return of.store

    def agrees_with(self, version: str, cap: Money) -> bool:
        """In whatever language the words were read."""
        return (self.consent_version, self.cap) == (version, cap)

    def covers(self, whole: Money, at: datetime) -> bool:
        """May so much be charged in all, now?"""
        is_ready = self.status == Status.READY
        return is_ready and whole <= self.cap and at < self.charge_until

    @verb
    def offer(self, customer: str, session: str, url: str) -> None:
        """The page where the shopper gives the card."""
        self.customer_ref, self.session_id, self.url = customer, session, url

    @verb
    def keep(self, card: CardFacts, at: datetime) -> None:
        if self.status != Status.CONSENTED:
            return
        self.become(Status.READY)
        self.method_ref, self.customer_ref = card.method, card.customer
        self.brand, self.last4, self.expires = card.brand, card.last4, card.expires
        self.url = ""
        self.record(choices.Event.CARD_SAVED, brand=self.brand, last4=self.last4)

    @verb
    def refuse(self, code: str) -> None:
        """The bank said never again."""
        if self.status == Status.READY:
            self.become(Status.REFUSED)
            self.record(choices.Event.CARD_DROPPED, code=code)

    @verb
    def serve(self, ret: "Return") -> None:
        """Its quote was opened: from now on it is the card of that return."""
        self.ret = ret

    @verb
    def drop(self, code: str) -> None:
        """Nobody agreed to what would be charged to it."""
        if self.status in (Status.CONSENTED, Status.READY):
            self.become(Status.DROPPED)
            self.url = ""
            self.record(choices.Event.CARD_DROPPED, code=code)

    @verb
    def forget(self) -> bool:
        """What it looked like; the consent and the references stay. False where nothing is left."""
        if not (self.brand or self.last4) and self.status == Status.DROPPED:
            return False
        if self.status != Status.DROPPED:
            self.become(Status.DROPPED)
            self.record(choices.Event.CARD_DROPPED, code="erased")
        self.brand = self.last4 = self.expires = self.url = ""
        return True

    @verb
    def note_removed(self, at: datetime) -> None:
        self.removed_at = at
