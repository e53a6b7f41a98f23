from datetime import datetime

import pytest

from apps.payments import services
from apps.payments.gateways.manual.models import ManualRefund
from apps.payments.models import Payment
from apps.payments.tests import contract
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import ManualRefundFactory

pytestmark = pytest.mark.django_db


class ManualCase:
    def promised(self) -> Payment:
        payment: ManualRefund = ManualRefundFactory.create()
        payment.post_promised(AT)
        return payment

    def send(self, payment: Payment, at: datetime) -> None:
        services.confirm_manual_refund(payment.pk, "re_77", "in the card terminal", None, at)
        payment.refresh_from_db()

    def finish(self, payment: Payment, at: datetime) -> None:
        """Confirming it settles it."""


class ManualContractTest(contract.GatewayContractTest):
    case = ManualCase()

    def test_keeps_where_it_was_made(self) -> None:
        payment = self.done()

        assert isinstance(payment, ManualRefund)
        assert (payment.reference, payment.note) == ("re_77", "in the card terminal")
