"""The commands of `scripts/runtime.py`."""

import argparse
import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from scripts import runtime_processes as processes
from scripts import runtime_system as system
from scripts.runtime_postgres import Postgres
from scripts.runtime_state import RuntimeRefused, State, choose_port, locked, say
from scripts.runtime_valkey import Valkey

HOSTS = ("merchants-api", "returns-api", "customers-api", "platforms", "api", "admin")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Runtime:
    """One checkout's servers; `folder` is git-ignored and holds everything they write."""

    folder: Path
    state: State
    postgres: Postgres
    valkey: Valkey

    @classmethod
    def open(cls, folder: Path) -> Self:
        account = system.service_account()
        state = State.load(folder)
        home = system.find_home(state, folder, account)
        state.save(folder)
        return cls(folder, state, Postgres(home, account, state), Valkey(home, account, state))

    def start(self) -> None:
        try:
            self.postgres.ensure()
            self.valkey.ensure()
            if not self.state.web_port:
                self.state.web_port = choose_port(8000, 8001, 8002)
            if not self.state.shop_port:
                self.state.shop_port = choose_port()
        finally:
            self.state.save(self.folder)

    def environment(self) -> dict[str, str]:
        """What the application, the tests and the demo read."""
        return {
            "DATABASE_URL": self.postgres.url(),
            "CACHE_URL": self.valkey.url(1),
            "BROKER_URL": self.valkey.url(0),
            "MAIL_DIR": str(self.folder / "mails"),
            "MEDIA_ROOT": str(self.folder / "media"),
            "PORT": str(self.state.web_port),
            "BASE_PORT": str(self.state.web_port),
            "SANDBOX_SHOP_PORT": str(self.state.shop_port),
        }


def env(runtime: Runtime) -> None:
    runtime.start()
    for name, value in runtime.environment().items():
        print(f"{name}={shlex.quote(value) if "'" in value else f"'{value}'"}")


def up(runtime: Runtime) -> None:
    runtime.start()
    runner = processes.Processes(ROOT, runtime.folder)
    if runner.is_running():
        say(f"web, worker and beat already run (port {runtime.state.web_port})")
        return
    runner.clear()
    wanted = runtime.state.web_port
    runtime.state.web_port = choose_port(wanted, 8000, 8001, 8002)
    if runtime.state.web_port != wanted:
        say(f"port {wanted} is taken; the web moves to {runtime.state.web_port}")
    runtime.state.save(runtime.folder)
    runner.start(runtime.environment(), runtime.state.web_port)
    say(f"web, worker and beat run; the web answers on port {runtime.state.web_port}")


def status(runtime: Runtime) -> None:
    state = runtime.state
    rows = (
        (
            "postgres",
            runtime.postgres.is_running(),
            state.postgres_port,
            runtime.postgres.log,
        ),
        ("valkey", runtime.valkey.is_running(), state.valkey_port, runtime.valkey.log),
        (
            "processes",
            processes.Processes(ROOT, runtime.folder).is_running(),
            state.web_port,
            runtime.folder / "processes.log",
        ),
    )
    for name, runs, port, log in rows:
        print(f"{name:<10} {'running' if runs else 'stopped':<8} port {port:<6} log {log}")


def urls(port: int) -> None:
    print("Hosts (no file to edit):")
    for host in HOSTS:
        print(f"  {host:<14} http://{host}.reveni.localhost:{port}/")
    print("The same with one line in the hosts file:")
    print(f"  127.0.0.1 {' '.join(f'{host}.reveni.local' for host in HOSTS)}")
    print(f"  e.g. http://{HOSTS[0]}.reveni.local:{port}/")
    print(f"Admin:\n  http://admin.reveni.localhost:{port}/")


def logs(runtime: Runtime) -> None:
    for log in (
        runtime.postgres.log,
        runtime.valkey.log,
        runtime.folder / "processes.log",
    ):
        print(f"==> {log}")
        print("\n".join(processes.tail(log, 40)))


def down(runtime: Runtime) -> None:
    stopped = [
        name
        for name, stop in (
            ("web, worker and beat", processes.Processes(ROOT, runtime.folder).stop),
            ("Valkey", runtime.valkey.stop),
            ("PostgreSQL", runtime.postgres.stop),
        )
        if stop()
    ]
    say(f"stopped {', '.join(stopped)}" if stopped else "nothing was running")


COMMANDS: dict[str, tuple[Callable[[Runtime], None], str]] = {
    "env": (env, "start PostgreSQL and Valkey if needed and print KEY='value' lines"),
    "up": (up, "env, then web, worker and beat in the background"),
    "urls": (
        lambda runtime: urls(runtime.state.web_port),
        "the addresses of the six hosts",
    ),
    "status": (status, "what runs, on which port, with which log"),
    "logs": (logs, "the last lines of every log"),
    "down": (down, "stop everything; the data stays"),
}


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="runtime.py", description="The embedded runtime.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, line) in COMMANDS.items():
        command = commands.add_parser(name, help=line)
        if name == "urls":
            command.add_argument("--port", type=int, help="of a web that runs elsewhere")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str], folder: Path = ROOT / ".embedded") -> int:
    options = parse(arguments)
    if getattr(options, "port", None):
        urls(options.port)
        return 0
    command, _ = COMMANDS[options.command]
    try:
        folder.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            folder.chmod(0o711)
        with locked(folder):
            command(Runtime.open(folder))
    except RuntimeRefused as refused:
        say(str(refused))
        return 1
    except PermissionError as error:
        say(f"{error}. {folder} is another user's: remove it as that user, or go on as that one.")
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    return 0
