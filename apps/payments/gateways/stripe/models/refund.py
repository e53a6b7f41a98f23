"""Back to the charge that the money came from."""

from datetime import datetime, timedelta
from typing import ClassVar, override

from django.db import models

from apps.core.constraints import DeferredCheck
from apps.core.errors import DomainError
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.gateways.stripe import mappers
from apps.payments.gateways.stripe.client import Client
from apps.payments.gateways.stripe.facts import AccessRefused, Asked, RefundFacts, Refused
from apps.payments.gateways.stripe.models.account import SAME_MERCHANT, StripeAccount
from apps.payments.gateways.stripe.models.charge import StripeRecoveryCharge
from apps.payments.gateways.stripe.models.checkout import StripeCheckoutPayment
from apps.payments.helpers import vendor_of
from apps.payments.managers import StripeRefundManager
from apps.payments.models import Payment
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger
from apps.payments.refusals import NoAnswer

A, Outcome = choices.Ledger.Account, choices.Payment.Outcome


class NotPaidByStripe(DomainError):
    code = "not_paid_by_stripe"
    title = "The payment of the order was not taken by a Stripe account of the merchant"
    status = 409


class StripeRefund(Payment):
    """Back to the charge that it came from; Stripe may take a success back later."""

    CAN_COME_BACK: ClassVar[bool] = True
    # Stripe keeps a key for 24 hours at least; an hour of it is left unused.
    KEY_LIFE: ClassVar[timedelta | None] = timedelta(hours=23)
    ASKED_EVERY: ClassVar[timedelta | None] = timedelta(hours=1)

    stripe_account = models.ForeignKey(StripeAccount, models.PROTECT, related_name="refunds")
    paid_by = models.CharField(max_length=120, help_text="The payment intent or the charge")

    # A manager of its own class, where mypy wants the parent's.
    objects = StripeRefundManager()  # type: ignore[misc, assignment]

    class Meta:
        constraints = (
            # The merchant's column stands in the parent's table, out of reach of a foreign key.
            DeferredCheck(
                holds=SAME_MERCHANT,
                message="a refund goes through an account of its own merchant",
                events="INSERT OR UPDATE",
                name="payments_striperefund_merchant",
            ),
        )

    @override
    def booked(self, account: str) -> str:
        is_platform = self.stripe_account.is_platform
        return postings.OF_PLATFORM.get(account, account) if is_platform else account

    @override
    def post_promised(self, at: datetime) -> None:
        """What goes back of a collection is not earned any more, or owed again."""
        if self.gives_back_id is None:
            super().post_promised(at)
            return
        sides = (postings.EARNED[self.purpose], A.REFUNDS_PAYABLE)
        ledger.post(self.source, "promised", self._legs(sides), at)

    @override
    def arrange(self, at: datetime) -> None:
        self._tell_collection()

    @override
    def post_returned(self, at: datetime) -> None:
        super().post_returned(at)
        self._tell_collection()

    def _tell_collection(self) -> None:
        """By its own status, which is not saved yet, and those of the others."""
        collection = self.gives_back
        if isinstance(collection, StripeCheckoutPayment | StripeRecoveryCharge):
            others = collection.given_back_by.exclude(pk=self.pk)
            paid = others.filter(status=choices.Payment.Status.SUCCEEDED)
            arrived = sum(paid.values_list("amount_minor", flat=True))
            mine = self.amount_minor if self.status == choices.Payment.Status.SUCCEEDED else 0
            collection.count_given_back(arrived + mine)

    def draw_on_tender(self) -> None:
        """In memory, before it is saved; raises NotPaidByStripe."""
        account = StripeAccount.objects.of_store(self.merchant_id, self.store_id)
        tender = self.tender
        theirs = tender is not None and vendor_of(tender.gateway, tender.external_id)
        if account is None or tender is None or theirs != choices.Payment.Gateway.STRIPE:
            raise NotPaidByStripe(order=str(self.order_id))
        self.stripe_account, self.environment = account, account.environment
        self.paid_by = tender.external_id

    @override
    def call(self) -> Answer:
        client = self.stripe_account.client()
        try:
            earlier = self._made_before(client) if self.generation > 1 else None
            return self._answer(earlier or client.refund(self._asked()))
        except AccessRefused as refused:
            if self.attempts > 1:
                raise NoAnswer from refused
            return Answer(Outcome.FAILED, failure_code=refused.code)
        except Refused as refused:
            return Answer(Outcome.FAILED, failure_code=refused.code)

    @override
    def ask(self) -> Answer:
        """By its id where we know it, else among the refunds of the charge by our reference."""
        client = self.stripe_account.client()
        try:
            if self.provider_ref:
                return self._answer(client.refund_by_id(self.provider_ref))
            for facts in client.refunds_of(self.paid_by):
                if facts.reference == self.idempotency_key:
                    return self._answer(facts)
        except Refused as refused:
            raise NoAnswer from refused
        return Answer(Outcome.ABSENT)

    def answer_to(self, facts: RefundFacts) -> Answer | None:
        """None when it is no refund of this generation, whatever its metadata say by now."""
        is_mine = facts.reference == self.idempotency_key
        is_mine = is_mine and self.provider_ref in ("", facts.id)
        return self._answer(facts) if is_mine else None

    def _answer(self, facts: RefundFacts) -> Answer:
        return mappers.answer_of(facts, self.amount)

    def _made_before(self, client: Client) -> RefundFacts | None:
        """An earlier generation that was held for refused and is there all the same."""
        mine = (each for each in client.refunds_of(self.paid_by) if each.payment == str(self.id))
        return next((each for each in mine if each.status not in mappers.GONE), None)

    def _asked(self) -> Asked:
        metadata = {
            "reference": self.idempotency_key,
            "payment": str(self.id),
            "return": str(self.ret_id or ""),
            "store": str(self.store_id),
        }
        return Asked(
            source=self.paid_by,
            amount=mappers.to_stripe(self.amount),
            metadata=metadata,
            key=self.idempotency_key,
        )
