"""What every gateway must do; a gateway's test module inherits the suite and names its Case."""

from datetime import UTC, datetime, time, timedelta
from typing import ClassVar, Protocol

import pytest

from apps.core import clock, findings
from apps.core.ids import uuid7
from apps.core.status import IllegalTransition
from apps.orders.models import Order, OrderTender
from apps.payments import choices, services
from apps.payments.dtos import Answer
from apps.payments.models import BalanceDay, OddBalanceLine, OutsideRefund, Payment
from apps.payments.modules.ledger import services as ledger
from apps.payments.refusals import CannotComeBack, NoAnswer
from fakes.psp.control import Psp

Status, Outcome = choices.Payment.Status, choices.Payment.Outcome
AT = clock.now()
LATER = AT + timedelta(hours=2)
# Three days ago at noon: whatever the hour of the run, it is one whole day, as is the next.
NOON = datetime.combine(AT.astimezone(UTC).date(), time(12), UTC) - timedelta(days=3)
MATCHED = NOON + timedelta(days=2)
APART = "a day's refunds are not those of the provider's balance report"


class Case(Protocol):
    """How a gateway's payment of 60.00 EUR is made, and what carries it through."""

    def promised(self) -> Payment:
        """Pending, in the books, and ready to be sent as far as nobody must wait for a person."""

    def send(self, payment: Payment, at: datetime) -> None: ...

    def finish(self, payment: Payment, at: datetime) -> None:
        """What makes a sent payment succeed, where sending alone does not."""


class GatewayContractTest:
    case: ClassVar[Case]

    def sent(self) -> Payment:
        payment = self.case.promised()
        self.case.send(payment, AT)
        return payment

    def done(self) -> Payment:
        payment = self.sent()
        self.case.finish(payment, AT)
        return payment

    def test_promise_is_a_debt_with_a_key(self) -> None:
        payment = self.case.promised()

        assert payment.status == Status.PENDING
        assert payment.idempotency_key == f"{payment.purpose}:{payment.pk}:1"
        assert owed(payment) == "60.00"

    def test_settles_with_a_reference_and_no_debt(self) -> None:
        payment = self.done()

        payment = Payment.objects.get(pk=payment.pk)
        assert payment.status == Status.SUCCEEDED
        assert payment.provider_ref
        assert payment.settled_at == AT
        assert owed(payment) == "0.00"

    def test_repeat_changes_nothing(self) -> None:
        payment = self.done()
        before, events = owned(payment), told(payment)

        self.case.send(payment, LATER)
        self.case.finish(payment, LATER)
        services.resolve_payment(payment.pk, LATER)
        payment.settle(Answer(Outcome.FAILED), LATER)

        assert owned(payment) == before
        assert told(payment) == events
        assert owed(payment) == "0.00"

    def test_no_answer_is_neither_success_nor_failure(self) -> None:
        payment = self.sent_in_doubt()
        payment.settle(Answer(Outcome.UNKNOWN), AT)

        assert payment.status == Status.UNKNOWN
        assert payment.attempts == 1
        assert payment.lease_until is not None
        assert payment.lease_until > AT

    def test_unknown_is_resolved_by_asking_under_the_same_key(self) -> None:
        payment = self.sent_in_doubt()
        key = payment.idempotency_key

        services.resolve_payment(payment.pk, LATER)
        self.case.finish(payment, LATER)

        payment = Payment.objects.get(pk=payment.pk)
        assert (payment.status, payment.idempotency_key) == (Status.SUCCEEDED, key)
        assert owed(payment) == "0.00"

    def test_nobody_asks_while_another_is_at_it(self) -> None:
        payment = self.sent_in_doubt()

        services.resolve_payment(payment.pk, AT)

        assert Payment.objects.get(pk=payment.pk).status == Status.UNKNOWN

    def test_still_no_answer_stays_unknown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        payment = self.sent_in_doubt()
        monkeypatch.setattr(type(payment), "ask", _silent)

        services.resolve_payment(payment.pk, LATER)

        payment = Payment.objects.get(pk=payment.pk)
        assert (payment.status, payment.attempts) == (Status.UNKNOWN, 2)

    def test_failure_leaves_the_debt(self) -> None:
        payment = self.sent_in_doubt()

        payment.settle(Answer(Outcome.FAILED, failure_code="refused"), AT)

        assert (payment.status, payment.failure_code) == (Status.FAILED, "refused")
        assert owed(payment) == "60.00"

    def test_failed_is_tried_again_under_a_new_key(self) -> None:
        payment = self.sent_in_doubt()
        payment.settle(Answer(Outcome.FAILED, failure_code="refused"), AT)

        services.retry_payment(payment.pk, LATER)

        payment = Payment.objects.get(pk=payment.pk)
        assert payment.status == Status.PENDING
        assert payment.idempotency_key == f"{payment.purpose}:{payment.pk}:2"
        assert owed(payment) == "60.00"

    def test_cancelled_is_never_sent_and_may_be_paid_another_way(self) -> None:
        payment = self.case.promised()

        services.cancel_payment(payment.pk, "asked to", AT)
        services.send_payment(payment.pk, AT)

        payment = Payment.objects.get(pk=payment.pk)
        assert payment.status == Status.CANCELLED
        again = services.pay_another_way(payment.pk, payment.gateway, AT)
        assert again.amount == payment.amount
        assert owed(payment) == "60.00"

    def test_sent_cannot_be_cancelled(self) -> None:
        payment = self.done()

        with pytest.raises(IllegalTransition):
            services.cancel_payment(payment.pk, "too late", AT)

        assert Payment.objects.get(pk=payment.pk).status == Status.SUCCEEDED

    def test_comes_back_only_where_money_can(self) -> None:
        payment = self.done()

        if not payment.CAN_COME_BACK:
            with pytest.raises(CannotComeBack):
                payment.come_back("AC04", LATER)
        else:
            payment.come_back("AC04", LATER)

        back = payment.CAN_COME_BACK
        assert Payment.objects.get(pk=payment.pk).status == (
            Status.RETURNED if back else Status.SUCCEEDED
        )
        assert owed(payment) == ("60.00" if back else "0.00")

    def sent_in_doubt(self) -> Payment:
        """Sent, and the worker that sent it never heard the answer."""
        payment = self.sent_without_settling()
        payment.settle(Answer(Outcome.UNKNOWN), AT)
        return payment

    def sent_without_settling(self) -> Payment:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Payment, "settle", lambda *_: None)
            return self.sent()


