"""Money comes in once for each reference, and what should not have come goes back once."""

import pytest

from apps.core.money import CurrencyMismatch, Money
from apps.orders.models import Recovery
from apps.orders.modules.recoveries import services
from apps.orders.modules.recoveries.mixins.charging import ChargeNotAllowed
from apps.orders.modules.recoveries.mixins.collecting import ReferenceTaken
from apps.orders.modules.recoveries.tests.factories import RecoveryFactory
from apps.orders.modules.recoveries.tests.steps import (
    attempts,
    charging,
    days_pass,
    due,
    euros,
    kinds,
    on_day,
    told,
)
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def sums(recovery: Recovery) -> tuple[int, int, int]:
    recovery.refresh_from_db()
    return recovery.collected_minor, recovery.given_back_minor, recovery.written_off_minor


class CollectedTest:
    def test_the_charge_pays_it_all(self) -> None:
        recovery = charging()
        assert recovery.collected(euros("30"), "pi_1", on_day(recovery, 14)) is True
        assert recovery.collected(euros("30"), "pi_1", on_day(recovery, 15)) is False

        assert (recovery.status, sums(recovery)) == ("recovered", (3000, 0, 0))
        assert attempts(recovery) == [(1, "succeeded", 3000)]
        assert recovery.attempts.get().reference == "pi_1"
        assert told(recovery, "collected") == [
            {"amount": eur("30.00"), "reference": "pi_1", "left": eur("0.00")}
        ]
        assert kinds(recovery)[-1] == "recovered"

    def test_one_reference_has_one_amount(self) -> None:
        recovery = charging()
        recovery.collected(euros("30"), "pi_1", on_day(recovery, 14))
        with pytest.raises(ReferenceTaken):
            recovery.collected(euros("29"), "pi_1", on_day(recovery, 14))

    def test_another_currency_is_refused(self) -> None:
        recovery = charging()
        with pytest.raises(CurrencyMismatch):
            recovery.collected(Money.of("30", "USD"), "pi_1", on_day(recovery, 14))

    def test_told_before_it_was_said_to_have_begun(self) -> None:
        recovery = due()
        recovery.collected(euros("30"), "pi_1", on_day(recovery, 14), attempt=1)

        assert recovery.charge_started(1, on_day(recovery, 14)) is False
        assert attempts(recovery) == [(1, "succeeded", 3000)]

    def test_a_link_may_pay_before_any_charge(self) -> None:
        recovery = RecoveryFactory.create()
        recovery.collected(euros("10"), "cs_1", on_day(recovery, 2))
        assert recovery.status == "open"
        days_pass(recovery, 14)

        assert attempts(recovery) == [(1, "asked", 2000)]

    def test_paid_by_link_while_a_charge_flies_the_surplus_goes_back(self) -> None:
        """30.00 by link for a charge of 30.00 that succeeds as well."""
        recovery = charging()
        recovery.collected(euros("30"), "cs_1", on_day(recovery, 14), attempt=9)
        assert recovery.status == "collecting"
        recovery.collected(euros("30"), "pi_1", on_day(recovery, 14), attempt=1)

        assert (recovery.status, sums(recovery)) == ("recovered", (6000, 3000, 0))
        assert told(recovery, "give_back") == [
            {"amount": eur("30.00"), "reference": "pi_1", "total": eur("30.00")}
        ]

    def test_paid_by_link_while_a_charge_flies_that_fails(self) -> None:
        recovery = charging()
        recovery.collected(euros("30"), "cs_1", on_day(recovery, 14), attempt=9)
        recovery.charge_failed("card_declined", on_day(recovery, 14))

        assert (recovery.status, sums(recovery)) == ("recovered", (3000, 0, 0))

    def test_a_success_after_it_was_said_to_have_failed(self) -> None:
        recovery = charging()
        recovery.charge_failed("timeout", on_day(recovery, 14))
        recovery.collected(euros("30"), "pi_1", on_day(recovery, 15))

        assert (recovery.status, sums(recovery)) == ("recovered", (3000, 0, 0))

    def test_what_comes_after_it_was_written_off(self) -> None:
        recovery = charging()
        recovery.charge_failed("stolen_card", on_day(recovery, 14))
        recovery.write_off(UserFactory.create(), "gone", on_day(recovery, 30))
        recovery.collected(euros("10"), "cs_1", on_day(recovery, 31))
        assert (recovery.status, sums(recovery)) == ("written_off", (1000, 0, 2000))
        recovery.collected(euros("25"), "cs_2", on_day(recovery, 32))

        assert (recovery.status, sums(recovery)) == ("recovered", (3500, 500, 0))
        assert [each["amount"] for each in told(recovery, "paid_after_all")] == [
            eur("10.00"),
            eur("20.00"),
        ]
        assert told(recovery, "give_back") == [
            {"amount": eur("5.00"), "reference": "cs_2", "total": eur("5.00")}
        ]


