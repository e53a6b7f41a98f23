"""Is the process alive, and can it reach PostgreSQL and Valkey: for load balancers."""

import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


def postgres_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def valkey_answers() -> bool:
    client = redis.Redis.from_url(
        settings.LIMITER_URL, socket_connect_timeout=1, socket_timeout=1, max_connections=1
    )
    try:
        return bool(client.ping())
    finally:
        client.close()


CHECKS: dict[str, Callable[[], bool]] = {"postgres": postgres_answers, "valkey": valkey_answers}


def is_up(name: str) -> bool:
    try:
        return CHECKS[name]()
    except (DatabaseError, redis.RedisError, OSError) as error:
        logger.warning("%s does not answer: %s", name, type(error).__name__)
        return False


@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "live"})


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """503 while PostgreSQL or Valkey is away; says which, never why."""
    parts = {name: is_up(name) for name in CHECKS}
    status = "ready" if all(parts.values()) else "not_ready"
    return JsonResponse({"status": status, **parts}, status=200 if status == "ready" else 503)