class ProviderCase(Case, Protocol):
    """A gateway whose fake runs as a process: what goes wrong with its next call that moves money,
    and what it did. `send` and `hear` read the row again."""

    def lose_answer(self) -> None:
        """The money moves, and we hear nothing."""

    def lose_call(self) -> None:
        """Nothing moves, and we hear nothing."""

    def refuse(self) -> str:
        """A definite no, nothing moves; returns the failure code that we are to keep."""

    def keep_waiting(self) -> None:
        """It is taken in, and done later."""

    def be_silent(self) -> None:
        """The next question about a payment is not answered."""

    def turn(self, payment: Payment, *, succeeds: bool) -> None:
        """The provider ends one that waits, or takes a success back."""

    def hear(self, payment: Payment, at: datetime) -> None:
        """Its message about the payment is taken in, by whatever way it comes."""

    def moved(self, payment: Payment) -> list[int]:
        """Minor units that left for this payment under any of its keys, one figure a call."""


class ProviderContractTest(GatewayContractTest):
    """Against the fake's own log: what stands there has happened, whoever heard of it."""

    case: ClassVar[ProviderCase]

    def test_one_key_one_effect(self) -> None:
        payment = self.done()

        self.case.send(payment, LATER)
        services.resolve_payment(payment.pk, LATER)

        assert self.case.moved(payment) == [6000]

    def test_lost_answer_is_found_by_looking_it_up(self) -> None:
        self.case.lose_answer()
        payment = self.sent()
        assert (payment.status, payment.provider_ref) == (Status.UNKNOWN, "")

        services.resolve_payment(payment.pk, LATER)

        payment = Payment.objects.get(pk=payment.pk)
        assert payment.status == Status.SUCCEEDED
        assert self.case.moved(payment) == [6000]
        assert owed(payment) == "0.00"

    def test_lost_call_is_made_again_under_its_key(self) -> None:
        self.case.lose_call()
        payment = self.sent()
        assert (payment.status, self.case.moved(payment)) == (Status.UNKNOWN, [])
        key = payment.idempotency_key

        services.resolve_payment(payment.pk, LATER)

        payment = Payment.objects.get(pk=payment.pk)
        assert (payment.status, payment.idempotency_key) == (Status.SUCCEEDED, key)
        assert self.case.moved(payment) == [6000]

    def test_silence_when_asked_leaves_it_unknown(self) -> None:
        self.case.lose_answer()
        payment = self.sent()
        self.case.be_silent()

        services.resolve_payment(payment.pk, LATER)

        assert Payment.objects.get(pk=payment.pk).status == Status.UNKNOWN
        assert self.case.moved(payment) == [6000]

    def test_refused_is_failed_and_nothing_moved(self) -> None:
        code = self.case.refuse()

        payment = self.sent()

        assert (payment.status, payment.failure_code) == (Status.FAILED, code)
        assert self.case.moved(payment) == []
        assert owed(payment) == "60.00"

    def test_refused_goes_through_under_its_next_key(self) -> None:
        self.case.refuse()
        payment = self.sent()

        services.retry_payment(payment.pk, LATER)
        self.case.send(payment, LATER)

        assert (payment.status, payment.generation) == (Status.SUCCEEDED, 2)
        assert self.case.moved(payment) == [6000]
        assert owed(payment) == "0.00"

    def test_waiting_is_under_way_until_it_is_told(self) -> None:
        self.case.keep_waiting()
        payment = self.sent()
        assert payment.status == Status.PROCESSING
        assert payment.provider_ref

        self.case.turn(payment, succeeds=True)
        self.case.hear(payment, LATER)

        assert Payment.objects.get(pk=payment.pk).status == Status.SUCCEEDED
        assert owed(payment) == "0.00"

    def test_late_failure_opens_the_debt_again_once(self) -> None:
        payment = self.done()
        self.case.turn(payment, succeeds=False)

        for _ in range(2):
            self.case.hear(payment, LATER)

        payment = Payment.objects.get(pk=payment.pk)
        assert payment.status == Status.RETURNED
        assert payment.failure_code
        assert owed(payment) == "60.00"


