"""Web, worker and beat of one checkout, run by honcho in the background."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scripts import runtime_system as system
from scripts.runtime_state import RuntimeRefused, say

START_SECONDS = 90.0
STOP_SECONDS = 20.0


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
        """Returns when the web answers; else shows the end of the log and stops everything."""
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
        with self.log.open("w") as log:
            runner = subprocess.Popen(
                command,
                cwd=self.root,
                env=defaults | dict(os.environ) | environment | {"PATH": path},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid_file.write_text(str(runner.pid))
        try:
            self._wait_for_web(runner, port)
            self.groups_file.write_text(
                "\n".join(str(pid) for pid in children_of(runner.pid))
            )
        except BaseException:
            self._end(runner.pid)
            raise

    def stop(self) -> bool:
        pid = system.read_pid(self.pid_file)
        found = pid is not None and self._is_honcho(pid)
        if pid is not None and found:
            self._end(pid)
        return self.clear() or found

    def clear(self) -> bool:
        """Ends what a killed honcho left behind; True when there was something."""
        found = False
        noted = (
            self.groups_file.read_text().split() if self.groups_file.exists() else []
        )
        for pid in map(int, noted):
            if not system.has_ended(pid) and self._is_of_this_checkout(pid):
                found = True
                say(f"ending pid {pid}, left behind by a killed run")
                self._end(pid)
        named = system.read_pid(self.pid_file)
        if named is not None and not found and not system.has_ended(named):
            say(
                f"{self.pid_file} names pid {named}, another program: a stale file, removed"
            )
        self.groups_file.unlink(missing_ok=True)
        self.pid_file.unlink(missing_ok=True)
        return found

    def _wait_for_web(self, runner: subprocess.Popen[bytes], port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            if runner.poll() is not None:
                end = "\n".join(tail(self.log, 30))
                raise RuntimeRefused(
                    f"web, worker and beat stopped with exit code {runner.returncode}:\n{end}"
                )
            if time.monotonic() > deadline:
                end = "\n".join(tail(self.log, 30))
                raise RuntimeRefused(
                    f"the web did not answer on port {port} within {START_SECONDS:.0f} s:\n{end}"
                )
            time.sleep(0.2)

    def _end(self, pid: int) -> None:
        """TERM, then KILL for what does not go; honcho passes TERM on to its children."""
        children = children_of(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        if not system.wait_until_ended(pid, STOP_SECONDS):
            say(f"pid {pid} did not stop within {STOP_SECONDS:.0f} s; killing it")
            for target in (pid, *children):
                with suppress(ProcessLookupError):
                    os.kill(target, signal.SIGKILL)
            system.wait_until_ended(pid, 5)

    def _is_honcho(self, pid: int) -> bool:
        return "honcho" in system.command_of(pid) and self._is_of_this_checkout(pid)

    def _is_of_this_checkout(self, pid: int) -> bool:
        """By the folder it runs in, where the system shows it."""
        try:
            return Path(f"/proc/{pid}/cwd").resolve(strict=True) == self.root.resolve()
        except OSError:
            return not Path("/proc/self/cwd").exists() and bool(system.command_of(pid))


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
    if Path("/proc/self/stat").exists():
        pairs = []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                after_name = entry.read_text().rpartition(")")[2].split()
                pairs.append((int(entry.parent.name), int(after_name[1])))
        return pairs
    seen = subprocess.run(
        ["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    rows = (line.split() for line in seen.stdout.splitlines())
    return [(int(pid), int(parent)) for pid, parent in rows]


def answers(port: int) -> bool:
    """Any HTTP answer counts: the health of the parts is not asked here."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=3):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def tail(path: Path, lines: int) -> list[str]:
    if not path.exists():
        return ["(no log yet)"]
    with path.open(errors="replace") as file:
        return [line.rstrip("\n") for line in deque(file, maxlen=lines)]
