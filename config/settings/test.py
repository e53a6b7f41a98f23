"""Tests: real PostgreSQL and Valkey, one Valkey database range per xdist worker, cheap hashes."""

from config.settings.base import *
from config.settings.caches import CACHEOPS_REDIS, redis_database
from config.settings.env import ENV

_OFFSET = 4 + 4 * ENV.worker_number
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_database(ENV.cache_url, _OFFSET),
    }
}
LIMITER_URL = redis_database(ENV.cache_url, _OFFSET + 1)
CACHEOPS_REDIS = {**CACHEOPS_REDIS, "db": CACHEOPS_REDIS["db"] + _OFFSET + 1}  # type: ignore[operator]
CACHEOPS_ENABLED = False
SANDBOX = True
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = ENV.media_root / f"test-{ENV.pytest_xdist_worker}"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
WHITENOISE_AUTOREFRESH = True
# Tests make their tables without migrations, which would bring pghistory's function.
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True
# A race of sixteen threads on a busy machine waits longer for its row than a caller should.
DATABASES["default"]["OPTIONS"]["options"] += " -c lock_timeout=60s"
