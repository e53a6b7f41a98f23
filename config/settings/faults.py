"""The real settings with short clocks, for processes that fault tests start, hold and kill."""

import os
from datetime import timedelta
from pathlib import Path

from config.settings.base import *
from config.settings.celery import CELERY_BROKER_TRANSPORT_OPTIONS
from config.settings.env import BASE_DIR

# Where a test lays down what is to be killed, held or left unprotected (faults/board.py).
FAULTS_FOLDER = Path(os.environ.get("FAULTS_FOLDER", BASE_DIR / ".embedded" / "faults" / "board"))
INSTALLED_APPS = [*INSTALLED_APPS, "faults"]
SANDBOX = True
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True

_SECOND = timedelta(seconds=1)
EVENT_SWEEP_AFTER = 3 * _SECOND
EVENT_FIRST_DELAY = _SECOND
EVENT_LONGEST_DELAY = 5 * _SECOND
TASK_LEASE = 3 * _SECOND
PAYMENT_LEASE = 3 * _SECOND
PAYMENT_LONGEST_WAIT = 4 * _SECOND
PAYMENT_SWEEP_AFTER = 2 * _SECOND
IDEMPOTENCY_LEASE = 3 * _SECOND
# Below the lease, as 20 s are below a minute: nobody asks while the call may still be answered.
STRIPE_READ_SECONDS = GATEWAY_READ_SECONDS = CARRIER_READ_SECONDS = 2
CIRCUIT_PAUSE = 3 * _SECOND
SWEEP_EVERY = INBOX_EVERY = _SECOND
# A quarter of an hour as everywhere, unless a test of what webhooks missed asks for seconds.
CATCH_UP_EVERY = float(os.environ.get("FAULTS_CATCH_UP_SECONDS", "900")) * _SECOND
SUBSCRIPTIONS_EVERY = 4 * CATCH_UP_EVERY
INBOX_DEPTH_LIMIT = int(os.environ.get("FAULTS_INBOX_DEPTH", "50000"))
# A control starts a worker that acknowledges before it works.
CELERY_TASK_ACKS_LATE = os.environ.get("FAULTS_WITHOUT") != "acks-late"
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "visibility_timeout": 5,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
# The template's tables come from the models, as in the tests: migrating takes half a minute.
MIGRATION_MODULES = dict.fromkeys((app.rpartition(".")[2] for app in INSTALLED_APPS), None)
PGHISTORY_INSTALL_CONTEXT_FUNC_ON_MIGRATE = True
