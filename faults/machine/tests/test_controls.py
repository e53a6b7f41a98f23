"""A protection taken away must be found: with it on, finding nothing means something."""

import os
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import HypothesisException
from hypothesis.stateful import run_state_machine_as_test

from apps.events import announcer
from apps.orders.managers import OrderTenderQuerySet
from apps.orders.mixins import order_refunds, units
from apps.payments.gateways.store_credit.account import CreditAccountMixin
from apps.payments.managers import PaymentQuerySet
from faults.machine.machine import Machine
from faults.machine.play import Stage

LIVES, STEPS = 200, 50
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


def credit_forgets_its_reference(patch: Patch) -> None:
    patch.setattr(CreditAccountMixin, "_made_before", lambda *_: False)


def shop_and_staff_both_count(patch: Patch) -> None:
    patch.setattr(OrderTenderQuerySet, "expect_at_shop", lambda *_: None)


CONTROLS = (
    no_cap,
    cancel_frees_twice,
    promised_twice,
    nothing_is_swept,
    credit_forgets_its_reference,
    shop_and_staff_both_count,
)


@pytest.mark.enable_signals
@pytest.mark.skipif("MACHINE" not in os.environ, reason="a control plays many lives: MACHINE=full")
class ControlTest:
    @pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.__name__)
    def test_it_is_found(
        self,
        control: Callable[[Patch], None],
        stage: Stage,
        monkeypatch: Patch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        Machine.stage, Machine.counts["lives"] = stage, 0
        control(monkeypatch)
        with pytest.raises((AssertionError, DatabaseError, HypothesisException)):
            run_state_machine_as_test(
                Machine,
                settings=settings(
                    max_examples=LIVES,
                    stateful_step_count=STEPS,
                    derandomize=True,
                    database=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                    deadline=None,
                ),
            )
        with capsys.disabled():
            lives = Machine.counts["lives"]
            sys.stdout.write(f"\n{control.__name__}: found in life {lives} of {LIVES}\n")
