"""Random lives of a shop, played on the product and on paper."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from faults.machine.machine import Machine, size
from faults.machine.play import Stage
from faults.machine.rows import measured


@pytest.mark.enable_signals
class MachineTest:
    def test_product_and_model_agree_whatever_happens(self, stage: Stage) -> None:
        Machine.stage = stage
        with measured("machine") as row:
            try:
                run_state_machine_as_test(Machine, settings=size())
            except Exception as error:
                row.found = str(error)[:200]
                raise
        assert Machine.counts["done"] > 0
