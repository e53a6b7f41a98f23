"""The short set of the fault tests runs beside the suite: it mostly waits, and a worker need not.

The controller of xdist starts it as soon as a worker has collected its test, which comes last and
waits for what is left of it. Without xdist that test runs it itself.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
ITS_TEST = "scripts/tests/test_faults.py"
OF_PYTEST = ("PYTEST_", "DJANGO_SETTINGS_MODULE", "COV_")
LONGEST_SECONDS = 900


@dataclass(slots=True)
class ShortSet:
    """`folder` holds what it says in `said`, and its exit code in `code` once it is over."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        kept = {key: each for key, each in os.environ.items() if not key.startswith(OF_PYTEST)}
        with (self.folder / "said").open("wb") as said:
            process = self.process = subprocess.Popen(
                [sys.executable, "-m", "faults", "--short"],
                cwd=ROOT,
                env=kept,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        threading.Thread(target=self._note, args=(process,), daemon=True).start()

    def stop(self) -> None:
        """Ends what a run that was broken off has left; nothing after a whole one."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def judge(self) -> tuple[int, str]:
        """The exit code and all that was said, once it is over."""
        wait_for("the end of the short set", (self.folder / "code").exists, LONGEST_SECONDS)
        said = (self.folder / "said").read_text(errors="replace")
        return int((self.folder / "code").read_text()), said

    def _note(self, process: subprocess.Popen[bytes]) -> None:
        code = process.wait()
        (self.folder / "over").write_text(str(code))
        (self.folder / "over").rename(self.folder / "code")


class Beside:
    """Hooks of the controller."""

    def __init__(self) -> None:
        self.short_set = ShortSet(Path(tempfile.mkdtemp(prefix="short-set-")))

    def pytest_configure_node(self, node: object) -> None:
        node.workerinput["short_set"] = str(self.short_set.folder)  # type: ignore[attr-defined]

    def pytest_xdist_node_collection_finished(self, node: object, ids: Sequence[str]) -> None:
        if self.short_set.process is None and any(each.startswith(ITS_TEST) for each in ids):
            self.short_set.start()

    def pytest_sessionfinish(self) -> None:
        self.short_set.stop()
        shutil.rmtree(self.short_set.folder, ignore_errors=True)
