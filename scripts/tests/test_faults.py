"""The short set of the fault tests, in processes and on servers of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from faults.__main__ import NO_SERVERS

ROOT = Path(__file__).resolve().parents[2]
OF_PYTEST = ("PYTEST_", "DJANGO_SETTINGS_MODULE", "COV_")


class ShortSetTest:
    def test_passes(self) -> None:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(OF_PYTEST)
        }

        done = subprocess.run(
            [sys.executable, "-m", "faults", "--short"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

        if done.returncode == NO_SERVERS:
            pytest.skip(done.stderr)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
