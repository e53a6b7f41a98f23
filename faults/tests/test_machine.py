"""Random lives of a shop, played on the product and on paper, as rows of the table.

In a process with the plugins of the ordinary suite. It computes and waits for nothing, which two
cores at work on all else have no time for: `make machine` plays on every push.
"""

import json
import subprocess
import sys

import pytest

from faults.report import Report
from faults.rig import Rig
from faults.servers import ROOT

# Other lives each time; the two hundred that are always the same are `make machine`'s.
RUNS, STEPS = 20, 60


@pytest.mark.counted
class MachineTest:
    @pytest.mark.fault(f"stateful machine, {RUNS} x {STEPS}")
    def test_product_and_paper_agree_and_its_controls_do_not(
        self, rig: Rig, report: Report
    ) -> None:
        command = [
            sys.executable,
            "-m",
            "faults.machine",
            f"--runs={RUNS}",
            f"--steps={STEPS}",
            "--anew",
        ]

        done = subprocess.run(
            command, cwd=ROOT, env=rig.suite(), capture_output=True, text=True, check=False
        )

        rows = json.loads(done.stdout or "[]")
        for row in rows:
            report.fact("CPU s", row["cpu"])
            if row["name"] != "machine":
                report.control(row["name"], int(bool(row["found"])), row["runs"], row["found"])
        assert done.returncode == 0, done.stderr[-4000:]
        assert rows[0]["name"] == "machine"
