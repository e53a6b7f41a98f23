"""I-26 and I-35 to I-37 hold whatever happens, and a protection taken away is found.

`RECOVERY_MACHINE=200x60` plays the long one.
"""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError
from hypothesis.stateful import run_state_machine_as_test

from apps.core import clock
from apps.core.money import Money
from apps.orders.dtos import UnitDecision
from apps.orders.models import Recovery
from apps.orders.modules.recoveries.tests.factories import RecoveryFactory
from apps.orders.modules.recoveries.tests.machine import RecoveryMachine, size
from apps.orders.tests.factories import ReturnFactory
from apps.users.tests.factories import UserFactory

type Patch = pytest.MonkeyPatch

pytestmark = pytest.mark.django_db
AT = clock.now()
LIVES = 60


@pytest.fixture(autouse=True)
def stage() -> None:
    """30.00 and 20.00 are owed under a consent of 40.00; one line of the return was accepted."""
    ret = ReturnFactory.create()
    first, second = ret.lines.order_by("pk")
    ret.decide(
        [UnitDecision(first.pk, "accepted"), UnitDecision(second.pk, "rejected", reason="worn")], AT
    )
    rows = [
        RecoveryFactory.create(
            ret=ret,
            cause=cause,
            due_minor=due,
            at=AT,
            consent_cap_minor=4000,
            consent_until=AT + timedelta(days=60),
        )
        for cause, due in (("not_returned", 2000), ("rejected", 3000))
    ]
    RecoveryMachine.stage = (ret, rows, UserFactory.create())
    RecoveryMachine.counts = dict.fromkeys(RecoveryMachine.counts, 0)


class MachineTest:
    def test_product_and_paper_agree_whatever_happens(self) -> None:
        run_state_machine_as_test(RecoveryMachine, settings=size())

        print(RecoveryMachine.counts)  # noqa: T201
        assert min(RecoveryMachine.counts.values()) > 0


def parcels_are_not_looked_at(patch: Patch) -> None:
    patch.setattr(Recovery, "parcel_holds", lambda *_: "")


def the_last_look_is_left_out(patch: Patch) -> None:
    patch.setattr(Recovery, "_reason_against", lambda *_: "")


def objections_have_no_time(patch: Patch) -> None:
    patch.setattr(django_settings, "RECOVERY_OBJECTION", timedelta(0))
    patch.setattr(Recovery, "objection_ends_at", AT)


def consent_has_no_cap(patch: Patch) -> None:
    patch.setattr(Recovery, "room", lambda *_: Money(10**9, "EUR"))


def tries_are_not_counted(patch: Patch) -> None:
    patch.setattr(Recovery, "tries_left", lambda *_: 3)


def payments_are_not_known_again(patch: Patch) -> None:
    patch.setattr(Recovery, "_is_known", lambda *_: False)


def nothing_goes_back(patch: Patch) -> None:
    patch.setattr(Recovery, "_give_back", lambda *_: None)


def warnings_need_no_days(patch: Patch) -> None:
    patch.setattr(django_settings, "RECOVERY_NOTICE", timedelta(0))


CONTROLS = (
    parcels_are_not_looked_at,
    the_last_look_is_left_out,
    objections_have_no_time,
    consent_has_no_cap,
    tries_are_not_counted,
    payments_are_not_known_again,
    nothing_goes_back,
    warnings_need_no_days,
)


@pytest.mark.skipif("RECOVERY_MACHINE" not in os.environ, reason="many lives: RECOVERY_MACHINE")
class ControlTest:
    @pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.__name__)
    def test_it_is_found(self, control: Callable[[Patch], None], monkeypatch: Patch) -> None:
        control(monkeypatch)

        with pytest.raises((AssertionError, IntegrityError)):
            run_state_machine_as_test(RecoveryMachine, settings=size(LIVES))


class ShortControlTest:
    """A life written down for a protection: found without it, and nothing found with it."""

    @pytest.mark.parametrize(
        ("control", "life"),
        [
            (parcels_are_not_looked_at, [("scanned", 0), *[("on", 0)] * 3]),
            (the_last_look_is_left_out, [("overtaken", 0)] * 3),
            (nothing_goes_back, [("paid_by_link", 6), ("closed", 2)]),
            (warnings_need_no_days, [("on", 0)] * 3),
        ],
        ids=lambda part: getattr(part, "__name__", "life"),
    )
    def test_it_is_found(
        self, control: Callable[[Patch], None], life: list[tuple[str, int]], monkeypatch: Patch
    ) -> None:
        play(life)
        control(monkeypatch)

        with pytest.raises((AssertionError, IntegrityError)):
            play(life)


def play(life: list[tuple[str, int]]) -> None:
    machine = RecoveryMachine()
    try:
        for what, drawn in life:
            machine.something_happens(what, drawn, twice=False)
            machine.product_and_paper_agree()
    finally:
        machine.teardown()
