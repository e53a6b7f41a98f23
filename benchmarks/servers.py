"""Processes that a run starts, and ends by their own pid: web servers, a worker."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from benchmarks.place import ROOT, Place, free_port
from config.settings import databases
from config.settings.env import ENV

START_SECONDS = 300.0
STOP_SECONDS = 20.0
# As in docker/django.Dockerfile; the access log goes to a file, as it goes to a pipe there. Which
# of the two processes takes a connection is chance, and one that has most of sixteen halves the
# rate: neither takes more than eight, so that no round of either contender is decided by it.
_AS_DEPLOYED = ("--worker-class", "gthread", "--workers", "2", "--threads", "4")
GUNICORN = (*_AS_DEPLOYED, "--worker-connections", "8")


@dataclass(slots=True)
class Process:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, name: str, place: Place, words: list[str], env: dict[str, str]) -> Self:
        log = place.folder / f"{name}.log"
        with log.open("ab") as file:
            process = subprocess.Popen(
                words, env=env, cwd=ROOT, stdout=file, stderr=file, stdin=subprocess.DEVNULL
            )
        return cls(name, process, log)

    def stop(self) -> None:
        """Asked first, killed when it does not listen; its children end with it."""
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_SECONDS)

    def check(self) -> None:
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended:\n{self.log.read_text()[-3000:]}")


@dataclass(slots=True)
class Web(Process):
    """A gunicorn that answers on `port`; `started_in` is the time to its first answer."""

    port: int = 0
    started_in: float = 0.0

    @classmethod
    def serve(cls, name: str, place: Place, module: str, env: dict[str, str]) -> Self:
        port = free_port()
        began = time.perf_counter()
        words = [sys.executable, "-m", "gunicorn", f"{module}:application", *GUNICORN]
        web = cls.start(
            name, place, [*words, "--bind", f"127.0.0.1:{port}", "--access-logfile", "-"], env
        )
        web.port = port
        try:
            web._wait(began + START_SECONDS)
        except BaseException:
            web.stop()
            raise
        web.started_in = time.perf_counter() - began
        return web

    def _wait(self, deadline: float) -> None:
        while time.perf_counter() < deadline:
            self.check()
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                connection.request("GET", "/health/live")
                if connection.getresponse().status == 200:
                    connection.close()
                    return
            time.sleep(0.02)
        raise RuntimeError(f"{self.name} did not answer:\n{self.log.read_text()[-3000:]}")

    def resident(self) -> list[float]:
        """Megabytes held by each worker process."""
        return [resident(pid) for pid in children(self.process.pid)]

    def cpu(self) -> float:
        """Seconds of a core that the workers have used; 0 where the system does not tell."""
        return sum(cpu(pid) for pid in children(self.process.pid))


def cpu(pid: int) -> float:
    fields = stat(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def stat(pid: int) -> list[str]:
    """What Linux tells of a process, from its state on; nothing elsewhere."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return []


def children(parent: int) -> list[int]:
    if not Path("/proc/self/stat").exists():
        return [int(pid) for pid, of in ps("pid=", "ppid=") if int(of) == parent]
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [pid for pid in pids if stat(pid)[1:2] == [str(parent)]]


def resident(pid: int) -> float:
    if fields := stat(pid):
        return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return next(int(size) for of, size in ps("pid=", "rss=") if int(of) == pid) / 1024


def ps(*columns: str) -> list[list[str]]:
    words = ["ps", "-A", *(word for column in columns for word in ("-o", column))]
    told = subprocess.run(words, capture_output=True, text=True, check=True)
    return [line.split() for line in told.stdout.splitlines()]


class Servers:
    """Started when first asked for, kept for the jobs that follow, stopped at the end."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._webs: dict[str, Web] = {}

    def product(self, database: str) -> Web:
        env = self.place.environment(database)
        return self._web(f"product-{database}", "benchmarks.product.wsgi", env)

    def limits(self, database: str) -> Web:
        env = self.place.environment(database)
        env["DJANGO_SETTINGS_MODULE"] = "benchmarks.limits.settings"
        url = self.place.url_of(database)
        env["LIMITS_DATABASE"] = json.dumps(databases.database(url, "web", ENV.db_pool_size))
        return self._web(f"limits-{database}", "benchmarks.limits.wsgi", env)

    def nothing(self) -> Web:
        """What a server can do that does nothing: the measure of the load client."""
        return self._web("nothing", "benchmarks.limits.nothing", dict(os.environ))

    def fresh(self, database: str, name: str) -> Web:
        """A product server for one measurement, for the caller to stop."""
        env = self.place.environment(database)
        return Web.serve(name, self.place, "benchmarks.product.wsgi", env)

    def _web(self, name: str, module: str, env: dict[str, str]) -> Web:
        if name not in self._webs:
            self._webs[name] = Web.serve(name, self.place, module, env)
        return self._webs[name]

    def cpu(self, port: int) -> float:
        return sum(web.cpu() for web in self._webs.values() if web.port == port)

    def stop(self) -> None:
        for web in self._webs.values():
            web.stop()
        self._webs.clear()
