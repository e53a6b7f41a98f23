"""Valkey: Django's cache, and cacheops on plain configuration models named one by one."""

from urllib.parse import urlsplit

from config.settings.env import ENV


def redis_database(url: str, offset: int) -> str:
    parts = urlsplit(url)
    number = int(parts.path.lstrip("/") or 0) + offset
    return parts._replace(path=f"/{number}").geturl()


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENV.cache_url,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
    }
}
LIMITER_URL = ENV.cache_url

_parts = urlsplit(redis_database(ENV.cache_url, 1))
# cacheops' locks, which block for longer than any such time-out, are not used here: a Valkey that
# hangs must not hang a request.
CACHEOPS_REDIS = {
    "host": _parts.hostname,
    "port": _parts.port or 6379,
    "db": int(_parts.path.lstrip("/")),
    "password": _parts.password,
    "ssl": _parts.scheme == "rediss",
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
}
CACHEOPS_CLIENT_CLASS = "apps.core.valkey.HastyClient"
CACHEOPS_DEFAULTS = {"timeout": 600}
CACHEOPS = {
    "accounts.store": {"ops": {"get"}},
    "accounts.storepreferences": {"ops": {"get"}},
    # A published policy and its rules are never edited, only followed by another version.
    "orders.policy": {"ops": {"fetch"}},
    "orders.policyrule": {"ops": {"fetch"}},
}
CACHEOPS_DEGRADE_ON_FAILURE = True
