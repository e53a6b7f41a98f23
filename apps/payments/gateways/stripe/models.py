from datetime import datetime, timedelta
from typing import ClassVar, override

from django.db import models

from apps.core.constraints import DeferredCheck, tenant
from apps.core.errors import DomainError
from apps.core.fields import Sealed, SealedField
from apps.core.models import TenantModel
from apps.core.verbs import verb
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.gateways.stripe import mappers
from apps.payments.gateways.stripe.client import Client
from apps.payments.gateways.stripe.facts import AccessRefused, Asked, RefundFacts, Refused
from apps.payments.helpers import vendor_of
from apps.payments.managers import StripeAccountManager, StripeRefundManager
from apps.payments.models import Payment
from apps.payments.refusals import NoAnswer

Outcome = choices.Payment.Outcome


class NotPaidByStripe(DomainError):
    code = "not_paid_by_stripe"
    title = "The payment of the order was not taken by a Stripe account of the merchant"
    status = 409


SAME_MERCHANT = """EXISTS (
  SELECT FROM payments_payment p JOIN payments_stripeaccount a ON a.merchant_id = p.merchant_id
  WHERE p.id = changed.payment_ptr_id AND a.id = changed.stripe_account_id
)"""


class StripeAccount(TenantModel):
    """A merchant's own account; one without a store serves all stores that have none."""

    store = models.ForeignKey(
        "accounts.Store", models.PROTECT, null=True, blank=True, related_name="stripe_accounts"
    )
    environment = models.CharField(
        max_length=4,
        choices=choices.Payment.Environment.choices,
        default=choices.Payment.Environment.LIVE,
    )
    account_id = models.CharField(max_length=60)
    secret_key = SealedField()
    webhook_secrets = SealedField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    caught_up_to = models.DateTimeField(null=True, blank=True)

    objects = StripeAccountManager()

    class Meta:
        constraints = (
            *tenant("payments_stripeaccount", "store"),
            models.UniqueConstraint(
                fields=("merchant", "store"),
                condition=models.Q(is_active=True),
                nulls_distinct=False,
                name="payments_stripeaccount_one_active",
            ),
        )

    def __str__(self) -> str:
        return self.account_id

    @property
    def aad(self) -> str:
        return f"{self._meta.db_table}:{self.id}"

    def secrets(self) -> list[str]:
        sealed = self.webhook_secrets
        return [] if sealed is None else [str(each) for each in sealed.open(self.aad)]

    @verb
    def close(self) -> None:
        """Refunds under way are still asked about through it; no new one is."""
        self.is_active = False

    @verb
    def let_speak(self, webhook_secrets: list[str]) -> None:
        """Webhooks signed with one of these are heard from now on; two while one is rolled over."""
        self.webhook_secrets = Sealed.seal(webhook_secrets, self.aad)

    @verb
    def catch_up_to(self, at: datetime) -> None:
        self.caught_up_to = at

    def client(self) -> Client:
        assert self.secret_key is not None  # noqa: S101
        return Client(str(self.secret_key.open(self.aad)))


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
