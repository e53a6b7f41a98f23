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
from apps.payments.tests.factories import StripeRecoveryChargeFactory
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

    def test_of_an_erased_shopper(self, psp: Psp) -> None:
        """Dropped here first, then asked for there until Stripe says something."""
        ready, refused, others = (saved(psp) for _ in range(3))
        refused.refuse("stolen_card")
        orders = [card.ret.order for card in (ready, refused) if card.ret is not None]
        assert [services.forget_cards(orders) for _ in range(2)] == [2, 0]
        psp.mode("error_before", match={"path": "/v1/payment_methods"}, times=2)
        left = []
        for _ in range(2):
            services.remove_cards_of(orders, AT)
            left.append(services.cards_at_stripe(orders))

        assert left == [2, 0]
        for card in (ready, refused, others):
            card.refresh_from_db()
        assert [(card.status, card.last4) for card in (ready, refused)] == [("dropped", "")] * 2
        assert (ready.removed_at, bool(ready.consent_text)) == (AT, True)
        assert (others.status, others.last4) == ("ready", "4242")
        with pytest.raises(Refused):
            ready.stripe_account.client().detach(ready.method_ref)

    def test_one_that_may_not_be_charged_any_more(self, psp: Psp) -> None:
        over = saved(psp)
        in_use = StripeRecoveryChargeFactory.create(status="processing").card
        day_after = over.charge_until + timedelta(days=1)
        assert services.remove_cards(over.charge_until) == 0

        assert services.remove_cards(day_after) == 1

        over.refresh_from_db()
        in_use.refresh_from_db()
        assert (over.status, over.removed_at, in_use.status) == ("dropped", day_after, "ready")
