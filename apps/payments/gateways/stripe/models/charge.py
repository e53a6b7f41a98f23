"""A saved card, charged for an advance that did not come back."""

from datetime import timedelta
from typing import ClassVar, override

from django.db import models

from apps.core.constraints import DeferredCheck
from apps.payments.dtos import Answer
from apps.payments.gateways.stripe import takings
from apps.payments.gateways.stripe.facts import ChargeAsked, IntentFacts, Refused
from apps.payments.gateways.stripe.mappers import to_stripe
from apps.payments.gateways.stripe.models.account import SAME_MERCHANT, StripeAccount
from apps.payments.gateways.stripe.models.card import PaymentMethodToken
from apps.payments.gateways.stripe.standing import AtStripeMixin
from apps.payments.managers import StripeRecoveryChargeManager
from apps.payments.mixins.collecting import CollectingMixin, Outcome
from apps.payments.models import Payment
from apps.payments.refusals import NoAnswer

COVERED = """EXISTS (
  SELECT FROM payments_payment p JOIN payments_paymentmethodtoken c ON c.id = changed.card_id
  WHERE p.id = changed.payment_ptr_id AND c.merchant_id = p.merchant_id AND c.ret_id = p.ret_id
    AND c.currency = p.currency AND p.amount_minor <= c.cap_minor
    AND p.created_at < c.charge_until
)"""


class StripeRecoveryCharge(AtStripeMixin, CollectingMixin, Payment):
    """One attempt of one recovery: an intent and a key of its own, and never a second try of it."""

    KEY_LIFE: ClassVar[timedelta | None] = timedelta(hours=23)

    stripe_account = models.ForeignKey(StripeAccount, models.PROTECT, related_name="charges")
    card = models.ForeignKey(PaymentMethodToken, models.PROTECT, related_name="charges")

    # A manager of its own class, where mypy wants the parent's.
    objects = StripeRecoveryChargeManager()  # type: ignore[misc, assignment]

    class Meta:
        constraints = (
            DeferredCheck(
                holds=SAME_MERCHANT,
                message="a card is charged by an account of its own merchant",
                events="INSERT OR UPDATE",
                name="payments_striperecoverycharge_merchant",
            ),
            DeferredCheck(
                holds=COVERED,
                message="a charge stays within the consent of the card",
                events="INSERT OR UPDATE",
                name="payments_striperecoverycharge_covered",
            ),
            models.UniqueConstraint(
                fields=("recovery_id", "attempt"), name="payments_striperecoverycharge_once"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    recovery_id__isnull=False,
                    attempt__gte=1,
                    attempt__lte=3,
                    given_back_minor__gte=0,
                ),
                name="payments_striperecoverycharge_attempt",
            ),
        )

    @override
    def call(self) -> Answer:
        try:
            return self._answer(self.stripe_account.client().charge(self._asked()))
        except Refused as refused:
            return self.refused(refused)

    @override
    def ask(self) -> Answer:
        """By its id where we know it, else among the customer's intents by our reference."""
        client = self.stripe_account.client()
        try:
            if self.provider_ref:
                return self._answer(client.intent(self.provider_ref))
            for facts in client.intents_of(self.card.customer_ref):
                if facts.reference == self.idempotency_key:
                    return self._answer(facts)
        except Refused as refused:
            raise NoAnswer from refused
        return Answer(Outcome.ABSENT)

    def answer_to(self, facts: IntentFacts) -> Answer | None:
        """None when it is no intent of this attempt."""
        is_mine = facts.reference == self.idempotency_key
        return self._answer(facts) if is_mine and self.provider_ref in ("", facts.id) else None

    def _answer(self, facts: IntentFacts) -> Answer:
        return takings.answer_of_intent(facts, self.amount)

    def _asked(self) -> ChargeAsked:
        return ChargeAsked(
            amount=to_stripe(self.amount),
            currency=self.currency,
            customer=self.card.customer_ref,
            method=self.card.method_ref,
            label=self.label,
            metadata=self.metadata,
            key=self.idempotency_key,
        )
