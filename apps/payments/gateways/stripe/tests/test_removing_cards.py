"""Cards of quotes that nobody opened, removed against the fake as a process."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from apps.orders.tests.factories import QuoteFactory
from apps.payments import services
from apps.payments.gateways.stripe.facts import Refused
from apps.payments.gateways.stripe.models import PaymentMethodToken
from apps.payments.gateways.stripe.tests.test_cards import KEY, consent, hear, saved
from apps.payments.tests.contract import AT
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform(settings: Settings) -> None:
    settings.STRIPE_PLATFORM_KEY = KEY


class RemoveTest:
    def quoted(self, psp: Psp, *, gives_card: bool = True) -> PaymentMethodToken:
        quote = QuoteFactory.create(expires_at=AT)
        token = services.consent_for_quote(quote, consent(), AT)
        token = services.open_card_page(token.pk, AT)
        if gives_card:
            psp.pay(KEY, token.session_id)
        return token

    def test_a_quote_that_nobody_opened_leaves_no_card(self, psp: Psp) -> None:
        heard, unheard = self.quoted(psp), self.quoted(psp)
        untouched = self.quoted(psp, gives_card=False)
        hear(heard, "checkout.session", heard.session_id)
        kept = saved(psp)
        assert services.remove_cards(AT) == 0
        later = AT + timedelta(minutes=15)

        assert [services.remove_cards(later) for _ in range(2)] == [3, 0]

        for token in (heard, unheard, untouched):
            token.refresh_from_db()
            assert (token.status, token.removed_at) == ("dropped", later)
        client = heard.stripe_account.client()
        with pytest.raises(Refused):
            client.detach(heard.method_ref)
        assert client.page(untouched.session_id).status == "expired"
        kept.refresh_from_db()
        assert kept.status == "ready"

    def test_where_stripe_is_silent_it_is_done_later(self, psp: Psp) -> None:
        token = self.quoted(psp)
        hear(token, "checkout.session", token.session_id)
        psp.mode("error_before", match={"path": "/v1/payment_methods"}, times=1)
        later = AT + timedelta(hours=1)

        assert [services.remove_cards(later) for _ in range(2)] == [0, 1]
