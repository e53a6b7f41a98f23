from datetime import timedelta
from typing import ClassVar, override

from apps.payments.gateways.base import VendorRefund, of_own_merchant
from apps.payments.gateways.paypal.client import Access, Client
from apps.payments.managers import PayPalRefundManager
from apps.payments.models import GatewayAccount


class PayPalRefund(VendorRefund):
    """Back to the capture that it came from; PayPal may take a success back later."""

    # PayPal keeps a key of the payments API for 45 days; a day of it is left unused.
    KEY_LIFE: ClassVar[timedelta | None] = timedelta(days=44)

    # A manager of its own class, where mypy wants the parent's.
    objects = PayPalRefundManager()  # type: ignore[misc, assignment]

    class Meta:
        constraints = (of_own_merchant("payments_paypalrefund"),)

    @override
    def client(self) -> Client:
        return client_of(self.gateway_account)


def client_of(account: GatewayAccount) -> Client:
    return Client(Access(**account.opened()), is_live=account.is_live)