class ReportingCase(Case, Protocol):
    """A gateway whose vendor publishes what moved in its balance, by a fake that keeps a log."""

    # Of an account that no other test knows; `key` is what it has at the fake.
    name: str
    # How the paths of calls begin that make one.
    refunds: str

    @property
    def fake(self) -> Psp: ...

    @property
    def key(self) -> str: ...


class BalanceContractTest:
    """60.00 EUR went back on a day, which is held against the vendor's report two days later."""

    case: ClassVar[ReportingCase]

    def test_day_agrees_and_follows_what_comes_back_later(self) -> None:
        refund = self.paid()
        agreed = [self.match() for _ in range(2)]
        before = (days(refund), found_at(refund))
        self.case.fake.mode("reset_before", times=None, match={"method": "GET"})
        silent = (self.match(), days(refund))
        self.case.fake.clear_modes()
        self.case.fake.clock((NOON - clock.now()).total_seconds())
        self.case.fake.settle(self.case.key, refund.provider_ref, "failed", "account_closed")
        self.match()

        assert agreed == [1, 1]
        assert before == ([("-60.00 EUR", "-60.00 EUR")], [])
        assert silent == (0, before[0])
        refund = Payment.objects.get(pk=refund.pk)
        assert (refund.status, owed(refund)) == (Status.RETURNED, "60.00")
        assert (days(refund), found_at(refund)) == ([("0.00 EUR", "0.00 EUR")], [])

    def test_another_figure_is_a_difference_until_it_is_put_right(self) -> None:
        refund = self.paid()
        seen = []
        for mode in ("report_lacks", "report_amount"):
            self.case.fake.mode(mode, times=None)
            self.match()
            seen.append((days(refund), found_at(refund)))
            self.case.fake.clear_modes()
        self.match()

        assert seen == [
            ([("0.00 EUR", "-60.00 EUR")], [APART]),
            ([("-60.01 EUR", "-60.00 EUR")], [APART]),
        ]
        assert (days(refund), found_at(refund)) == ([("-60.00 EUR", "-60.00 EUR")], [])

    def test_what_was_refunded_there_is_counted_or_is_a_difference(self) -> None:
        refund = self.paid()
        before = Order.objects.get(pk=refund.order_id).refunded
        theirs = self.by_hand(refund, 2_500)
        self.match()
        outside = OutsideRefund.objects.get()
        counted = Order.objects.get(pk=refund.order_id).refunded - before
        agreed = (days(refund), found_at(refund))
        OrderTender.objects.filter(order_id=refund.order_id).update(gateway="other")
        self.by_hand(refund, 500)
        self.match()

        assert (outside.provider_ref, str(outside.amount)) == (theirs, "25.00 EUR")
        assert str(counted) == "25.00 EUR"
        assert agreed == ([("-85.00 EUR", "-85.00 EUR")], [])
        assert (days(refund), found_at(refund)) == ([("-90.00 EUR", "-85.00 EUR")], [APART])

    def test_report_brings_the_word_of_a_success_that_nobody_heard(self) -> None:
        refund = self.paid(loses="reset_after")
        before = refund.status
        self.match()

        refund = Payment.objects.get(pk=refund.pk)
        assert (before, refund.status, owed(refund)) == (Status.UNKNOWN, Status.SUCCEEDED, "0.00")
        assert days(refund) == [("-60.00 EUR", "-60.00 EUR")]

    def test_line_that_nobody_understands_is_listed_once_and_hides_nothing(self) -> None:
        refund = self.paid()
        for mode in ("report_unknown", "report_unreadable", "report_unreadable"):
            self.case.fake.mode(mode, times=None)
            self.match()
            self.case.fake.clear_modes()

        odd = OddBalanceLine.objects.for_merchant(refund.merchant).order_by("kind")
        assert [bool(each.kind) for each in odd] == [False, True]
        assert all(each.example for each in odd)
        assert days(refund) == [("-60.00 EUR", "-60.00 EUR")]
        assert found_at(refund) == ["a line of a provider's balance report is not understood"] * 2

    def paid(self, loses: str = "") -> Payment:
        self.case.name = uuid7().hex
        self.case.fake.clock((NOON - clock.now()).total_seconds())
        payment = self.case.promised()
        if loses:
            self.case.fake.mode(loses, match={"path": self.case.refunds})
        self.case.send(payment, NOON)
        if not loses:
            self.case.finish(payment, NOON)
        return Payment.objects.get(pk=payment.pk)

    def by_hand(self, refund: Payment, minor: int) -> str:
        self.case.fake.clock((NOON - clock.now()).total_seconds())
        assert refund.tender is not None
        payment = refund.tender.external_id
        return self.case.fake.refund_by_hand(self.case.key, payment, minor)

    def match(self) -> int:
        self.case.fake.clock((MATCHED - clock.now()).total_seconds())
        return services.match_balances(MATCHED)


def days(refund: Payment) -> list[tuple[str, str]]:
    rows = BalanceDay.objects.for_merchant(refund.merchant).order_by("day", "currency")
    return [(str(row.provider), str(row.books)) for row in rows]


def found_at(refund: Payment, at: datetime | None = None) -> list[str]:
    """What is found of the balance reports of the refund's merchant."""
    asked = [query for query in findings.queries() if query.invariant == "I-33"]
    found = [each for query in asked for each in query.found(at or MATCHED, refund.merchant_id)]
    return [each.what for each in found]


def owed(payment: Payment) -> str:
    standing = ledger.balances(payment.merchant)["refunds_payable", "EUR"]
    return f"{standing.amount:f}"


def owned(payment: Payment) -> dict[tuple[str, str], str]:
    return {key: str(money) for key, money in ledger.balances(payment.merchant).items()}


def told(payment: Payment) -> list[str]:
    from apps.events.models import Event

    events = Event.objects.about("payments.payment", payment.pk)
    return list(events.values_list("kind", flat=True))


def _silent(payment: Payment) -> Answer:
    raise NoAnswer
