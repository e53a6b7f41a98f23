"""Celery as reliability.md S-30 to S-38 want it: late acks, bounded publish, ids only."""

from kombu import Queue

from config.settings.env import ENV

CELERY_BROKER_URL = ENV.broker_url
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
# Celery's own fixup would close the connection around each task.
CELERY_DB_REUSE_MAX = CELERY_WORKER_MAX_TASKS_PER_CHILD
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker that gives up after a hundred tries would stay away when the broker is back.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A request only hints at work that is a row already: it never waits for a broker that hangs.
_BROKER_SECONDS = (0.5, 0.5) if ENV.db_role == "web" else (1, 5)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": _BROKER_SECONDS[0],
    "socket_timeout": _BROKER_SECONDS[1],
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
}
QUEUES = ("default", "money", "inbound", "outbound", "connectors", "bulk", "mail")
CELERY_TASK_QUEUES = [Queue(name) for name in QUEUES]
CELERY_TASK_DEFAULT_QUEUE = "default"
# Autodiscovery looks beside apps.py only; this one stands in the folder of a host.
CELERY_IMPORTS = ("apps.api.returns.tasks",)
CELERY_TASK_CREATE_MISSING_QUEUES = False
# The first pattern that fits decides; a task of no line runs in `default`.
CELERY_TASK_ROUTES = (
    {
        "apps.payments.tasks.*": {"queue": "money"},
        "apps.billing.tasks.close_month": {"queue": "bulk"},
        "apps.billing.tasks.draw_invoice": {"queue": "bulk"},
        "apps.deliveries.tasks.*": {"queue": "connectors"},
        "apps.orders.tasks.import_orders": {"queue": "bulk"},
        "apps.events.tasks.process_inbox": {"queue": "inbound"},
        "apps.events.tasks.reconcile*": {"queue": "bulk"},
        "apps.notifications.tasks.*": {"queue": "mail"},
        "apps.events.tasks.tell_staff": {"queue": "mail"},
        "apps.api.returns.tasks.*": {"queue": "mail"},
        "apps.api.tasks.send_login_code": {"queue": "mail"},
    },
)
