"""Web, worker and beat of one checkout, run by honcho in the background."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scripts import runtime_system as system
from scripts.runtime_state import RuntimeRefused, say

START_SECONDS = 90.0
STOP_SECONDS = 20.0
READY = {"celery -A config worker": " ready.", "celery -A config beat": "beat: Starting..."}


@dataclass(frozen=True, slots=True)
class Processes:
    root: Path
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "processes.log"

    @property
    def pid_file(self) -> Path:
        return self.folder / "honcho.pid"

    @property
    def groups_file(self) -> Path:
        return self.folder / "processes.pid"

    def is_running(self) -> bool:
        pid = system.read_pid(self.pid_file)
        return pid is not None and self._is_honcho(pid)

    def start(self, environment: dict[str, str], port: int) -> None:
        """Returns when all are ready; else shows the end of the log and stops everything."""
        defaults = {
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "PYTHONUNBUFFERED": "1",
        }
        (self.folder / "mails").mkdir(exist_ok=True)
        (self.folder / "media").mkdir(exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "honcho",
            "start",
            "--no-colour",
            "-f",
            "Procfile.dev",
        ]
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        # Through a shell that ends at once: honcho must outlive this command and be no child of it.
        started = subprocess.run(
            ["/bin/sh", "-c", '"$@" >"$LOG" 2>&1 </dev/null & echo $!', "sh", *command],
            cwd=self.root,
            env=defaults | dict(os.environ) | environment | {"PATH": path, "LOG": str(self.log)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            start_new_session=True,
        )
        pid = int(started.stdout)
        self.pid_file.write_text(str(pid))
        try:
            self._wait_until_ready(pid, port)
            self.groups_file.write_text("\n".join(str(child) for child in children_of(pid)))
        except BaseException:
            self._end([pid, *children_of(pid)])
            self.pid_file.unlink()
            raise

    def stop(self) -> bool:
        pid = system.read_pid(self.pid_file)
        found = pid is not None and self._is_honcho(pid)
        if pid is not None and found:
            self._end([pid])
        return self.clear() or found

    def clear(self) -> bool:
        """Ends what a killed honcho left behind; True when there was something."""
        noted = self.groups_file.read_text().split() if self.groups_file.exists() else []
        left = [
            pid
            for pid in map(int, noted)
            if not system.has_ended(pid) and self._is_of_this_checkout(pid)
        ]
        if left:
            say(f"ending {len(left)} processes that a killed run left behind")
            self._end(left)
        named = system.read_pid(self.pid_file)
        if named is not None and not left and not system.has_ended(named):
            say(f"{self.pid_file} names pid {named}, another program: a stale file, removed")
        self.groups_file.unlink(missing_ok=True)
        self.pid_file.unlink(missing_ok=True)
        return bool(left)

    def _wait_until_ready(self, pid: int, port: int) -> None:
        procfile = (self.root / "Procfile.dev").read_text()
        words = [ready for command, ready in READY.items() if command in procfile]
        deadline = time.monotonic() + START_SECONDS
        while not (self._have_said(words) and answers(port)):
            end = "\n".join(tail(self.log, 30))
            if system.has_ended(pid):
                raise RuntimeRefused(f"web, worker and beat stopped at once:\n{end}")
            if time.monotonic() > deadline:
                raise RuntimeRefused(
                    f"web (port {port}), worker and beat were not ready within "
                    f"{START_SECONDS:.0f} s:\n{end}"
                )
            time.sleep(0.2)

    def _have_said(self, words: list[str]) -> bool:
        log = self.log.read_text(errors="replace")
        return all(word in log for word in words)

    def _end(self, pids: list[int]) -> None:
        """TERM, then KILL for what does not go; honcho passes TERM on to its children."""
        family = [*pids, *(child for pid in pids for child in children_of(pid))]
        send(signal.SIGTERM, pids)
        deadline = time.monotonic() + STOP_SECONDS
        if not all(system.wait_until_ended(pid, deadline - time.monotonic()) for pid in pids):
            say(f"not everything stopped within {STOP_SECONDS:.0f} s; killing it")
            send(signal.SIGKILL, family)
            for pid in pids:
                system.wait_until_ended(pid, 5)

    def _is_honcho(self, pid: int) -> bool:
        return "honcho" in system.command_of(pid) and self._is_of_this_checkout(pid)

    def _is_of_this_checkout(self, pid: int) -> bool:
        """By the folder it runs in, where the system shows it."""
        try:
            return (system.PROC / str(pid) / "cwd").resolve(strict=True) == self.root.resolve()
        except OSError:
            return not (system.PROC / "self" / "cwd").exists() and bool(system.command_of(pid))


def send(number: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def children_of(pid: int) -> list[int]:
    """Every process under `pid`, nearest first."""
    parents: dict[int, list[int]] = {}
    for child, parent in _pairs():
        parents.setdefault(parent, []).append(child)
    found = list(parents.get(pid, []))
    for child in found:
        found.extend(parents.get(child, []))
    return found


def _pairs() -> list[tuple[int, int]]:
    """(process, parent) of everything that runs."""
    if (system.PROC / "self" / "stat").exists():
        pairs = []
        for entry in system.PROC.glob("[0-9]*/stat"):
            with suppress(OSError):
                after_name = entry.read_text().rpartition(")")[2].split()
                pairs.append((int(entry.parent.name), int(after_name[1])))
        return pairs
    seen = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in seen.stdout.splitlines())
    return [(int(pid), int(parent)) for pid, parent in rows]


def answers(port: int) -> bool:
    """Any HTTP answer counts: the health of the parts is not asked here."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/health/live")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def tail(path: Path, lines: int) -> list[str]:
    if not path.exists():
        return ["(no log yet)"]
    with path.open(errors="replace") as file:
        return [line.rstrip("\n") for line in deque(file, maxlen=lines)]