class NeedsShopperTest:
    def test_a_link_and_not_another_try(self) -> None:
        recovery = charging()
        assert recovery.needs_shopper(on_day(recovery, 14)) is True
        assert recovery.needs_shopper(on_day(recovery, 14)) is False
        days_pass(recovery, 30, since=15)
        assert attempts(recovery) == [(1, "needs_shopper", 3000)]
        recovery.collected(euros("30"), "cs_1", on_day(recovery, 31))

        assert (recovery.status, attempts(recovery)) == ("recovered", [(1, "succeeded", 3000)])

    def test_a_link_that_ran_out_is_a_failed_try(self) -> None:
        recovery = due()
        recovery.needs_shopper(on_day(recovery, 14), attempt=1)
        recovery.charge_failed("link_expired", on_day(recovery, 15))
        days_pass(recovery, 20, since=16)

        assert attempts(recovery) == [(1, "failed", 3000), (2, "asked", 3000)]

    def test_nothing_flies(self) -> None:
        recovery = RecoveryFactory.create()

        assert recovery.needs_shopper(on_day(recovery, 14)) is False
        assert recovery.charge_failed("card_declined", on_day(recovery, 14)) is False
        with pytest.raises(ChargeNotAllowed):
            recovery.charge_started(1, on_day(recovery, 14))


class InstalmentsTest:
    def test_three_parts_a_week_apart(self) -> None:
        """25.00 is 8.34, 8.33 and 8.33, on days 14, 21 and 28: fifteen days at most."""
        recovery = RecoveryFactory.create(due_minor=2500)
        recovery.agree_instalments(3, on_day(recovery, 2))
        for number, (day, amount) in enumerate(((14, "8.34"), (21, "8.33"), (28, "8.33")), 1):
            days_pass(recovery, day, since=day - 14 if number == 1 else day - 6)
            recovery.charge_started(number, on_day(recovery, day))
            recovery.collected(euros(amount), f"pi_{number}", on_day(recovery, day))

        assert [amount for _, _, amount in attempts(recovery)] == [834, 833, 833]
        assert (recovery.status, sums(recovery)) == ("recovered", (2500, 0, 0))
        assert len(told(recovery, "warned")) == 4

    def test_a_part_that_fails_is_tried_again_before_the_next(self) -> None:
        recovery = RecoveryFactory.create()
        recovery.agree_instalments(2, on_day(recovery, 2))
        days_pass(recovery, 14)
        recovery.charge_started(1, on_day(recovery, 14))
        recovery.charge_failed("card_declined", on_day(recovery, 14))
        days_pass(recovery, 19, since=15)
        recovery.charge_started(2, on_day(recovery, 19))
        recovery.collected(euros("15"), "pi_2", on_day(recovery, 19))
        days_pass(recovery, 26, since=20)

        assert attempts(recovery) == [
            (1, "failed", 1500),
            (2, "succeeded", 1500),
            (3, "asked", 1500),
        ]


class CloseTest:
    def test_all_of_it_goes_back_once(self) -> None:
        recovery = charging()
        recovery.collected(euros("30"), "pi_1", on_day(recovery, 14))
        assert recovery.close("goods_arrived", on_day(recovery, 20)) is True
        assert recovery.close("goods_arrived", on_day(recovery, 21)) is False

        assert (recovery.status, sums(recovery)) == ("closed", (3000, 3000, 0))
        assert told(recovery, "give_back") == [
            {"amount": eur("30.00"), "reference": "pi_1", "total": eur("30.00")}
        ]
        assert told(recovery, "closed") == [
            {
                "reason": "goods_arrived",
                "due": eur("30.00"),
                "given_back": eur("30.00"),
                "written_off": eur("0.00"),
            }
        ]

    def test_each_payment_by_its_own_reference(self) -> None:
        recovery = RecoveryFactory.create()
        recovery.collected(euros("10"), "cs_1", on_day(recovery, 2))
        recovery.collected(euros("25"), "cs_2", on_day(recovery, 3))
        recovery.close("goods_arrived", on_day(recovery, 4))

        assert told(recovery, "give_back") == [
            {"amount": eur("5.00"), "reference": "cs_2", "total": eur("5.00")},
            {"amount": eur("20.00"), "reference": "cs_2", "total": eur("25.00")},
            {"amount": eur("10.00"), "reference": "cs_1", "total": eur("10.00")},
        ]
        assert sums(recovery) == (3500, 3500, 0)

    def test_money_of_a_charge_in_flight_goes_back_when_it_comes(self) -> None:
        recovery = charging()
        recovery.close("goods_arrived", on_day(recovery, 15))
        recovery.collected(euros("30"), "pi_1", on_day(recovery, 16))
        recovery.collected(euros("30"), "pi_1", on_day(recovery, 17))

        assert (recovery.status, sums(recovery)) == ("closed", (3000, 3000, 0))
        assert len(told(recovery, "give_back")) == 1

    def test_what_was_only_asked_for_never_begins(self) -> None:
        recovery = due()
        recovery.close("goods_arrived", on_day(recovery, 14))

        assert attempts(recovery) == [(1, "withdrawn", 3000)]
        with pytest.raises(ChargeNotAllowed):
            recovery.charge_started(1, on_day(recovery, 14))

    def test_a_charge_in_flight_that_fails_changes_nothing(self) -> None:
        recovery = charging()
        recovery.close("goods_arrived", on_day(recovery, 15))
        recovery.charge_failed("card_declined", on_day(recovery, 15))

        assert (recovery.status, attempts(recovery)) == ("closed", [(1, "failed", 3000)])
        assert services.take_steps(on_day(recovery, 60)) == 0
