"""The database that tests clone: made from the models once, and copied to the servers of others."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from scripts.runtime_state import locked

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT / ".embedded" / "faults-template"
# The lanes wait for the first of them on a busy machine.
PATIENCE = 600.0


def name() -> str:
    """Another one when a migration changes."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("apps/**/migrations/*.py")):
        digest.update(path.read_bytes())
    return f"template_{digest.hexdigest()[:16]}"


def fill(url: str, binaries: Path) -> None:
    """Every table into an empty database, and seconds instead of half a minute for those who come
    after the first."""
    if not (binaries / "pg_restore").exists():
        # A PostgreSQL of the machine's own may come without its clients.
        _make(url)
        return
    SHARED.mkdir(parents=True, exist_ok=True)
    dump = SHARED / f"{name()}.dump"
    with locked(SHARED, PATIENCE):
        if not dump.exists():
            _make(url)
            _keep(url, binaries, dump)
            return
    _run(binaries / "pg_restore", "--exit-on-error", f"--dbname={url}", dump)


def _make(url: str) -> None:
    """From the models, not from the migrations (settings.faults)."""
    known = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.faults"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--run-syncdb", "--noinput", "-v", "0"],
        cwd=ROOT,
        env={**os.environ, **known},
        check=True,
    )


def _keep(url: str, binaries: Path, dump: Path) -> None:
    for old in SHARED.glob("*.dump"):
        old.unlink()
    unfinished = dump.with_suffix(".unfinished")
    _run(binaries / "pg_dump", "--format=custom", f"--file={unfinished}", url)
    unfinished.replace(dump)


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
