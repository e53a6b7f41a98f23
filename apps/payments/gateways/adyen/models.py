from datetime import datetime, timedelta
from typing import ClassVar, override

from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.gateways.adyen.client import Access, Client
from apps.payments.gateways.base import VendorRefund, of_own_merchant
from apps.payments.managers import AdyenRefundManager
from apps.payments.models import GatewayAccount

Outcome = choices.Payment.Outcome


class AdyenRefund(VendorRefund):
    """Back to the payment that it came from; only notifications tell what became of it."""

    # Adyen keeps a key for seven days at least; a day of it is left unused.
    KEY_LIFE: ClassVar[timedelta | None] = timedelta(days=6)
    ASKED_EVERY: ClassVar[timedelta | None] = None

    # A manager of its own class, where mypy wants the parent's.
    objects = AdyenRefundManager()  # type: ignore[misc, assignment]

    class Meta:
        constraints = (of_own_merchant("payments_adyenrefund"),)

    @override
    def client(self) -> Client:
        return client_of(self.gateway_account)

    @override
    def ask(self) -> Answer:
        """Nothing can be read: under way where Adyen has named it, else sent again by its key."""
        if self.provider_ref:
            return Answer(Outcome.IN_TRANSIT, provider_ref=self.provider_ref)
        return Answer(Outcome.ABSENT)

    @override
    def given_up(self, at: datetime) -> Answer:
        """Never known not to have arrived: a person looks in Adyen's Customer Area."""
        return Answer(Outcome.UNKNOWN)


def client_of(account: GatewayAccount) -> Client:
    return Client(Access(**account.opened()), is_live=account.is_live)
