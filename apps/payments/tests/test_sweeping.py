"""What a crash or a lost hint leaves behind is found and carried on; ears may hear twice."""

from datetime import datetime, timedelta

import pytest
import time_machine
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.core import clock
from apps.orders.models import Return
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.payments import choices, services, tasks
from apps.payments.dtos import Answer
from apps.payments.gateways.store_credit.models import StoreCreditAccount, StoreCreditRefund
from apps.payments.models import Payment
from apps.payments.modules.ledger.models import LedgerTransaction
from apps.payments.refusals import NoAnswer
from apps.payments.tests.factories import (
    AcceptedReturnFactory,
    StoreCreditAccountFactory,
    StoreCreditRefundFactory,
)

pytestmark = pytest.mark.django_db
Status = choices.Payment.Status
AT = clock.now()


def later() -> datetime:
    """Past the time that is left to ears and workers."""
    return clock.now() + timedelta(minutes=2)


class SweepTest:
    def test_promises_and_sends_what_no_ear_heard(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")

        services.sweep_payments(later())
        services.sweep_payments(later())

        assert Payment.objects.get(ret=ret).status == Status.SUCCEEDED

    def test_each_lease_begins_when_the_payment_is_taken(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two gateways' answers, each a minute and a half late: the second is not up for grabs."""
        refunds = [StoreCreditRefundFactory.create() for _ in range(2)]
        for refund in refunds:
            refund.submit(AT)
        leases = []

        with time_machine.travel(AT + timedelta(minutes=2), tick=False) as traveller:

            def late(refund: StoreCreditRefund) -> Answer:
                leases.append((refund.lease_until or AT) - clock.now())
                traveller.shift(90)
                return Answer(choices.Payment.Outcome.UNKNOWN)

            monkeypatch.setattr(StoreCreditRefund, "ask", late)
            services.sweep_payments(clock.now())

        assert leases == [timedelta(seconds=60)] * 2

    def test_leaves_the_fresh_and_the_undecided_alone(self) -> None:
        AcceptedReturnFactory.create()
        ReturnFactory.create()

        assert services.sweep_payments(clock.now()) == 0

        assert not Payment.objects.exists()

    def test_does_not_ask_again_about_what_was_said(self) -> None:
        order = OrderFactory.create(lines=[{"unit_price_minor": 10000}])
        AcceptedReturnFactory.create(
            order=order, lines=[{"line_item": order.lines.get(), "exchange": {"title": "L"}}]
        )

        assert services.sweep_payments(later()) == 1
        assert services.sweep_payments(later()) == 0

    def test_settled_return_without_payment_is_promised(self) -> None:
        ret = AcceptedReturnFactory.create()
        ret.settle()

        assert services.sweep_payments(later()) == 1

        assert Payment.objects.get(ret=ret).status == Status.PENDING

    def test_lost_worker_is_made_good_with_the_same_key(self) -> None:
        payment = StoreCreditRefundFactory.create()
        payment.post_promised(AT)
        payment.submit(AT)
        key = payment.idempotency_key

        assert services.sweep_payments(AT + timedelta(seconds=30)) == 0
        assert services.sweep_payments(later()) == 1

        payment.refresh_from_db()
        assert (payment.status, payment.idempotency_key) == (Status.SUCCEEDED, key)
        assert payment.attempts == 2

    def test_call_without_an_answer_is_asked_about_later(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        payment = StoreCreditRefundFactory.create()
        payment.post_promised(AT)
        with monkeypatch.context() as patch:
            patch.setattr(type(payment), "call", _silent)
            services.send_payment(payment.pk, AT)
        assert Payment.objects.get(pk=payment.pk).status == Status.UNKNOWN

        services.sweep_payments(AT + timedelta(minutes=3))

        payment = Payment.objects.get(pk=payment.pk)
        assert payment.status == Status.SUCCEEDED
        kinds = list(payment.timeline.order_by("sequence").values_list("kind", flat=True))
        assert kinds[-1] == choices.Event.REFUND_SUCCEEDED

    def test_one_that_raises_does_not_stop_the_others(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken, whole = StoreCreditRefundFactory.create_batch(2)
        for payment in (broken, whole):
            payment.post_promised(AT)
        real = StoreCreditRefund.call
        answers = {broken.pk: _broken}
        monkeypatch.setattr(
            StoreCreditRefund, "call", lambda payment: answers.get(payment.pk, real)(payment)
        )

        services.sweep_payments(later())

        assert Payment.objects.get(pk=broken.pk).status == Status.PROCESSING
        assert Payment.objects.get(pk=whole.pk).status == Status.SUCCEEDED
        assert f"could not go on with payment {broken.pk}" in caplog.text

    def test_waits_longer_each_time_and_an_hour_at_most(self) -> None:
        payment = StoreCreditRefundFactory.create()
        payment.post_promised(AT)
        payment.submit(AT)
        payment.attempts = 9
        payment.save()

        payment.settle(Answer(choices.Payment.Outcome.UNKNOWN), AT)

        assert payment.lease_until == AT + timedelta(hours=1)


class EarTest:
    @pytest.mark.enable_signals
    @pytest.mark.django_db(transaction=True)
    def test_accepted_units_are_refunded(self) -> None:
        ret = ReturnFactory.create(received=True, refund_method="store_credit")

        ret.accept_all(AT)

        assert Payment.objects.get(ret=ret).status == Status.SUCCEEDED
        assert StoreCreditAccount.objects.get(ret=ret).issued_minor == 10000

    def test_hearing_twice_pays_once(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")

        with django_capture_on_commit_callbacks(execute=True):
            tasks.start_refund(ret.pk)
            tasks.start_refund(ret.pk)

        assert Payment.objects.get(ret=ret).status == Status.SUCCEEDED
        assert LedgerTransaction.objects.count() == 2

    def test_broker_down_loses_nothing(
        self,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        def refuse(*args: object) -> None:
            raise OperationalError

        monkeypatch.setattr(tasks.send_refund, "delay", refuse)
        ret = AcceptedReturnFactory.create(refund_method="store_credit")
        with django_capture_on_commit_callbacks(execute=True):
            tasks.start_refund(ret.pk)
        assert Payment.objects.get(ret=ret).status == Status.PENDING

        services.sweep_payments(later())

        assert Payment.objects.get(ret=ret).status == Status.SUCCEEDED


class JobTest:
    def test_sweeps_once_in_each_slot(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")
        Return.objects.filter(pk=ret.pk).update(updated_at=AT - timedelta(minutes=5))

        with time_machine.travel(clock.now(), tick=False):
            assert tasks.sweep_payments() == 1
            assert tasks.sweep_payments() is None

    def test_closes_credit_whose_time_is_over(self) -> None:
        credit = StoreCreditAccountFactory.create(issued_minor=0, movement=None, expires_at=AT)

        assert tasks.expire_store_credit() == 1

        credit.refresh_from_db()
        assert credit.expired_at is not None

    def test_sends_one_payment(self) -> None:
        payment = StoreCreditRefundFactory.create()
        payment.post_promised(AT)

        assert tasks.send_refund(str(payment.pk)) == Status.SUCCEEDED


def _silent(payment: Payment) -> None:
    raise NoAnswer


def _broken(payment: Payment) -> Answer:
    raise RuntimeError("the key that sealed it is gone")
