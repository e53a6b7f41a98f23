"""The truth: one JSON object a line, on the disk before anybody is answered."""

import json
import os
import threading
from pathlib import Path
from typing import Any, BinaryIO


class Journal:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = [json.loads(line) for line in _whole_lines(path)]
        self._file: BinaryIO = path.open("ab")
        self._lock = threading.Lock()

    def write(self, kind: str, *, sync: bool = True, **facts: Any) -> None:
        with self._lock:
            line = {"seq": len(self.lines) + 1, "kind": kind, **facts}
            self._file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
            self._file.flush()
            if sync:
                os.fsync(self._file.fileno())
            self.lines.append(line)

    def close(self) -> None:
        """For whoever keeps one inside a process that goes on."""
        self._file.close()

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["kind"] in kinds]


def _whole_lines(path: Path) -> list[bytes]:
    """A last line that a crash cut short was never answered for: it is dropped."""
    if not path.exists():
        return []
    whole = path.read_bytes()
    whole = whole[: whole.rfind(b"\n") + 1]
    os.truncate(path, len(whole))
    return whole.splitlines()
