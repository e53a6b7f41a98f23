"""What the embedded runtime remembers between two commands, and the lock around it."""

import fcntl
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

LOCK_SECONDS = 180.0


class RuntimeRefused(Exception):
    """A reason, in words for the person at the keyboard, why a command cannot go on."""


def say(message: str) -> None:
    """Standard error only: standard output of `env` is read by a shell."""
    print(f"runtime: {message}", file=sys.stderr, flush=True)


@dataclass(slots=True)
class State:
    """`home` is None while the data lies in the folder itself, so that a moved checkout works."""

    password: str
    home: str | None = None
    postgres_port: int = 0
    valkey_port: int = 0
    web_port: int = 0
    shop_port: int = 0

    @classmethod
    def load(cls, folder: Path) -> Self:
        path = folder / "state.json"
        try:
            known = {"shop_port": 0, **json.loads(path.read_text())}
            return cls(**{field.name: known[field.name] for field in fields(cls)})
        except FileNotFoundError:
            return cls(password=secrets.token_urlsafe(18))
        except (ValueError, KeyError, TypeError) as error:
            raise RuntimeRefused(
                f"{path} cannot be read ({error!r}). Stop what runs from it, "
                f"remove {folder} and start again: its data is development data only."
            ) from error

    def save(self, folder: Path) -> None:
        """Replaced in one step and readable by the owner only: it holds a password."""
        fresh = folder / f"state.json.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(self), file, indent=2)
        fresh.replace(folder / "state.json")


@contextmanager
def locked(folder: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """One command at a time; the kernel drops the lock of a killed one."""
    deadline = time.monotonic() + seconds
    told = False
    with (folder / "lock").open("a+") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "unknown"
                if time.monotonic() > deadline:
                    raise RuntimeRefused(
                        f"another runtime command (pid {holder}) has held {folder / 'lock'} "
                        f"for {seconds:.0f} s. Wait for it or end it, then try again."
                    ) from None
                if not told:
                    say(f"waiting for another runtime command (pid {holder})")
                    told = True
                time.sleep(0.1)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose_port(*preferred: int) -> int:
    """The first preferred loopback port nobody holds (0 is skipped), else any free one."""
    for port in preferred:
        if port and port_is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if not isinstance(port, int):
        raise RuntimeRefused("the system gave no free loopback port")
    return port
