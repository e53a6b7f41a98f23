"""What every collection by Stripe has: its account, its label, its metadata, its refusals."""

from typing import TYPE_CHECKING, override

from apps.payments.dtos import Answer
from apps.payments.gateways.stripe.facts import AccessRefused, Refused
from apps.payments.mixins.collecting import CollectingMixin, Outcome
from apps.payments.modules.ledger import postings
from apps.payments.refusals import NoAnswer

if TYPE_CHECKING:
    from uuid import UUID

    from apps.orders.models import Order
    from apps.payments.gateways.stripe.models.account import StripeAccount


class AtStripeMixin(CollectingMixin):
    if TYPE_CHECKING:
        stripe_account: StripeAccount
        order: Order
        store_id: UUID

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """On the page, and in Stripe's own lists."""
        return f"Return of order {self.order.number}"

    @property
    def metadata(self) -> dict[str, str]:
        return {
            "reference": self.idempotency_key,
            "payment": str(self.pk),
            "merchant": str(self.merchant_id),
            "return": str(self.ret_id or ""),
            "recovery": str(self.recovery_id or ""),
        }

    @override
    def booked(self, account: str) -> str:
        is_platform = self.stripe_account.is_platform
        return postings.OF_PLATFORM.get(account, account) if is_platform else account

    def refused(self, refused: Refused) -> Answer:
        """A refusal of our own key says nothing of an earlier attempt that may have arrived."""
        if isinstance(refused, AccessRefused) and self.attempts > 1:
            raise NoAnswer from refused
        return Answer(
            Outcome.FAILED, provider_ref=refused.reference, failure_code=refused.code[:60]
        )
