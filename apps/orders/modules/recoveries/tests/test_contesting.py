"""What the shopper says stops the clock; what staff do about it."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from apps.core.status import IllegalTransition
from apps.orders.models import Recovery
from apps.orders.modules.recoveries.dtos import Contest
from apps.orders.modules.recoveries.mixins.charging import ChargeNotAllowed
from apps.orders.modules.recoveries.mixins.contesting import (
    AlreadyContested,
    InstalmentsNotPossible,
    NothingToPay,
    ObjectionOver,
)
from apps.orders.modules.recoveries.mixins.writing_off import OwnRecovery
from apps.orders.modules.recoveries.tests.factories import DAY, RecoveryFactory
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
SENT = Contest("sent", "Sent on Monday", tracking_number="AB123456", carrier="Post")


@pytest.fixture
def recovery() -> Recovery:
    made: Recovery = RecoveryFactory.create()
    return made


@pytest.fixture
def failed() -> Recovery:
    """Charging was given up; 30.00 are left."""
    recovery = charging()
    recovery.charge_failed("stolen_card", on_day(recovery, 14))
    return recovery


class ContestTest:
    def test_nothing_moves_until_a_person_looked(self, recovery: Recovery) -> None:
        recovery.contest(Contest("objection", "Not mine"), on_day(recovery, 3))
        days_pass(recovery, 60)

        assert (recovery.status, kinds(recovery)) == ("disputed", ["contested"])
        assert told(recovery, "contested") == [{"contest": "objection"}]
        assert recovery.contests[0]["text"] == "Not mine"

    def test_an_objection_has_its_time(self, recovery: Recovery) -> None:
        with pytest.raises(ObjectionOver):
            recovery.contest(Contest("objection"), on_day(recovery, 7))
        recovery.contest(Contest("dispute"), on_day(recovery, 7))

        assert recovery.status == "disputed"

    def test_sent_stops_a_charge_that_has_not_begun(self) -> None:
        recovery = due()
        recovery.contest(SENT, on_day(recovery, 14))

        assert (recovery.status, attempts(recovery)) == ("disputed", [(1, "withdrawn", 3000)])
        with pytest.raises(ChargeNotAllowed):
            recovery.charge_started(1, on_day(recovery, 14))

    def test_each_kind_is_heard_once(self, recovery: Recovery) -> None:
        recovery.contest(SENT, on_day(recovery, 1))
        recovery.contest(Contest("dispute"), on_day(recovery, 1))
        recovery.resume("no parcel", on_day(recovery, 2))
        with pytest.raises(AlreadyContested):
            recovery.contest(SENT, on_day(recovery, 3))

    def test_resumed_the_warnings_come_again(self) -> None:
        recovery = due()
        recovery.contest(SENT, on_day(recovery, 14))
        recovery.resume("no parcel", on_day(recovery, 20))
        days_pass(recovery, 27, since=20)

        assert kinds(recovery)[-4:] == ["resumed", "warned", "warned", "due"]
        assert attempts(recovery) == [(1, "asked", 3000)]

    def test_money_that_comes_meanwhile_is_kept(self) -> None:
        recovery = charging()
        recovery.pause("asked the store", on_day(recovery, 14))
        recovery.collected(euros("30"), "pi_1", on_day(recovery, 14))
        assert recovery.status == "disputed"
        recovery.resume("settled", on_day(recovery, 15))

        assert recovery.status == "recovered"

    def test_a_charge_in_flight_holds_the_next_one(self) -> None:
        recovery = charging()
        recovery.pause("asked the store", on_day(recovery, 14))
        recovery.resume("settled", on_day(recovery, 15))
        days_pass(recovery, 30, since=15)

        assert (recovery.status, recovery.held_back) == ("notified", "in_flight")
        recovery.charge_failed("card_declined", on_day(recovery, 30))
        assert attempts(recovery) == [(1, "failed", 3000)]
        assert recovery.status == "notified"

    def test_what_is_closed_is_over(self, recovery: Recovery) -> None:
        recovery.close("kindness", on_day(recovery, 1))
        with pytest.raises(IllegalTransition):
            recovery.contest(SENT, on_day(recovery, 2))


class InstalmentsTest:
    def test_told_with_their_parts(self, recovery: Recovery) -> None:
        recovery.agree_instalments(2, on_day(recovery, 2))

        assert told(recovery, "instalments_agreed") == [
            {"parts": [{"amount": "15.00", "currency": "EUR"}] * 2}
        ]
        days_pass(recovery, 14)
        assert attempts(recovery) == [(1, "asked", 1500)]

    @pytest.mark.parametrize("count", [1, 4])
    def test_two_or_three(self, recovery: Recovery, count: int) -> None:
        with pytest.raises(InstalmentsNotPossible):
            recovery.agree_instalments(count, on_day(recovery, 2))

    def test_once_and_before_the_charge(self, recovery: Recovery) -> None:
        recovery.agree_instalments(2, on_day(recovery, 2))
        with pytest.raises(InstalmentsNotPossible):
            recovery.agree_instalments(3, on_day(recovery, 2))
        with pytest.raises(InstalmentsNotPossible):
            due().agree_instalments(2, on_day(recovery, 14))


class LinkTest:
    def test_no_charge_while_one_is_open(self, recovery: Recovery) -> None:
        assert recovery.ask_link(on_day(recovery, 13)) is True
        assert recovery.ask_link(on_day(recovery, 13)) is False
        url, until = "https://pay.example/1", on_day(recovery, 16)
        assert recovery.link_ready(url, until, on_day(recovery, 13)) is True
        assert recovery.link_ready(url, until, on_day(recovery, 13)) is False
        days_pass(recovery, 15)
        assert (recovery.status, recovery.held_back) == ("notified", "link_open")
        days_pass(recovery, 19, since=16)

        assert recovery.status == "collecting"
        assert kinds(recovery).count("link_wanted") == 1

    def test_not_beside_a_charge(self) -> None:
        recovery = due()
        with pytest.raises(NothingToPay):
            recovery.ask_link(on_day(recovery, 14))

    def test_not_when_it_is_over(self, recovery: Recovery) -> None:
        recovery.close("kindness", on_day(recovery, 1))
        with pytest.raises(NothingToPay):
            recovery.ask_link(on_day(recovery, 1))


class WriteOffTest:
    def test_up_to_two_hundred_by_one_person(self, failed: Recovery) -> None:
        by = UserFactory.create()
        assert failed.write_off(by, "moved away", on_day(failed, 40)) is True

        assert (failed.status, failed.written_off_minor) == ("written_off", 3000)
        assert told(failed, "written_off") == [
            {
                "amount": {"amount": "30.00", "currency": "EUR"},
                "by": str(by.pk),
                "reason": "moved away",
            }
        ]

    def test_above_it_a_second_person(self, failed: Recovery, settings: Settings) -> None:
        settings.RECOVERY_SECOND_PERSON_ABOVE = "29.99"
        first, second = UserFactory.create_batch(2)
        assert failed.write_off(first, "moved away", on_day(failed, 40)) is False
        assert failed.write_off(first, "moved away", on_day(failed, 41)) is False
        assert failed.status == "failed"

        assert failed.write_off(second, "moved away", on_day(failed, 42)) is True
        assert (failed.write_off_asked_by, failed.written_off_by) == (first, second)

    def test_never_by_the_one_who_owes_it(self, failed: Recovery) -> None:
        shopper = UserFactory.create(email=failed.ret.order.email.lower())
        with pytest.raises(OwnRecovery):
            failed.write_off(shopper, "oh well", on_day(failed, 40))

    def test_only_what_was_tried(self, recovery: Recovery) -> None:
        with pytest.raises(IllegalTransition):
            recovery.write_off(UserFactory.create(), "why not", on_day(recovery, 1))

    def test_goods_may_still_turn_up(self, failed: Recovery) -> None:
        failed.write_off(UserFactory.create(), "moved away", on_day(failed, 40))
        failed.close("goods_arrived", on_day(failed, 50))

        assert failed.status == "closed"
        assert told(failed, "closed")[0]["written_off"] == {"amount": "30.00", "currency": "EUR"}

    def test_what_is_written_off_is_not_resumed(self, failed: Recovery) -> None:
        """Found by the machine: nothing was left, and it became recovered."""
        failed.write_off(UserFactory.create(), "moved away", on_day(failed, 40))
        with pytest.raises(IllegalTransition):
            failed.resume("looked", on_day(failed, 41))

    def test_the_shopper_may_pay_after_charging_was_given_up(self, failed: Recovery) -> None:
        late = on_day(failed, 14) + DAY + timedelta(seconds=1)
        assert failed.ask_link(late) is True
        failed.collected(euros("30"), "cs_1", late)

        assert failed.status == "recovered"
