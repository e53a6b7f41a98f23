"""What ears start, and what workers do of it: hints, repeats, a silent Stripe."""

from typing import Any
from unittest.mock import Mock
from uuid import UUID

import pytest
from kombu.exceptions import OperationalError
from pytest_django import Settings

from apps.core import clock
from apps.core.money import Money
from apps.orders import choices as orders
from apps.payments import choices, services, tasks
from apps.payments.dtos import Answer
from apps.payments.gateways.stripe.models import (
    StripeCheckoutPayment,
    StripeRecoveryCharge,
    StripeRefund,
)
from apps.payments.refusals import NoAnswer
from apps.payments.services import recovering
from apps.payments.tests.factories import (
    PaymentMethodTokenFactory,
    StripeAccountFactory,
    StripeCheckoutPaymentFactory,
    StripeRecoveryChargeFactory,
    WaitingReturnFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Which task a worker was told to do for which row."""
    told: list[tuple[str, str]] = []
    for name in ("send_refund", "close_page", "ask_page", "open_card_page"):
        monkeypatch.setattr(
            getattr(tasks, name), "delay", lambda row_id, name=name: told.append((name, row_id))
        )
    return told


class StartTest:
    def test_a_waiting_return_gets_its_page(
        self, hints: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
    ) -> None:
        ret = WaitingReturnFactory.create()
        StripeAccountFactory.create(merchant=ret.merchant)

        with django_capture_on_commit_callbacks(execute=True):
            tasks.start_collection(ret.pk)

        page = StripeCheckoutPayment.objects.get(ret=ret)
        assert hints == [("send_refund", str(page.pk))]

    def test_without_an_account_nothing_is_started(self, hints: list[tuple[str, str]]) -> None:
        tasks.start_collection(WaitingReturnFactory.create().pk)

        assert hints == []
        assert not StripeCheckoutPayment.objects.exists()

    def test_an_open_page_of_a_closed_return_is_closed_by_a_worker(
        self, hints: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
    ) -> None:
        page = StripeCheckoutPaymentFactory.create(
            status="requires_action", ret__status="cancelled"
        )

        with django_capture_on_commit_callbacks(execute=True):
            tasks.carry_on(page.pk)
            tasks.ask_page_soon(page.pk)

        assert hints == [("close_page", str(page.pk)), ("ask_page", str(page.pk))]

    def test_a_refund_has_nothing_to_carry_on(self) -> None:
        assert services.carry_on(WaitingReturnFactory.create().pk, clock.now()) == (services.GoOn())

    def test_without_a_broker_the_sweeper_goes_on(
        self,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        def gone(row_id: str) -> None:
            raise OperationalError("gone")

        monkeypatch.setattr(tasks.ask_page, "delay", gone)

        with django_capture_on_commit_callbacks(execute=True):
            tasks.ask_page_soon(StripeCheckoutPaymentFactory.create().pk)

        assert "no broker" in caplog.text


class RecoveryTest:
    @pytest.fixture(autouse=True)
    def _recovery(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.STRIPE_PLATFORM_KEY = "sk_test_platform"
        monkeypatch.setattr(recovering, "_recovery", lambda _: Mock())

    def due(self, attempt: int) -> services.RecoveryDue:
        card = PaymentMethodTokenFactory.create()
        assert card.ret_id is not None
        amount = Money.of("30.00", "EUR")
        return services.RecoveryDue(
            recovery_id=UUID(int=7), ret_id=card.ret_id, attempt=attempt, amount=amount
        )

    def test_a_charge_is_promised_and_sent_by_a_worker(
        self, hints: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            tasks.start_recovery(self.due(1))

        assert hints == [("send_refund", str(StripeRecoveryCharge.objects.get().pk))]

    def test_a_link_is_promised_and_opened_by_a_worker(
        self, hints: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            tasks.start_link(self.due(0))

        assert hints == [("send_refund", str(StripeCheckoutPayment.objects.get().pk))]

    def test_money_goes_back_once(
        self, hints: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
    ) -> None:
        StripeRecoveryChargeFactory.create(
            status="succeeded", provider_ref="pi_1", recovery_id=UUID(int=7)
        )

        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(2):
                tasks.start_give_back(UUID(int=7), "pi_1", Money.of("30.00", "EUR"))

        assert hints == [("send_refund", str(StripeRefund.objects.get().pk))]

    def test_a_card_is_consented_to_and_its_page_opened_by_a_worker(
        self, hints: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
    ) -> None:
        consent = services.CardConsent(
            text="Yes", version="1", cap=Money.of("60.00", "EUR"), until=clock.now()
        )

        with django_capture_on_commit_callbacks(execute=True):
            token = tasks.start_card(WaitingReturnFactory.create().pk, consent)

        assert hints == [("open_card_page", str(token))]


@pytest.mark.enable_signals
class EarsTest:
    def test_a_return_that_waits_is_heard(
        self, hints: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
    ) -> None:
        ret = WaitingReturnFactory.create()
        StripeAccountFactory.create(merchant=ret.merchant)

        with django_capture_on_commit_callbacks(execute=True):
            ret.record(orders.Event.RETURN_PAYMENT_DUE)

        assert StripeCheckoutPayment.objects.filter(ret=ret).count() == 1
        assert hints

    def test_a_page_that_ran_out_cancels_its_return(
        self, hints: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
    ) -> None:
        page = StripeCheckoutPaymentFactory.create(status="requires_action")

        with django_capture_on_commit_callbacks(execute=True):
            page.settle(Answer(choices.Payment.Outcome.EXPIRED), clock.now())

        assert page.ret is not None
        page.ret.refresh_from_db()
        assert page.ret.status == orders.Return.Status.CANCELLED

    def test_a_cancelled_return_calls_its_page_off(
        self, hints: list[tuple[str, str]], django_capture_on_commit_callbacks: Any
    ) -> None:
        page = StripeCheckoutPaymentFactory.create()
        assert page.ret is not None

        with django_capture_on_commit_callbacks(execute=True):
            page.ret.cancel(clock.now())

        page.refresh_from_db()
        assert page.status == choices.Payment.Status.CANCELLED


class WorkTest:
    @pytest.mark.parametrize("name", ["ask_page", "close_page"])
    def test_a_page_that_is_not_open_is_left_alone(self, name: str) -> None:
        page = StripeCheckoutPaymentFactory.create()

        assert getattr(tasks, name)(str(page.pk)) in ("asked", "closed")
        page.refresh_from_db()
        assert page.status == "pending"

    @pytest.mark.parametrize("name", ["ask_page", "close_page", "open_card_page"])
    def test_a_silent_stripe_is_asked_later(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def silent(row_id: object, at: object) -> None:
            raise NoAnswer

        monkeypatch.setattr(services, name, silent)

        assert getattr(tasks, name)(str(PaymentMethodTokenFactory.create().pk)) == "silent"

    def test_a_card_that_is_there_needs_no_page(self) -> None:
        assert tasks.open_card_page(str(PaymentMethodTokenFactory.create().pk)) == "ready"
