"""Fault points do nothing by themselves, and nothing can act on them in production."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from apps.core import faults
from apps.core.checks import nobody_acts_on_fault_points

ROOT = Path(__file__).resolve().parents[3]
PASS_THE_POINTS = """
import django
django.setup()
from apps.core.faults import crash_here, is_installed, pause_here
crash_here("K5")
pause_here("before-call")
print("alive", is_installed())
"""
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "a-secret-of-this-installation-" + "y" * 40,
    "FIELD_KEYS": f"check:{base64.b64encode(bytes(32)).decode()}",
    "IDENTITY_KEY": "i" * 64,
}


@pytest.fixture
def board() -> Iterator[Mock]:
    board = Mock()
    faults.install(board)
    yield board
    faults.install(None)


class PointsTest:
    def test_nothing_happens_without_a_board(self) -> None:
        faults.crash_here("K5")
        faults.pause_here("before-call")

        assert not faults.is_installed()

    def test_the_board_is_asked(self, board: Mock) -> None:
        faults.crash_here("K5")
        faults.pause_here("before-call")

        board.crash.assert_called_once_with("K5")
        board.pause.assert_called_once_with("before-call")


class ProductionTest:
    def test_cannot_be_killed_from_the_environment(self, tmp_path: Path) -> None:
        (tmp_path / "crash-K5").write_text(
            '{"after": 1, "left": 1, "deaths": 1, "role": "", "whole_group": false}'
        )
        asked = {"FAULTS": "K5", "FAULTS_FOLDER": str(tmp_path)}

        done = subprocess.run(
            [sys.executable, "-c", PASS_THE_POINTS],
            cwd=ROOT,
            env={**os.environ, **PRODUCTION, **asked},
            capture_output=True,
            text=True,
            check=False,
        )

        assert (done.returncode, done.stdout) == (0, "alive False\n"), done.stderr

    def test_the_deployment_check_fails_where_points_are_live(self, board: Mock) -> None:
        (error,) = nobody_acts_on_fault_points(None)

        assert error.id == "core.E002"

    def test_the_deployment_check_passes_elsewhere(self) -> None:
        assert nobody_acts_on_fault_points(None) == []
