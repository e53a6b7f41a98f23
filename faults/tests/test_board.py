"""The board as a process of the product meets it, and the clocks that its settings scale."""

import subprocess
import sys
from pathlib import Path

import pytest

from faults.board import Board
from faults.servers import ROOT

pytestmark = pytest.mark.fault("the harness itself")
PASS = """
import sys
from pathlib import Path
from faults.board import Board
board = Board(Path(sys.argv[1]))
for _ in range(3):
    board.crash("K5")
print("alive")
"""


def passes(folder: Path, **environment: str) -> int:
    """The exit code of a process that passes K5 three times."""
    command = [sys.executable, "-c", PASS, str(folder)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True
    ).returncode


class BoardTest:
    @pytest.mark.parametrize(("after", "code"), [(1, -9), (3, -9), (4, 0)])
    def test_dies_at_the_nth_pass(self, tmp_path: Path, after: int, code: int) -> None:
        board = Board(tmp_path)
        board.arm("K5", after)

        assert passes(tmp_path) == code
        assert len(board.died_at("K5")) == (code != 0)

    def test_so_many_processes_die_and_no_more(self, tmp_path: Path) -> None:
        board = Board(tmp_path)
        board.arm("K5", deaths=2)

        assert [passes(tmp_path) for _ in range(3)] == [-9, -9, 0]
        assert not board.is_armed("K5")

    @pytest.mark.parametrize(("asked", "code"), [("K5", -9), ("K5:3", -9), ("K5:4", 0), ("K4", 0)])
    def test_the_environment_of_one_process(self, tmp_path: Path, asked: str, code: int) -> None:
        assert passes(tmp_path, FAULTS=asked) == code

    def test_cleared_is_as_new(self, tmp_path: Path) -> None:
        board = Board(tmp_path)
        board.arm("K5")
        with board.unprotected("row-lock"):
            assert board.lacks("row-lock")
        board.clear()

        assert (passes(tmp_path), board.lacks("row-lock")) == (0, False)
