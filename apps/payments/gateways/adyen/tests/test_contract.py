from datetime import datetime

import pytest

from apps.payments import services
from apps.payments.gateways.adyen.tests.telling import body_of, item_of, signed
from apps.payments.gateways.base import VendorRefund
from apps.payments.models import Payment
from apps.payments.tests import vendors
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import AdyenRefundFactory

pytestmark = pytest.mark.django_db


class AdyenShop(vendors.Shop):
    vendor = "adyen"
    factory = AdyenRefundFactory
    prefix = "AQE-"

    def finish(self, payment: Payment, at: datetime) -> None:
        """Only a notification says that it is through."""
        refund = self.read(payment)
        if not refund.provider_ref:
            (effect,) = self.fake.effects(refund.idempotency_key)
            refund.provider_ref = effect["id"]
        services.hear_adyen(refund.gateway_account_id, body_of(signed(item_of(refund))), at)
        payment.refresh_from_db()

    def tell(self, payment: Payment) -> None:
        assert isinstance(payment, VendorRefund)
        item = item_of(payment, "REFUND_FAILED")
        services.hear_adyen(payment.gateway_account_id, body_of(signed(item)), AT)


class AdyenContractTest(vendors.VendorContractTest):
    case = AdyenShop()


class AdyenBalanceTest(vendors.VendorBalanceContractTest):
    case = AdyenShop()
