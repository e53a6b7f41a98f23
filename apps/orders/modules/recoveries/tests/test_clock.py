"""Day 7 the first warning, day 11 the second, day 14 the charge; three tries in 15 days."""

from datetime import timedelta

import pytest

from apps.orders.models import Recovery
from apps.orders.modules.recoveries import services
from apps.orders.modules.recoveries.mixins.charging import ChargeNotAllowed
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

pytestmark = pytest.mark.django_db
THIRTY = {"amount": "30.00", "currency": "EUR"}
SECOND = timedelta(seconds=1)


@pytest.fixture
def recovery() -> Recovery:
    made: Recovery = RecoveryFactory.create()
    return made


class WarningTest:
    def test_nothing_before_the_objection_ends(self, recovery: Recovery) -> None:
        assert services.take_steps(on_day(recovery, 7) - SECOND) == 0
        assert services.take_steps(on_day(recovery, 7)) == 1
        assert services.take_steps(on_day(recovery, 7)) == 0
        recovery.refresh_from_db()
        assert (recovery.status, recovery.warned_at) == ("notified", on_day(recovery, 7))

    def test_two_warnings_and_then_it_is_due(self, recovery: Recovery) -> None:
        days_pass(recovery, 13)
        assert [(each["number"], each["charge_at"]) for each in told(recovery, "warned")] == [
            (1, on_day(recovery, 14).isoformat()),
            (2, on_day(recovery, 14).isoformat()),
        ]
        assert recovery.reminded_at == on_day(recovery, 11)
        days_pass(recovery, 14, since=14)

        assert kinds(recovery) == ["warned", "warned", "due"]
        assert told(recovery, "due") == [{"amount": THIRTY, "attempt": 1}]
        assert (recovery.status, attempts(recovery)) == ("collecting", [(1, "asked", 3000)])

    def test_a_clock_that_comes_late_still_gives_three_days(self, recovery: Recovery) -> None:
        for day in (20, 40, 42):
            services.take_steps(on_day(recovery, day))
        assert kinds(recovery) == ["warned", "warned"]
        services.take_steps(on_day(recovery, 43))

        assert kinds(recovery)[-1] == "due"

    def test_asked_for_again_when_nobody_began(self) -> None:
        recovery = due()
        days_pass(recovery, 15, since=15)

        assert told(recovery, "due") == [{"amount": THIRTY, "attempt": 1}] * 2
        assert attempts(recovery) == [(1, "asked", 3000)]


class RetryTest:
    def test_three_tries_in_fifteen_days_and_no_more(self) -> None:
        recovery = charging()
        recovery.charge_failed("card_declined", on_day(recovery, 14))
        assert recovery.status == "failed"
        days_pass(recovery, 19, since=15)
        recovery.charge_started(2, on_day(recovery, 19))
        recovery.charge_failed("card_declined", on_day(recovery, 19))
        days_pass(recovery, 24, since=20)
        recovery.charge_started(3, on_day(recovery, 24))
        recovery.charge_failed("card_declined", on_day(recovery, 24))
        days_pass(recovery, 60, since=25)

        assert attempts(recovery) == [(1, "failed", 3000), (2, "failed", 3000), (3, "failed", 3000)]
        assert [each["charge_at"] for each in told(recovery, "warned")[2:]] == [
            on_day(recovery, 19).isoformat(),
            on_day(recovery, 24).isoformat(),
        ]
        assert told(recovery, "failed") == [{"reason": "tries_used", "left": THIRTY}]
        assert told(recovery, "link_wanted") == [{"amount": THIRTY}]
        assert (recovery.status, recovery.next_step_at) == ("failed", None)

    def test_a_stolen_card_is_not_tried_again(self) -> None:
        recovery = charging()
        recovery.charge_failed("stolen_card", on_day(recovery, 14))

        assert told(recovery, "failed") == [{"reason": "card_refused", "left": THIRTY}]
        assert recovery.next_step_at is None

    def test_no_try_after_the_fifteenth_day(self) -> None:
        """The second waits for a parcel until day 30, which is too late."""
        recovery = charging()
        recovery.charge_failed("card_declined", on_day(recovery, 14))
        recovery.ret.scan(on_day(recovery, 15))
        days_pass(recovery, 30, since=15)
        recovery.ret.turn_back(on_day(recovery, 30))
        days_pass(recovery, 40, since=31)

        assert attempts(recovery) == [(1, "failed", 3000)]
        assert told(recovery, "failed")[0]["reason"] == "tries_used"

    def test_a_failure_told_late_leaves_the_next_charge_alone(self) -> None:
        recovery = charging()
        failed_at = on_day(recovery, 14)
        assert recovery.charge_failed("card_declined", failed_at) is True
        assert recovery.charge_failed("card_declined", failed_at) is False
        days_pass(recovery, 19, since=15)

        assert recovery.charge_failed("card_declined", failed_at) is False
        assert recovery.charge_failed("card_declined", on_day(recovery, 20), attempt=1) is False
        assert attempts(recovery)[1] == (2, "asked", 3000)


