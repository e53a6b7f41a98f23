"""Web, workers and beat as processes that a test may kill, by their own process group only."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from faults.waiting import wait_for
from scripts import runtime_system as system
from scripts.runtime_processes import children_of
from scripts.runtime_state import choose_port

ROOT = Path(__file__).resolve().parent.parent
type Make = Callable[[str], Process]
QUEUES = "money,inbound,outbound,connectors,bulk,mail,default"


@dataclass(slots=True)
class Process:
    """`start` returns once it is ready; the log is kept over restarts."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    ready: str = ""
    popen: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _from: int = field(default=0, repr=False)

    @property
    def pid(self) -> int:
        return self.popen.pid if self.popen else 0

    def is_running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def ensure(self) -> None:
        if not self.is_running():
            self.start()

    def start(self) -> None:
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it and do not wait; several can then get ready side by side."""
        self._from = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        wait_for(f"{self.name} to be ready (log: {self.log})", self.is_ready, within=40)

    def is_ready(self) -> bool:
        if not self.is_running():
            raise RuntimeError(f"{self.name} ended at once:\n{self.said()[-3000:]}")
        return self.ready in self.said()

    def said(self) -> str:
        """Since it was last started."""
        with self.log.open("rb") as file:
            file.seek(self._from)
            return file.read().decode(errors="replace")

    def children(self) -> list[int]:
        return children_of(self.pid)

    def kill_group(self) -> None:
        """The whole of it at once: master, pool and all."""
        self._signal(signal.SIGKILL)
        if self.popen is not None:
            self.popen.wait(10)

    def kill_child(self) -> int:
        """One process of the pool; the master lives and makes another."""
        child = self.children()[-1]
        os.kill(child, signal.SIGKILL)
        return child

    def terminate(self, within: float = 20) -> int:
        """As a deployment stops it; the exit code. Killed when it does not go."""
        if self.popen is None:
            return 0
        self.popen.send_signal(signal.SIGTERM)
        try:
            return self.popen.wait(within)
        except subprocess.TimeoutExpired:
            self.kill_group()
            return -signal.SIGKILL

    def freeze(self) -> None:
        """The whole of it stands still, as it is, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """At the end of all: what it was told last does not matter."""
        if self.is_running():
            self.kill_group()

    def _signal(self, number: signal.Signals) -> None:
        if self.is_running():
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)


@dataclass(slots=True)
class Forked(Process):
    """Not our child but the zygote's, which lets the kernel bury it: known by its pid only."""

    zygote: "Zygote | None" = field(default=None, repr=False)
    forked: int = 0

    @property
    def pid(self) -> int:
        return self.forked

    def is_running(self) -> bool:
        return self.forked > 0 and not system.has_ended(self.forked)

    def launch(self) -> None:
        assert self.zygote is not None
        self._from = self.log.stat().st_size if self.log.exists() else 0
        self.log.touch()
        self.forked = self.zygote.fork(self.command, self.log)

    def terminate(self, within: float = 20) -> int:
        if self.is_running():
            os.kill(self.forked, signal.SIGTERM)
        if system.wait_until_ended(self.forked, within):
            return 0
        self.kill_group()
        return -signal.SIGKILL

    def kill_group(self) -> None:
        if self.is_running():
            self._signal(signal.SIGKILL)
            system.wait_until_ended(self.forked, 10)


@dataclass(slots=True)
class Web(Forked):
    port: int = 0

    def is_ready(self) -> bool:
        return Process.is_ready(self) and _answers(self.port)


@dataclass(slots=True)
class Zygote(Process):
    """Loads the product once; webs, or workers and beats, start from it in a moment."""

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        if self._line() != "ready":
            raise RuntimeError(f"{self.name} ended at once (log: {self.log})")

    def fork(self, command: list[str], log: Path) -> int:
        assert self.popen is not None
        assert self.popen.stdin is not None
        program, *words = command
        self.popen.stdin.write(json.dumps([program, words, str(log)]).encode() + b"\n")
        self.popen.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        assert self.popen is not None
        assert self.popen.stdout is not None
        line: bytes = self.popen.stdout.readline()
        return line.decode().strip()

    def kill_group(self) -> None:
        Process.kill_group(self)
        for pipe in (self.popen.stdin, self.popen.stdout) if self.popen else ():
            if pipe is not None:
                pipe.close()


def choose_own_port() -> int:
    """One below those of outgoing connections, which would take it before it is listened on."""
    return choose_port(*random.sample(range(20_000, 32_000), 20))


def zygote(environment: dict[str, str], folder: Path, name: str, role: str) -> Zygote:
    environment = {**environment, "DB_ROLE": role}
    return Zygote(name, _python("faults.zygote"), environment, folder / f"{name}.log")


def web(parent: Zygote, folder: Path, name: str = "web") -> Web:
    port = choose_own_port()
    command = [
        *("gunicorn", "config.wsgi", "--worker-class", "gthread", "--preload"),
        *("--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}"),
        *("--access-logfile", "-", "--access-logformat", "access %(s)s %(m)s %(U)s"),
        *("--graceful-timeout", "10"),
    ]
    return Web(name, command, {}, folder / f"{name}.log", "Booting", zygote=parent, port=port)


def worker(parent: Zygote, folder: Path, name: str, concurrency: int = 1) -> Process:
    command = [
        *("celery", "-A", "config", "worker", "--loglevel", "INFO"),
        *("--concurrency", str(concurrency), "--queues", QUEUES, "--hostname", f"{name}@%h"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    return Forked(name, command, {}, folder / f"{name}.log", " ready.", zygote=parent)


def beat(parent: Zygote, folder: Path, name: str = "beat") -> Process:
    command = [
        *("celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile="),
        *("--schedule", str(folder / f"{name}.schedule")),
    ]
    return Forked(name, command, {}, folder / f"{name}.log", "Starting...", zygote=parent)


def psp(environment: dict[str, str], folder: Path, port: int) -> Process:
    """The fake card processor; its log of money outlives it."""
    command = _python("fakes.psp", "--port", str(port), "--log", str(folder / "psp.jsonl"))
    return Process("psp", command, environment, folder / "psp.log", "http://")


def carrier(environment: dict[str, str], folder: Path, port: int) -> Process:
    command = _python("fakes.carrier", "--port", str(port), "--log", str(folder / "carrier.jsonl"))
    return Process("carrier", command, environment, folder / "carrier.log", "http://")


def shop(environment: dict[str, str], folder: Path, port: int) -> Process:
    command = _python("fakes.custom", "--port", str(port), "--log", str(folder / "shop.jsonl"))
    return Process("shop", command, environment, folder / "shop.log", "http://")


def _python(*words: str) -> list[str]:
    return [sys.executable, "-m", *words]


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_gone(pid: int) -> bool:
    return system.has_ended(pid)
