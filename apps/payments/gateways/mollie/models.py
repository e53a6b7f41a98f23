from datetime import timedelta
from typing import ClassVar, override

from apps.payments.gateways.base import VendorRefund, of_own_merchant
from apps.payments.gateways.mollie.client import Client
from apps.payments.managers import MollieRefundManager
from apps.payments.models import GatewayAccount


class MollieRefund(VendorRefund):
    """Back to the payment that it came from, carried out some hours later."""

    # Mollie plays an answer back for an hour only; ten minutes of it are left unused.
    KEY_LIFE: ClassVar[timedelta | None] = timedelta(minutes=50)

    # A manager of its own class, where mypy wants the parent's.
    objects = MollieRefundManager()  # type: ignore[misc, assignment]

    class Meta:
        constraints = (of_own_merchant("payments_mollierefund"),)

    @override
    def client(self) -> Client:
        return client_of(self.gateway_account)


def client_of(account: GatewayAccount) -> Client:
    return Client(**account.opened(), is_live=account.is_live)
