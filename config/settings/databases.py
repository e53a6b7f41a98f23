"""PostgreSQL: one URL, a pool only where threads share a process (S-20), limits per role (S-21)."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from config.settings.env import ENV

STATEMENT_LIMITS = {"web": "5s", "worker": "60s", "command": "0"}


def database(url: str, role: str, pool_size: int) -> dict[str, Any]:
    """Django's dictionary for `postgresql://user:password@host:port/name`; no pool when size 0."""
    parts = urlsplit(url)
    limits = (
        f"-c statement_timeout={STATEMENT_LIMITS[role]} -c lock_timeout=3s "
        "-c idle_in_transaction_session_timeout=60s"
    )
    # What follows `?` is libpq's own, such as sslmode=verify-full.
    options: dict[str, Any] = {
        **dict(parse_qsl(parts.query)),
        "options": limits,
        "application_name": f"reveni-{role}",
    }
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 5}
    return {
        "ENGINE": "apps.core.postgres",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        # A worker's process lives for some hundreds of tasks, and its connection as long.
        "CONN_MAX_AGE": None if role == "worker" else 0,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": options,
    }


POOL_SIZE = ENV.db_pool_size if ENV.db_role == "web" else 0
DATABASES = {"default": database(ENV.database_url, ENV.db_role, POOL_SIZE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A row that is held for long must not take every thread of a web process: half of them may wait,
# the next callers are told to come again. Nobody calls the other processes.
LOCK_SEATS = max(1, ENV.db_pool_size // 2) if ENV.db_role == "web" else 1_000
LOCK_SEAT_WAIT = timedelta(milliseconds=100)
