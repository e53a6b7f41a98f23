"""Named points where a fault test may kill or hold a process; the product does neither itself.

What acts on them is the package `faults` beside `apps`, which only `config.settings.faults`
installs; the deployment check core.E002 fails where something is.
"""

from typing import Protocol


class Board(Protocol):
    def crash(self, point: str) -> None: ...

    def pause(self, name: str) -> None: ...


_board: Board | None = None


def install(board: Board | None) -> None:
    global _board  # noqa: PLW0603
    _board = board


def is_installed() -> bool:
    return _board is not None


def crash_here(point: str) -> None:
    """A test may have this process killed here; points are listed in docs/reliability.md."""
    if _board is not None:
        _board.crash(point)


def pause_here(name: str) -> None:
    """A test may hold this thread here, to interleave two of them exactly."""
    if _board is not None:
        _board.pause(name)
