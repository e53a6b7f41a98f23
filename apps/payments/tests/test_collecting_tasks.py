"""What ears start, and what workers do of it: hints, repeats, a silent Stripe."""

from typing import Any

import pytest
from kombu.exceptions import OperationalError

from apps.core import clock
from apps.orders import choices as orders
from apps.payments import choices, services, tasks
from apps.payments.dtos import Answer
from apps.payments.gateways.stripe.models import StripeCheckoutPayment
from apps.payments.refusals import NoAnswer
from apps.payments.tests.factories import (
    PaymentMethodTokenFactory,
    StripeAccountFactory,
    StripeCheckoutPaymentFactory,
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
