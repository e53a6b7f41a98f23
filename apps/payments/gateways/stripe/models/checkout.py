"""The shopper pays on a page of Stripe's: a price difference, a fee, what a card would not give."""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, override

from django.conf import settings
from django.db import models

from apps.core.constraints import DeferredCheck
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.gateways.stripe import takings
from apps.payments.gateways.stripe.facts import PageAsked, Refused, SessionFacts
from apps.payments.gateways.stripe.mappers import to_stripe
from apps.payments.gateways.stripe.models.account import SAME_MERCHANT, StripeAccount
from apps.payments.gateways.stripe.standing import AtStripeMixin
from apps.payments.managers import StripeCheckoutPaymentManager
from apps.payments.mixins.collecting import CollectingMixin, Outcome
from apps.payments.models import Payment
from apps.payments.refusals import NoAnswer

if TYPE_CHECKING:
    from apps.accounts.models import Store


def portal_of(store: "Store") -> str:
    """Where the shopper goes on after a page of Stripe's."""
    own = str(store.preferences.branding.get("portal_url", ""))
    return own if own.startswith("https://") else f"{settings.PORTAL_URL}/{store.slug}"


class StripeCheckoutPayment(AtStripeMixin, CollectingMixin, Payment):
    """To open a page moves no money: the shopper does, and Stripe tells us."""

    KEY_LIFE: ClassVar[timedelta | None] = timedelta(hours=23)

    stripe_account = models.ForeignKey(StripeAccount, models.PROTECT, related_name="checkouts")
    session_id = models.CharField(max_length=120, blank=True)
    url = models.TextField(blank=True)
    link_until = models.DateTimeField()

    # A manager of its own class, where mypy wants the parent's.
    objects = StripeCheckoutPaymentManager()  # type: ignore[misc, assignment]

    class Meta:
        constraints = (
            DeferredCheck(
                holds=SAME_MERCHANT,
                message="a page is opened by an account of its own merchant",
                events="INSERT OR UPDATE",
                name="payments_stripecheckoutpayment_merchant",
            ),
            models.CheckConstraint(
                condition=models.Q(given_back_minor__gte=0),
                name="payments_stripecheckoutpayment_given_back",
            ),
        )

    @property
    def is_offered(self) -> bool:
        return self.status == choices.Payment.Status.REQUIRES_ACTION

    @override
    def call(self) -> Answer:
        try:
            return self._answer(self.stripe_account.client().open_page(self._asked()))
        except Refused as refused:
            return self.refused(refused)

    @override
    def ask(self) -> Answer:
        """By its id. A page whose id we never heard is opened again under its key: the same one."""
        if not self.session_id:
            return Answer(Outcome.ABSENT)
        try:
            return self._answer(self.stripe_account.client().page(self.session_id))
        except Refused as refused:
            raise NoAnswer from refused

    def close_page(self) -> Answer:
        """So that nobody pays there any more; what it says instead when somebody did."""
        try:
            return self._answer(self.stripe_account.client().close_page(self.session_id))
        except Refused:
            return self.ask()

    def answer_to(self, facts: SessionFacts) -> Answer | None:
        """None when it is no page of this generation."""
        is_mine = facts.reference == self.idempotency_key
        return self._answer(facts) if is_mine and self.session_id in ("", facts.id) else None

    @override
    def keep_link(self, answer: Answer) -> None:
        self.session_id, self.url = answer.provider_ref, answer.link
        if answer.link_until is not None:
            self.link_until = answer.link_until

    @override
    def let_go(self) -> None:
        self.session_id = self.url = ""

    def _answer(self, facts: SessionFacts) -> Answer:
        return takings.answer_of_page(facts, self.amount)

    def _asked(self) -> PageAsked:
        return PageAsked(
            label=self.label,
            currency=self.currency,
            amount=to_stripe(self.amount),
            back_to=portal_of(self.store),
            expires_at=int(self.link_until.timestamp()),
            metadata=self.metadata,
            key=self.idempotency_key,
        )