class ConsentTest:
    def test_without_one_only_a_link(self) -> None:
        recovery = due(without_consent=True)

        assert attempts(recovery) == []
        assert told(recovery, "failed") == [{"reason": "no_consent", "left": THIRTY}]
        assert told(recovery, "link_wanted") == [{"amount": THIRTY}]

    def test_never_after_its_end(self) -> None:
        made = RecoveryFactory.create()
        made.consent_until = on_day(made, 14) - SECOND
        made.save()
        days_pass(made, 14)

        assert (made.status, attempts(made)) == ("failed", [])

    def test_a_charge_asked_for_in_time_may_not_begin_after_it(self) -> None:
        recovery = due()
        with pytest.raises(ChargeNotAllowed) as refused:
            recovery.charge_started(1, on_day(recovery, 90) + SECOND)

        assert refused.value.details["reason"] == "too_late"

    def test_never_above_its_cap(self) -> None:
        assert attempts(due(consent_cap_minor=1250)) == [(1, "asked", 1250)]

    def test_all_recoveries_of_a_return_share_it(self) -> None:
        """Of 50.00, 30.00 are being charged: 20.00 are left for the other 30.00."""
        first = RecoveryFactory.create(consent_cap_minor=5000)
        other = RecoveryFactory.create(
            ret=first.ret, cause="missing", consent_cap_minor=5000, at=first.opened_at
        )
        days_pass(first, 14)

        amounts = [*attempts(first), *attempts(other)]
        assert sorted(amounts) == [(1, "asked", 2000), (1, "asked", 3000)]

    def test_what_is_above_it_is_left_for_a_link(self) -> None:
        recovery = charging(consent_cap_minor=1250)
        recovery.collected(euros("12.50"), "pi_1", on_day(recovery, 14))
        days_pass(recovery, 21, since=15)

        assert attempts(recovery) == [(1, "succeeded", 1250)]
        assert told(recovery, "failed") == [
            {"reason": "no_consent", "left": {"amount": "17.50", "currency": "EUR"}}
        ]


class ParcelTest:
    def test_no_charge_while_it_travels(self, recovery: Recovery) -> None:
        days_pass(recovery, 13)
        recovery.ret.scan(on_day(recovery, 13))
        days_pass(recovery, 20, since=14)

        assert (recovery.status, attempts(recovery)) == ("notified", [])
        assert told(recovery, "held_back") == [{"reason": "travelling"}]

    def test_goods_that_come_back_to_the_shopper_are_charged_after_a_new_warning(
        self, recovery: Recovery
    ) -> None:
        recovery.ret.scan(on_day(recovery, 8))
        days_pass(recovery, 20)
        recovery.ret.turn_back(on_day(recovery, 20))
        days_pass(recovery, 24, since=21)

        assert [each["charge_at"] for each in told(recovery, "warned")] == [
            on_day(recovery, 14).isoformat(),
            on_day(recovery, 24).isoformat(),
        ]
        assert attempts(recovery) == [(1, "asked", 3000)]

    def test_a_scan_after_it_was_asked_for_stops_it(self) -> None:
        recovery = due()
        recovery.ret.scan(on_day(recovery, 14))
        with pytest.raises(ChargeNotAllowed) as refused:
            recovery.charge_started(1, on_day(recovery, 14))
        days_pass(recovery, 15, since=15)

        assert refused.value.details["reason"] == "travelling"
        assert (recovery.status, attempts(recovery)) == ("notified", [(1, "withdrawn", 3000)])
        with pytest.raises(ChargeNotAllowed, match="not_due"):
            recovery.charge_started(1, on_day(recovery, 15))

    def test_a_charge_that_was_taken_back_keeps_its_number(self) -> None:
        recovery = due()
        recovery.ret.label_failed(on_day(recovery, 14))
        days_pass(recovery, 15, since=15)
        recovery.ret.label_made(on_day(recovery, 15))
        days_pass(recovery, 19, since=16)

        assert told(recovery, "held_back") == [{"reason": "label_failed"}]
        assert attempts(recovery) == [(1, "asked", 3000)]

    def test_a_failed_label_of_a_parcel_that_came_is_no_matter(self) -> None:
        recovery = RecoveryFactory.create()
        recovery.ret.label_failed(on_day(recovery, 1))
        recovery.ret.receive(on_day(recovery, 2))
        days_pass(recovery, 14)

        assert recovery.status == "collecting"

    def test_the_shoppers_word_that_it_left_holds_for_three_weeks(self, recovery: Recovery) -> None:
        recovery.ret.ship(on_day(recovery, 1))
        days_pass(recovery, 21)
        assert recovery.held_back == "travelling"
        days_pass(recovery, 25, since=22)

        assert attempts(recovery) == [(1, "asked", 3000)]
