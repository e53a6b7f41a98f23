import json
from datetime import datetime
from typing import override

import pytest

from apps.payments import services
from apps.payments.gateways.stripe.models import StripeRefund
from apps.payments.gateways.stripe.tests.conftest import KEY, promised
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

    def lose_answer(self) -> None:
        self.psp.mode("reset_after")

    def lose_call(self) -> None:
        self.psp.mode("reset_before")

    def refuse(self) -> str:
        self.psp.mode("refuse", code="charge_disputed")
        return "charge_disputed"

    def keep_waiting(self) -> None:
        self.psp.mode("pending")

    def be_silent(self) -> None:
        self.psp.mode("reset_before", match={"method": "GET"})

    def turn(self, payment: Payment, *, succeeds: bool) -> None:
        status = "succeeded" if succeeds else "failed"
        self.psp.settle(KEY, payment.provider_ref, status)

    def hear(self, payment: Payment, at: datetime) -> None:
        told = {"id": payment.provider_ref, "object": "refund"}
        refund = StripeRefund.objects.get(pk=payment.pk)
        services.hear_stripe(
            refund.stripe_account_id, json.dumps({"data": {"object": told}}).encode(), at
        )

    def moved(self, payment: Payment) -> list[int]:
        made = [each for each in self.psp.effects() if each["effect"] == "refund.created"]
        mine = [each for each in made if each["metadata"].get("payment") == str(payment.pk)]
        return [each["amount"] for each in mine]


class StripeContractTest(contract.ProviderContractTest):
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


class ReportingStripe(StripeCase):
    name = "shop"
    refunds = "/v1/refunds"

    @property
    def key(self) -> str:
        return f"sk_test_{self.name}"

    @property
    def fake(self) -> Psp:
        return self.psp

    @override
    def promised(self) -> Payment:
        return promised(self.psp, self.key)


class StripeBalanceTest(contract.BalanceContractTest):
    case = ReportingStripe()

    @pytest.fixture(autouse=True)
    def _at_the_fake(self, psp: Psp) -> None:
        self.case.psp = psp
