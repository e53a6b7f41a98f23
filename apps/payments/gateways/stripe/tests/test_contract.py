from datetime import datetime

import pytest

from apps.payments import services
from apps.payments.gateways.stripe.tests.conftest import promised
from apps.payments.models import Payment
from apps.payments.tests import contract
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db


class StripeCase:
    psp: Psp

    def promised(self) -> Payment:
        return promised(self.psp)

    def send(self, payment: Payment, at: datetime) -> None:
        services.send_payment(payment.pk, at)
        payment.refresh_from_db()

    def finish(self, payment: Payment, at: datetime) -> None:
        """Stripe answers at once."""


class StripeContractTest(contract.GatewayContractTest):
    case = StripeCase()

    @pytest.fixture(autouse=True)
    def _at_the_fake(self, psp: Psp) -> None:
        self.case.psp = psp

    def test_moves_the_money_once(self, psp: Psp) -> None:
        payment = self.done()

        (effect,) = psp.effects(payment.idempotency_key)
        assert (effect["amount"], effect["currency"], effect["id"]) == (
            6000,
            "eur",
            payment.provider_ref,
        )
