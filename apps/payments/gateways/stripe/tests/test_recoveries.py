"""A recovery of orders and the card that it charges, together."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from apps.core import clock
from apps.orders.models import Recovery
from apps.orders.modules.recoveries.tests.steps import attempts, due, euros, on_day
from apps.payments import services
from apps.payments.gateways.stripe.models import StripeCheckoutPayment
from apps.payments.gateways.stripe.tests.test_cards import KEY, hear
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("bank_wants_shopper", [False, True])
def test_thirty_euros_come_back(psp: Psp, settings: Settings, *, bank_wants_shopper: bool) -> None:
    settings.STRIPE_PLATFORM_KEY = KEY
    recovery = due()
    at = on_day(recovery, 14)
    consent = services.CardConsent(
        text="Yes", version="1", cap=euros("65.05"), until=at + timedelta(days=30)
    )
    token = services.consent_to_card(recovery.ret_id, consent, at)
    token = services.open_card_page(token.pk, token.created_at)
    psp.pay(KEY, token.session_id)
    hear(token, "checkout.session", token.session_id)
    if bank_wants_shopper:
        psp.mode("authentication_required", match={"path": "/v1/payment_intents"})

    charge = services.collect_recovery(
        services.RecoveryDue(
            recovery_id=recovery.pk, ret_id=recovery.ret_id, attempt=1, amount=euros("30.00")
        ),
        at,
    )
    services.send_payment(charge.pk, at)
    for link in services.carry_on(charge.pk, at).payments:
        services.send_payment(link, at)
        services.carry_on(link, at)
        page = StripeCheckoutPayment.objects.get(pk=link)
        assert Recovery.objects.get(pk=recovery.pk).pay_url == page.url
        psp.pay(KEY, page.session_id)
        services.ask_page(link, at)
        services.carry_on(link, at)

    recovery = Recovery.objects.get(pk=recovery.pk)
    assert (recovery.status, recovery.taken) == ("recovered", euros("30.00"))


def test_a_page_that_runs_out_is_not_the_charge_that_was_asked_for(
    psp: Psp, settings: Settings
) -> None:
    settings.STRIPE_PLATFORM_KEY = KEY
    recovery = due()
    at = on_day(recovery, 14)
    own_wish = services.RecoveryDue(
        recovery_id=recovery.pk, ret_id=recovery.ret_id, attempt=0, amount=euros("30.00")
    )
    link = services.link_recovery(own_wish, clock.now())
    services.send_payment(link.pk, clock.now())
    psp.clock(24 * 3600)
    services.resolve_payment(link.pk, at)
    services.carry_on(link.pk, at)

    assert StripeCheckoutPayment.objects.get(pk=link.pk).status == "expired"
    assert attempts(recovery) == [(1, "asked", 3000)]
