"""F-24, F-25 and the rest of F-19: sweeps made from the router, which run in the ordinary suite.

They need one process only; here they take their row in the table.
"""

import re
import subprocess
import sys

import pytest

from faults.report import Report
from faults.rig import Rig
from faults.servers import ROOT

SWEEPS = {
    "F-19 every route": ("apps/api/tests/test_hostile_bodies.py",),
    "F-24 tenant sweep": ("apps/api/tests/test_sweeps.py",),
    "F-25 host sweep": (
        "apps/api/tests/test_hosts.py",
        "apps/api/tests/test_every_route.py",
        "apps/api/tests/test_routes.py",
    ),
}
PASSED = re.compile(r"(\d+) passed")


@pytest.mark.full
class SweepTest:
    @pytest.mark.parametrize(
        "name", [pytest.param(name, marks=pytest.mark.fault(name)) for name in SWEEPS]
    )
    def test_finds_nothing(self, rig: Rig, report: Report, name: str) -> None:
        command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "--create-db", *SWEEPS[name]]

        done = subprocess.run(
            command, cwd=ROOT, env=rig.suite(), capture_output=True, text=True, check=False
        )

        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
        found = PASSED.search(done.stdout)
        assert found is not None
        report.fact("cases", int(found[1]))
