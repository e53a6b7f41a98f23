"""Everything that one run of the fault tests has running, and the one place that ends it."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from fakes.carrier.control import Carrier
from fakes.psp.control import Psp
from fakes.shops.control import FakeShop
from faults import processes
from faults.board import Board
from faults.processes import Forked, Process, Web, Zygote
from faults.servers import Servers

USUAL = ("web", "worker", "beat")


@dataclass(slots=True)
class Rig:
    """`web`, `worker`, `beat` are made when first asked for, and again when a test killed them."""

    folder: Path
    servers: Servers
    board: Board
    made: dict[str, Process] = field(default_factory=dict)
    psp_port: int = field(default_factory=processes.choose_own_port)
    carrier_port: int = field(default_factory=processes.choose_own_port)
    shop_port: int = field(default_factory=processes.choose_own_port)

    @property
    def environment(self) -> dict[str, str]:
        valkey = self.servers.valkey
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.faults",
            "DATABASE_URL": self.servers.database_url(),
            "CACHE_URL": valkey.url(1),
            "BROKER_URL": valkey.url(0),
            "FAULTS_FOLDER": str(self.board.folder),
            "MEDIA_ROOT": str(self.folder / "media"),
            "STRIPE_API_BASE": f"http://127.0.0.1:{self.psp_port}",
            "EASYPOST_API_BASE": f"http://127.0.0.1:{self.carrier_port}",
            "HOST_DOMAINS": "reveni.localhost",
            "PLATFORMS_URL": "https://platforms.reveni.localhost",
            "PYTHONUNBUFFERED": "1",
            # `make check` asks them; each worker would again.
            "CELERY_SKIP_CHECKS": "1",
            # Without it, to write a failure down takes a tenth of a second: each line is parsed.
            "PYTHONNODEBUGRANGES": "1",
            # Compiled once for all the processes that are started here.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": os.environ.get(
                "PYTHONPYCACHEPREFIX", str(self.folder / "bytecode")
            ),
        }

    def suite(self) -> dict[str, str]:
        """The environment of the ordinary suite, on these servers."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": self.servers.database_url(),
            "CACHE_URL": self.servers.valkey.url(1),
            "BROKER_URL": self.servers.valkey.url(0),
        }

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def web(self, **changes: str) -> Web:
        """`changes` to its environment, such as a DATABASE_URL behind a proxy, make another one."""
        name = _named("web", changes)
        if name not in self.made:
            parent = self._zygote(changes, "web")
            self.made[name] = processes.web(parent, self.logs, name)
        web = self.made[name]
        web.ensure()
        if not isinstance(web, Web):
            raise TypeError(name)
        return web

    def worker(self, name: str = "worker", concurrency: int = 1, **changes: str) -> Process:
        return self._process(
            _named(name, changes),
            lambda full: processes.worker(
                self._zygote(changes, "worker"), self.logs, full, concurrency
            ),
        )

    def beat(self, name: str = "beat", **changes: str) -> Process:
        return self._process(
            _named(name, changes),
            lambda full: processes.beat(self._zygote(changes, "worker"), self.logs, full),
        )

    def psp(self) -> Psp:
        """The fake card processor, on one port for the whole run."""
        self._process("psp", lambda _: processes.psp(self.environment, self.logs, self.psp_port))
        return Psp(f"http://127.0.0.1:{self.psp_port}")

    def carrier(self) -> Carrier:
        """The fake carrier, as the processor is."""
        port = self.carrier_port
        self._process("carrier", lambda _: processes.carrier(self.environment, self.logs, port))
        return Carrier(f"http://127.0.0.1:{port}")

    def shop(self) -> FakeShop:
        """The fake of a merchant's own shop, empty."""
        port = self.shop_port
        self._process("shop", lambda _: processes.shop(self.environment, self.logs, port))
        shop = FakeShop(f"http://127.0.0.1:{port}")
        shop.reset()
        return shop

    def add(self, process: Process) -> Process:
        """A process of the test's own, such as a fake partner; ended with the others."""
        self.made[process.name] = process
        process.ensure()
        return process

    def end(self, name: str) -> None:
        """A process that only one test needs."""
        process = self.made.pop(name, None)
        if process is not None:
            process.stop()

    def end_workers(self) -> None:
        """Every worker and beat, also one that a test before left behind when it failed."""
        workers = [name for name, made in self.made.items() if type(made) is Forked]
        for name in workers:
            self.end(name)

    def end_extra(self) -> None:
        """All but the usual web, worker and beat."""
        extra = [name for name, made in self.made.items() if isinstance(made, Forked)]
        for name in extra:
            if name not in USUAL:
                self.end(name)

    def fresh(self) -> None:
        """An empty database and an empty Valkey under processes that stand still meanwhile: they
        would fail at one job after the other, and to write down a failure costs more than a job."""
        held = [process for process in self.made.values() if isinstance(process, Forked)]
        for process in held:
            process.freeze()
        try:
            self.servers.fresh_database()
            self.servers.empty_valkey()
        finally:
            for process in held:
                process.thaw()

    def stop(self) -> None:
        for process in reversed(self.made.values()):
            process.stop()
        self.servers.stop()

    def _zygote(self, changes: dict[str, str], role: str) -> Zygote:
        name = _named(f"zygote-{role}", changes)
        if name not in self.made:
            environment = {**self.environment, **changes}
            self.made[name] = processes.zygote(environment, self.logs, name, role)
        zygote = self.made[name]
        zygote.ensure()
        if not isinstance(zygote, Zygote):
            raise TypeError(name)
        return zygote

    def _process(self, name: str, make: processes.Make) -> Process:
        if name not in self.made:
            self.made[name] = make(name)
        self.made[name].ensure()
        return self.made[name]


def _named(kind: str, changes: dict[str, str]) -> str:
    return "-".join([kind, *sorted(f"{name}.{abs(hash(v))}" for name, v in changes.items())])
