import pytest

from apps.payments import services
from apps.payments.gateways.base import VendorRefund
from apps.payments.gateways.paypal.tests.telling import envelope_of
from apps.payments.models import Payment
from apps.payments.tests import vendors
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import PayPalRefundFactory

pytestmark = pytest.mark.django_db


class PayPalShop(vendors.Shop):
    vendor = "paypal"
    factory = PayPalRefundFactory
    prefix = ""
    refunds = "/v2/payments/"

    def tell(self, payment: Payment) -> None:
        assert isinstance(payment, VendorRefund)
        envelope = envelope_of(payment.gateway_account, payment.provider_ref)
        services.hear_paypal(payment.gateway_account_id, envelope, AT)


class PayPalContractTest(vendors.VendorContractTest):
    case = PayPalShop()


class PayPalBalanceTest(vendors.VendorBalanceContractTest):
    case = PayPalShop()
