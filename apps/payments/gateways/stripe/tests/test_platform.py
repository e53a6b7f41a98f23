"""The platform's one endpoint: whose books an event is about."""

import json
from uuid import UUID

import pytest
from pytest_django import Settings

from apps.events.dtos import Delivery
from apps.payments import services
from apps.payments.gateways.stripe import webhooks
from apps.payments.gateways.stripe.models import StripeRecoveryCharge
from apps.payments.gateways.stripe.tests.test_hearing import sign
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import StripeRecoveryChargeFactory

pytestmark = pytest.mark.django_db
SECRET = "whsec_platform"
NOBODY = UUID(int=0)


@pytest.fixture(autouse=True)
def _platform(settings: Settings) -> None:
    settings.STRIPE_PLATFORM_KEY = "sk_test_platform"
    settings.STRIPE_PLATFORM_WEBHOOK_SECRETS = (SECRET,)


def event(**told: object) -> bytes:
    facts = {"id": "evt_1", "type": "payment_intent.succeeded", "livemode": False}
    return json.dumps({**facts, "data": {"object": told}}).encode()


def heard(body: bytes, secret: str = SECRET) -> Delivery | None:
    headers = {"stripe-signature": sign(body, AT, secret)}
    return webhooks.accept("platform", headers, body, AT)


class AcceptTest:
    def charge(self) -> StripeRecoveryCharge:
        charge: StripeRecoveryCharge = StripeRecoveryChargeFactory.create()
        StripeRecoveryCharge.objects.filter(pk=charge.pk).update(provider_ref="pi_1")
        return charge

    def test_names_the_merchant_of_the_metadata(self) -> None:
        charge = self.charge()

        delivery = heard(event(object="payment_intent", metadata=charge.metadata))

        assert delivery is not None
        assert (delivery.merchant_id, delivery.account) == (
            charge.merchant_id,
            str(charge.stripe_account_id),
        )
        assert (delivery.source, delivery.event_id, delivery.environment) == (
            "stripe",
            "evt_1",
            "test",
        )

    @pytest.mark.parametrize("name", ["intent", "payment"])
    def test_names_the_merchant_of_the_payment(self, name: str) -> None:
        charge = self.charge()
        about: dict[str, object] = {"payment_intent": "pi_1"}
        if name == "payment":
            about = {"metadata": {"payment": str(charge.pk)}}

        delivery = heard(event(object="dispute", **about))

        assert delivery is not None
        assert delivery.account == str(charge.stripe_account_id)

    @pytest.mark.parametrize(
        "body",
        [event(), event(payment_intent="pi_other"), b'{"livemode": false, "data": {"object": 1}}'],
    )
    def test_what_is_nobodys_is_taken_in_and_done_with(self, body: bytes) -> None:
        delivery = heard(body)

        assert delivery is not None
        assert (delivery.merchant_id, delivery.account) == (NOBODY, str(NOBODY))
        services.hear_stripe(NOBODY, event(object="payment_intent"), AT)

    @pytest.mark.parametrize("body", [b"{", b'{"livemode": true}'])
    def test_refuses_what_is_of_another_kind(self, body: bytes) -> None:
        assert heard(body) is None

    def test_refuses_what_another_signed(self, settings: Settings) -> None:
        assert heard(event(), "whsec_other") is None
        settings.STRIPE_PLATFORM_WEBHOOK_SECRETS = ()
        assert heard(event(), "") is None
