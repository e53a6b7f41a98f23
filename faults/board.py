"""What a test asks of the processes it started: files in one folder that they all read.

The same class on both sides: a test arms, holds and takes protection away; a process that passes a
fault point looks here and obeys. Files outlive the killed, so "once" means once for all of them.
"""

import fcntl
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from faults.waiting import wait_for

LONGEST_HOLD = 30.0
LOOK_EVERY = 0.005


class Board:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._own = _from_environment(os.environ.get("FAULTS", ""))

    def clear(self) -> None:
        for path in self.folder.iterdir():
            path.unlink(missing_ok=True)

    def arm(
        self,
        point: str,
        after: int = 1,
        *,
        deaths: int = 1,
        role: str = "",
        whole_group: bool = False,
    ) -> None:
        """Kill whoever passes `point` as the n-th, or everything in its process group.

        With more `deaths` every n-th pass is killed, until so many are dead. Of `role` web or
        worker only those count.
        """
        armed = {"after": after, "left": after, "deaths": deaths}
        self._write(f"crash-{point}", {**armed, "role": role, "whole_group": whole_group})

    def is_armed(self, point: str) -> bool:
        return self._path(f"crash-{point}").exists()

    def died_at(self, point: str) -> list[int]:
        """The processes that were killed there since the board was cleared."""
        with suppress(FileNotFoundError):
            return [int(line) for line in self._path(f"died-{point}").read_text().split()]
        return []

    def wait_for_deaths(self, point: str, count: int = 1, within: float = 15) -> None:
        wait_for(f"deaths at {point}", lambda: len(self.died_at(point)) >= count, within)

    @contextmanager
    def holding(self, name: str) -> Iterator[None]:
        """Threads that come to the pause point wait until the block ends."""
        path = self._path(f"hold-{name}")
        for earlier in self.folder.glob(f"held-{name}.*"):
            earlier.unlink(missing_ok=True)
        path.touch()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)

    def held(self, name: str) -> int:
        """How many threads have come to the pause point since the hold began."""
        return len(list(self.folder.glob(f"held-{name}.*")))

    @contextmanager
    def unprotected(self, protection: str) -> Iterator[None]:
        """Every process goes without it until the block ends; faults/sabotage.py has the names."""
        path = self._path(f"without-{protection}")
        path.touch()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)

    def lacks(self, protection: str) -> bool:
        return self._path(f"without-{protection}").exists()

    def crash(self, point: str) -> None:
        if self._own.get(point):
            self._own[point] -= 1
            if not self._own[point]:
                self._die(point, whole_group=False)
        if self.is_armed(point) and (armed := self._pass(point)):
            self._die(point, whole_group=bool(armed["whole_group"]))

    def pause(self, name: str) -> None:
        hold = self._path(f"hold-{name}")
        if not hold.exists():
            return
        self._path(f"held-{name}.{os.getpid()}-{threading.get_ident()}").touch()
        deadline = time.monotonic() + LONGEST_HOLD
        while hold.exists() and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY)

    def _pass(self, point: str) -> dict[str, Any] | None:
        """What was armed, when this pass is the one that dies of it."""
        with self._path("lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                armed: dict[str, Any] = json.loads(
                    self._path(f"crash-{point}").read_text(encoding="utf-8")
                )
            except FileNotFoundError:
                return None
            if armed["role"] not in ("", os.environ.get("DB_ROLE")):
                return None
            armed["left"] -= 1
            dies = armed["left"] <= 0
            if dies:
                armed |= {"left": armed["after"], "deaths": armed["deaths"] - 1}
            if armed["deaths"]:
                self._write(f"crash-{point}", armed)
            else:
                self._path(f"crash-{point}").unlink()
            return armed if dies else None

    def _die(self, point: str, *, whole_group: bool) -> None:
        with self._path(f"died-{point}").open("a") as dead:
            dead.write(f"{os.getpid()}\n")
        if whole_group:
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    def _write(self, name: str, content: object) -> None:
        fresh = self._path(f"{name}.{os.getpid()}")
        fresh.write_text(json.dumps(content), encoding="utf-8")
        fresh.replace(self._path(name))

    def _path(self, name: str) -> Path:
        return self.folder / name


def _from_environment(text: str) -> dict[str, int]:
    """`K5` or `K5:3,K7`: points at which this process dies, at its own first or n-th pass."""
    points = (part.partition(":") for part in text.split(",") if part)
    return {point: int(count or 1) for point, _, count in points}
