"""How a recovery ends in the books: 30.00 of an advance of 65.05 were not earned."""

import pytest
from pytest_django import Settings

from apps.core import clock
from apps.orders.models import Recovery, Return
from apps.orders.modules.recoveries.tests.factories import RecoveryAttemptFactory, RecoveryFactory
from apps.orders.tests import instant as at_once
from apps.orders.tests.instant import BANK, instant, instant_order
from apps.orders.tests.journeys import ORIGINAL, euros
from apps.payments import services
from apps.payments.tests.factories import IBAN, PaymentMethodTokenFactory
from apps.payments.tests.test_advances import balances, ended, promised

pytestmark = pytest.mark.django_db
BORNE = {"advances_payable": "-65.05", "disbursements": "65.05"}


@pytest.fixture
def owed() -> Recovery:
    """Of the platform's own money."""
    return short(BANK)


def short(by: str) -> Recovery:
    recovery: Recovery = RecoveryFactory.create(ret=one_rejected(by), collecting=True)
    return recovery


def one_rejected(by: str) -> Return:
    at_once.steps(("pay_now", 100))
    ret: Return = instant(instant_order(), by=by, iban=IBAN if by == BANK else "")
    promised(ret)
    ended(ret, "accepted", "rejected")
    return ret


class GivenUpTest:
    def test_is_the_platforms_loss_once(self, owed: Recovery) -> None:
        for _ in range(2):
            services.post_given_up(owed.pk, euros("30"), clock.now())
        shown = balances(owed.ret)
        assert shown["advance_losses"] == "30.00"
        assert "shopper_receivable" not in shown

    def test_what_is_paid_after_all_is_a_loss_no_more(self, owed: Recovery) -> None:
        services.post_given_up(owed.pk, euros("30"), clock.now())
        for sequence in (7, 7, 8):
            services.post_paid_after_all(owed.pk, euros("10"), sequence, clock.now())
        shown = balances(owed.ret)
        assert (shown["advance_losses"], shown["shopper_receivable"]) == ("10.00", "20.00")


class ClosedTest:
    def test_the_merchant_bears_what_the_platform_paid(self, owed: Recovery) -> None:
        for _ in range(2):
            services.post_closed(owed.pk, euros("0"), clock.now())
        assert balances(owed.ret) == BORNE
        assert services.borne_by_merchant(owed.pk) == euros("30")

    def test_also_after_it_was_given_up(self, owed: Recovery) -> None:
        services.post_given_up(owed.pk, euros("30"), clock.now())
        services.post_closed(owed.pk, euros("30"), clock.now())
        assert balances(owed.ret) == BORNE

    def test_of_its_own_money_the_merchant_owes_what_it_was_owed(self) -> None:
        """Both stand on invoices: 30.00 off, and 30.00 asked for again."""
        recovery = short(ORIGINAL)
        services.post_closed(recovery.pk, euros("0"), clock.now())
        shown = balances(recovery.ret)
        assert "shopper_receivable" not in shown
        assert (shown["merchant_payable"], shown["disbursements"]) == ("-30.00", "30.00")
        assert services.borne_by_merchant(recovery.pk) == euros("0")
        assert services.taken_back_from_merchant(recovery.pk) == euros("30")

    def test_of_no_advance_nothing_is_borne(self) -> None:
        assert services.borne_by_merchant(RecoveryFactory.create().pk) == euros("0")


class HeardTest:
    @pytest.mark.enable_signals
    @pytest.mark.usefixtures("transactional_db")
    def test_from_the_rejected_unit_to_the_merchant_who_bears_it(self) -> None:
        ret = one_rejected(BANK)
        opened = Recovery.objects.get(ret=ret)
        assert (opened.cause, opened.due) == ("rejected", euros("30"))

        assert opened.close("rejected by mistake", clock.now())
        assert balances(ret) == BORNE


class NoAccountTest:
    def test_the_attempt_has_failed(self, owed: Recovery, settings: Settings) -> None:
        settings.STRIPE_PLATFORM_KEY = ""
        attempt = RecoveryAttemptFactory.create(recovery=owed)
        due = services.RecoveryDue(
            recovery_id=owed.pk, ret_id=owed.ret_id, attempt=1, amount=euros("30")
        )

        assert services.collect_or_say(due, attempt.asked_at) == []
        attempt.refresh_from_db()
        assert (attempt.status, attempt.failure_code) == ("failed", "no_platform_account")
        assert services.link_or_nothing(due, attempt.asked_at) == []

    def test_one_that_may_not_be_charged_asks_again_by_itself(
        self, owed: Recovery, settings: Settings
    ) -> None:
        settings.STRIPE_PLATFORM_KEY = "sk_test_1"
        PaymentMethodTokenFactory.create(ret=owed.ret)
        due = services.RecoveryDue(
            recovery_id=owed.pk, ret_id=owed.ret_id, attempt=2, amount=euros("30")
        )
        assert services.collect_or_say(due, clock.now()) == []
