"""The web process: threads share a pool, and a fork never inherits its sockets (trap 3)."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
os.environ.setdefault("DB_ROLE", "web")

from django.core.wsgi import get_wsgi_application
from django.db.backends.postgresql.base import DatabaseWrapper

os.register_at_fork(
    after_in_child=DatabaseWrapper._connection_pools.clear  # type: ignore[attr-defined]
)
application = get_wsgi_application()
