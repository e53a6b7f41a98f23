"""A protection taken away must be found: with it on, finding nothing means something.

Every control plays the lives of one seed until the machine says that something is wrong. The same
seed is then played as often with all protections on, and nothing may be found.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from apps.events import announcer
from apps.orders.managers import OrderTenderQuerySet
from apps.orders.mixins import order_refunds, units
from apps.payments.gateways.store_credit.account import CreditAccountMixin
from apps.payments.managers import PaymentQuerySet
from faults.machine.machine import Machine
from faults.machine.play import Enough, Stage
from faults.machine.rows import Row, measured

LIVES, STEPS = int(os.environ.get("MACHINE_LIVES", "200")), 50
type Patch = pytest.MonkeyPatch


def no_cap(patch: Patch) -> None:
    patch.setattr(order_refunds, "_refuse_above", lambda *_: None)


def cancel_frees_twice(patch: Patch) -> None:
    release = units.release

    def twice(line: Any) -> None:
        release(line)
        release(line)

    patch.setattr(units, "release", twice)


def promised_twice(patch: Patch) -> None:
    patch.setattr(PaymentQuerySet, "for_return", lambda rows, _: rows.none())


def nothing_is_swept(patch: Patch) -> None:
    patch.setattr(announcer, "sweep", lambda *_, **__: 0)


def voided_credit_is_not_booked(patch: Patch) -> None:
    patch.setattr(CreditAccountMixin, "_forfeit", lambda *_: None)


def shop_and_staff_both_count(patch: Patch) -> None:
    patch.setattr(OrderTenderQuerySet, "expect_at_shop", lambda *_: None)


CONTROLS = (
    no_cap,
    cancel_frees_twice,
    promised_twice,
    nothing_is_swept,
    voided_credit_is_not_booked,
    shop_and_staff_both_count,
)


@pytest.fixture(scope="module")
def longest() -> list[int]:
    """In which life each control was found."""
    return []


def play(row: Row) -> None:
    """Raises what the machine found first; nothing is shrunk, and every run is the same."""
    chosen = settings(
        max_examples=LIVES,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        deadline=None,
    )
    try:
        run_state_machine_as_test(Machine, settings=chosen)
    except AssertionError as error:
        row.found = str(error)[:200]
        raise


@pytest.mark.enable_signals
@pytest.mark.skipif("MACHINE" not in os.environ, reason="a control plays many lives: MACHINE=full")
class ControlTest:
    @pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.__name__)
    def test_it_is_found(
        self,
        control: Callable[[Patch], None],
        stage: Stage,
        longest: list[int],
        monkeypatch: Patch,
    ) -> None:
        Machine.stage = stage
        control(monkeypatch)
        with measured(f"without: {control.__name__}") as row, pytest.raises(AssertionError):
            play(row)
        # The last life is the one that was found, played again to be shown.
        longest.append(row.runs - 1)

    def test_nothing_is_found_with_all_protections(
        self, stage: Stage, longest: list[int], monkeypatch: Patch
    ) -> None:
        Machine.stage = stage
        monkeypatch.setattr(Machine, "last_life", max(longest, default=1))
        with measured("controls, all protections on") as row, suppress(Enough):
            play(row)
        assert row.runs > max(longest, default=1) or row.runs >= LIVES
