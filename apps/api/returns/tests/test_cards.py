"""A card given for an instant offer, and charged off-session for what did not come back.

Lines of 40.00 and 30.00, sent back for 4.95: 65.05 goes out, the unit of 30.00 is missing.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.api.returns.tests.conftest import path_of
from apps.api.returns.tests.test_instant import order, quote_of, scanned  # noqa: F401
from apps.api.returns.tests.test_opening import open_return, order_session
from apps.api.returns.tests.test_quotes import euros
from apps.core import clock
from apps.orders.models import Order, Recovery, Return
from apps.orders.modules.advances.consent import VERSION
from apps.orders.modules.recoveries import services as recoveries
from apps.orders.tests.factories import QuoteFactory
from apps.orders.tests.instant import decided, steps
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.gateways.stripe.models import PaymentMethodToken, StripeRecoveryCharge
from fakes.psp.control import Psp, running

pytestmark = pytest.mark.django_db
KEY = "sk_test_platform"
WANTED = {"refund_method": "store_credit", "consent_version": VERSION}


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Psp]:
    with running(tmp_path_factory.mktemp("psp") / "log") as fake:
        yield fake


@pytest.fixture
def psp(process: Psp, settings: Settings) -> Iterator[Psp]:
    settings.STRIPE_API_BASE, settings.STRIPE_PLATFORM_KEY = process.address, KEY
    settings.STRIPE_READ_SECONDS = 1
    yield process
    process.clear_modes()


@pytest.fixture
def quote(order: Order, shopper: APIClient) -> dict[str, Any]:  # noqa: F811
    steps(("pay_now", 100))
    return quote_of(shopper, order)


def card_path(order: Order, quote: dict[str, Any]) -> str:  # noqa: F811
    return path_of(order_session(order), f"quotes/{quote['id']}/card")


class AskTest:
    def test_consent_is_kept_and_the_page_is_opened(
        self,
        order: Order,  # noqa: F811
        quote: dict[str, Any],
        shopper: APIClient,
        psp: Psp,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        path = card_path(order, quote)
        assert shopper.get(path).status_code == 404
        with django_capture_on_commit_callbacks(execute=True):
            asked = shopper.post(path, WANTED)

        shown = shopper.get(path).json()
        deadline = clock.now() + timedelta(days=30)
        assert (asked.status_code, asked.json()["status"]) == (200, "consented")
        assert shown["url"].startswith("http")
        assert shown["cap"] == euros("65.05")
        assert shown["text"].startswith("You get 65.05 EUR before your goods are back.")
        assert str((deadline + timedelta(days=60)).date()) in shown["text"]
        assert shown["charge_until"].startswith(str((deadline + timedelta(days=60)).date()))

    def test_asked_twice_it_is_one_card(
        self,
        order: Order,  # noqa: F811
        quote: dict[str, Any],
        shopper: APIClient,
        psp: Psp,
    ) -> None:
        for _ in range(2):
            shopper.post(card_path(order, quote), WANTED)

        assert PaymentMethodToken.objects.count() == 1

    def test_words_of_another_version_are_refused(
        self,
        order: Order,  # noqa: F811
        quote: dict[str, Any],
        shopper: APIClient,
    ) -> None:
        answer = shopper.post(card_path(order, quote), {**WANTED, "consent_version": "2026-11"})

        assert (answer.status_code, answer.json()["code"]) == (409, "consent_required")

    def test_where_the_platform_has_no_account_it_says_so(
        self,
        order: Order,  # noqa: F811
        quote: dict[str, Any],
        shopper: APIClient,
    ) -> None:
        answer = shopper.post(card_path(order, quote), WANTED)

        assert (answer.status_code, answer.json()["code"]) == (409, "no_platform_account")

    def test_a_quote_that_was_used_takes_no_card(
        self,
        order: Order,  # noqa: F811
        shopper: APIClient,
    ) -> None:
        steps(("pay_now", 100))
        quote = quote_of(shopper, order)
        open_return(shopper, order, quote["id"])

        answer = shopper.post(card_path(order, quote), WANTED)
        assert (answer.status_code, answer.json()["code"]) == (409, "quote_expired")

    def test_another_orders_quote_is_not_there(
        self,
        order: Order,  # noqa: F811
        shopper: APIClient,
    ) -> None:
        path = path_of(order_session(order), f"quotes/{QuoteFactory.create().pk}/card")

        assert shopper.post(path, WANTED).status_code == 404


class OpenTest:
    def test_opened_otherwise_the_card_is_dropped(
        self,
        order: Order,  # noqa: F811
        quote: dict[str, Any],
        shopper: APIClient,
        psp: Psp,
    ) -> None:
        shopper.post(card_path(order, quote), WANTED)
        assert open_return(shopper, order, quote["id"]).status_code == 201

        assert PaymentMethodToken.objects.get().status == "dropped"

    @pytest.mark.enable_signals
    def test_offer_card_opened_missing_charged(
        self,
        order: Order,  # noqa: F811
        quote: dict[str, Any],
        shopper: APIClient,
        psp: Psp,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        with_signals = partial(django_capture_on_commit_callbacks, execute=True)
        path = card_path(order, quote)
        with with_signals():
            shopper.post(path, WANTED)
        psp.pay(KEY, PaymentMethodToken.objects.get().session_id)
        with with_signals():
            shopper.post(path, WANTED)
        saved = shopper.get(path).json()
        assert (saved["status"], saved["last4"], saved["url"]) == ("ready", "4242", None)

        with with_signals():
            opened = open_return(shopper, order, quote["id"], instant=True, **WANTED)
        ret = Return.objects.get(number=opened.json()["number"])
        assert PaymentMethodToken.objects.get().ret == ret
        for_nothing(ret, with_signals)
        recovery = Recovery.objects.get(ret=ret)
        assert recovery.due.as_json() == euros("30.00")

        days_pass(with_signals)
        recovery.refresh_from_db()
        assert (recovery.status, recovery.kept.as_json()) == ("recovered", euros("30.00"))
        (taken,) = psp.captures(StripeRecoveryCharge.objects.get().idempotency_key)
        assert taken["amount_received"] == 3000


def for_nothing(ret: Return, with_signals: Callable[[], AbstractContextManager[object]]) -> None:
    """The credit is spent, and a unit of 30.00 is not in the parcel."""
    with with_signals():
        scanned(ret, "in_transit")
        scanned(ret, "delivered")
    credit = StoreCreditAccount.objects.get(ret=ret)
    credit.spend(credit.balance, "order-9", clock.now())
    ret.refresh_from_db()
    with with_signals():
        decided(ret, "accepted", "missing")


def days_pass(with_signals: Callable[[], AbstractContextManager[object]]) -> None:
    """Warned, warned again, charged."""
    for day in (8, 12, 16):
        with clock.moved(timedelta(days=day)), with_signals():
            recoveries.take_steps(clock.now())
