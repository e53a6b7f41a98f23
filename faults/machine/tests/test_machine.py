"""Random lives of a shop, played on the product and on paper (reliability.md 3.8)."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from faults.machine.machine import Machine, size
from faults.machine.play import Stage


@pytest.mark.enable_signals
class MachineTest:
    def test_product_and_model_agree_whatever_happens(self, stage: Stage) -> None:
        Machine.stage = stage
        run_state_machine_as_test(Machine, settings=size())
        assert Machine.counts["done"] > 0
