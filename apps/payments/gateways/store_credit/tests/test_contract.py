from datetime import datetime

import pytest

from apps.payments import services
from apps.payments.gateways.store_credit.models import StoreCreditRefund
from apps.payments.models import Payment
from apps.payments.tests import contract
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import StoreCreditRefundFactory

pytestmark = pytest.mark.django_db


class StoreCreditCase:
    def promised(self) -> Payment:
        payment: StoreCreditRefund = StoreCreditRefundFactory.create()
        payment.post_promised(AT)
        return payment

    def send(self, payment: Payment, at: datetime) -> None:
        services.send_payment(payment.pk, at)
        payment.refresh_from_db()

    def finish(self, payment: Payment, at: datetime) -> None:
        """Nothing is left to do once it is sent."""


class StoreCreditContractTest(contract.GatewayContractTest):
    case = StoreCreditCase()
