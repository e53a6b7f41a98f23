import pytest

from apps.payments import services
from apps.payments.gateways.base import VendorRefund
from apps.payments.models import Payment
from apps.payments.tests import vendors
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import MollieRefundFactory

pytestmark = pytest.mark.django_db


class MollieShop(vendors.Shop):
    vendor = "mollie"
    factory = MollieRefundFactory
    prefix = "test_"

    def tell(self, payment: Payment) -> None:
        assert isinstance(payment, VendorRefund)
        body = f"id={payment.paid_by}".encode()
        services.hear_mollie(payment.gateway_account_id, body, AT)


class MollieContractTest(vendors.VendorContractTest):
    case = MollieShop()


class MollieBalanceTest(vendors.VendorBalanceContractTest):
    case = MollieShop()
