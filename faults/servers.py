"""PostgreSQL and Valkey of the fault tests: embedded, in a folder and on ports of their own.

PostgreSQL keeps fsync. The template holds the migrated tables and is made again when a migration
changes; each test works on a clone of it.
"""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psycopg
import redis

from faults import template
from faults.waiting import wait_for
from scripts import runtime_system as system
from scripts.runtime_postgres import SETTINGS, Postgres, find_binaries
from scripts.runtime_state import State
from scripts.runtime_valkey import Valkey

ROOT = template.ROOT
DATABASE = "faults"
DURABLE = {**SETTINGS, "fsync": "on", "full_page_writes": "on"}


@dataclass(frozen=True, slots=True)
class Servers:
    folder: Path
    postgres: Postgres
    valkey: Valkey

    @classmethod
    def open(cls, folder: Path) -> Self:
        account = system.service_account()
        state = State.load(folder)
        home = system.find_home(state, folder, account)
        state.save(folder)
        return cls(folder, Postgres(home, account, state, DURABLE), Valkey(home, account, state))

    def start(self) -> None:
        try:
            self.postgres.ensure()
            self.valkey.ensure()
        finally:
            self.postgres.state.save(self.folder)

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()

    def database_url(self, name: str = DATABASE) -> str:
        return self.postgres.url().rpartition("/")[0] + f"/{name}"

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Run beside the product, in the database `postgres`, where CREATE DATABASE is allowed."""
        with psycopg.connect(self.database_url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def fresh_database(self) -> None:
        """A clone of the template under the name that every process uses; all are thrown out."""
        template = self._template()
        self.sql(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        self.sql(f"CREATE DATABASE {DATABASE} TEMPLATE {template}")

    def restart_postgres_at_once(self) -> None:
        """What a power cut does: no checkpoint, every connection gone; returns when it answers."""
        binaries = find_binaries(self.postgres.home, self.postgres.account)
        data = self.postgres.data
        system.run_as(
            self.postgres.account, binaries / "pg_ctl", "stop", "-D", data, "-m", "immediate"
        )
        self.postgres.ensure()

    def kill_backend(self, pid: int) -> None:
        """One that `sql` named; PostgreSQL then throws everybody out and recovers."""
        os.kill(pid, signal.SIGKILL)

    def versions(self) -> dict[str, str]:
        with self.broker() as client:
            told = client.info("server")
        postgres = str(self.sql("SHOW server_version")[0][0])
        return {"PostgreSQL": postgres, "Valkey": str(told.get("valkey_version", "?"))}

    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.valkey.url(0))

    def empty_valkey(self) -> None:
        with self.broker() as client:
            client.flushall()

    def kill_valkey(self) -> None:
        pid = self._valkey_pid()
        os.kill(pid, signal.SIGKILL)
        wait_for("Valkey to be gone", lambda: system.has_ended(pid))

    def start_valkey(self, *, empty: bool = False) -> None:
        if empty:
            for left in self.valkey.folder.glob("appendonlydir/*"):
                left.unlink()
        self.valkey.ensure()

    def freeze_valkey(self) -> int:
        """Stopped, not ended; `thaw` with the answer lets it go on."""
        pid = self._valkey_pid()
        os.kill(pid, signal.SIGSTOP)
        return pid

    def thaw(self, pid: int) -> None:
        os.kill(pid, signal.SIGCONT)

    def _valkey_pid(self) -> int:
        pid = self.valkey.serving_pid()
        if pid is None:
            raise RuntimeError("Valkey does not answer")
        return pid

    def _template(self) -> str:
        name = template.name()
        known = [str(row[0]) for row in self.sql("SELECT datname FROM pg_database")]
        if name in known:
            return name
        for old in known:
            if old.startswith("template_"):
                self.sql(f"DROP DATABASE {old} WITH (FORCE)")
        self.sql("DROP DATABASE IF EXISTS unfinished WITH (FORCE)")
        self.sql("CREATE DATABASE unfinished")
        binaries = find_binaries(self.postgres.home, self.postgres.account)
        template.fill(self.database_url("unfinished"), binaries)
        self.sql(f"ALTER DATABASE unfinished RENAME TO {name}")
        return name
