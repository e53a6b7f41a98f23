"""Where a run happens: databases and Valkey numbers of its own on the servers that the environment
names, secrets of one run, and the files that its processes write."""

import base64
import os
import secrets
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "reveni_bench"
# Valkey numbers that neither the tests of a few workers nor the product use.
FIRST_NUMBER = 48
NUMBERS = range(FIRST_NUMBER, 64)
# With the place of the compiled modules: a process that compiles all of them starts in 8 s, not 4.
KEPT = ("PATH", "HOME", "LANG", "PYTHONPYCACHEPREFIX")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(slots=True)
class Place:
    """One run's place; `database_url` and `valkey_url` are the servers that were given."""

    database_url: str
    valkey_url: str
    folder: Path
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(60))
    field_key: str = field(
        default_factory=lambda: f"bench:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    )
    identity_key: str = field(default_factory=lambda: secrets.token_urlsafe(60))
    hook_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    databases: list[str] = field(default_factory=lambda: [""] * (len(NUMBERS) // 3))

    @classmethod
    def given(cls) -> "Place":
        folder = Path(tempfile.mkdtemp(prefix="reveni-bench-"))
        return cls(os.environ["DATABASE_URL"], os.environ["CACHE_URL"], folder)

    def url_of(self, database: str) -> str:
        return urlsplit(self.database_url)._replace(path=f"/{database}").geturl()

    def valkey_of(self, number: int) -> str:
        return urlsplit(self.valkey_url)._replace(path=f"/{number}").geturl()

    def number_of(self, database: str) -> int:
        """Three Valkey numbers to a database: cache, cacheops beside it, broker."""
        if database not in self.databases:
            if "" not in self.databases:
                raise RuntimeError(f"no Valkey numbers are left for {database}")
            self.databases[self.databases.index("")] = database
        return FIRST_NUMBER + 3 * self.databases.index(database)

    def environment(self, database: str, role: str = "web") -> dict[str, str]:
        """Production's settings, and nothing of the caller's own."""
        number = self.number_of(database)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": self.secret,
            "FIELD_KEYS": self.field_key,
            "IDENTITY_KEY": self.identity_key,
            "DATABASE_URL": self.url_of(database),
            "CACHE_URL": self.valkey_of(number),
            "BROKER_URL": self.valkey_of(number + 2),
            "MEDIA_ROOT": str(self.folder / "media"),
            "MAIL_DIR": str(self.folder / "mails"),
            "HOST_DOMAINS": "reveni.localhost",
            # Months are closed for a seller who is not that of the example.
            "SELLER_VAT_NUMBER": "ESB87654329",
            "DB_ROLE": role,
            "BENCH_SECRET": self.hook_secret,
        }

    def run(self, database: str, module: str, *words: str, given: str = "") -> str:
        """What a module of the project prints; CalledProcessError when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            input=given,
            env=self.environment(database, "command"),
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{module} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def server(self) -> psycopg.Connection:
        return psycopg.connect(self.database_url, autocommit=True)

    def connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self.url_of(database), autocommit=True)

    def has(self, database: str) -> bool:
        with self.server() as server:
            found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
            return found.fetchone() is not None

    def create(self, database: str, template: str = "template1") -> None:
        with self.server() as server:
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(database), sql.Identifier(template)
                )
            )

    def drop(self, database: str) -> None:
        """The database of one job."""
        with self.server() as server:
            server.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database))
            )
        self.release(database)

    def release(self, database: str) -> None:
        """No process of its own is to come: its Valkey numbers are free for the next."""
        if database in self.databases:
            first = self.number_of(database)
            for number in range(first, first + 3):
                with redis.Redis.from_url(self.valkey_of(number)) as client:
                    client.flushdb()
            self.databases[self.databases.index(database)] = ""

    def clean(self, kept: str = "") -> None:
        """Databases of the benches but the one to keep, and the Valkey numbers they use."""
        with self.server() as server:
            named = server.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{PREFIX}%",)
            )
            for (name,) in named.fetchall():
                if name != kept:
                    self.drop(name)
        for number in NUMBERS:
            with redis.Redis.from_url(self.valkey_of(number)) as client:
                client.flushdb()
