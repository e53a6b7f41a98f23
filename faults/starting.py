"""Starts the servers and sets Django up in this process, so that tests may import the product."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.board import Board
from faults.rig import Rig
from faults.servers import ROOT, Servers
from scripts.runtime_state import locked

LANE = os.environ.get("FAULTS_LANE", "")
FOLDER = ROOT / ".embedded" / "-".join(filter(None, ("faults", LANE)))


class _Held:
    """The one rig of this run."""

    rig: Rig | None = None

    def get(self) -> Rig:
        if self.rig is None:
            raise RuntimeError("start the fault tests by python -m faults")
        return self.rig


RIG = _Held()


@contextmanager
def started(folder: Path = FOLDER) -> Iterator[Rig]:
    """Raises RuntimeRefused where the servers cannot run. One run at a time in a checkout."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        folder.parent.chmod(0o711)
        folder.chmod(0o711)
    with locked(folder):
        rig = Rig(folder, Servers.open(folder), Board(folder / "board"))
        rig.logs.mkdir(exist_ok=True)
        for log in rig.logs.iterdir():
            log.unlink()
        try:
            rig.servers.start()
            _set_up(rig)
            RIG.rig = rig
            yield rig
        finally:
            rig.stop()


def _set_up(rig: Rig) -> None:
    rig.board.clear()
    os.environ.update(rig.environment)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    rig.servers.fresh_database()
