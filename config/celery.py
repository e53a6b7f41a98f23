"""The Celery application; settings with the prefix CELERY_, jobs in celery_scheduler.py."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
os.environ.setdefault("DB_ROLE", "worker")

from celery import Celery

from apps.core import broker
from apps.core.postgres import worker
from config.celery_scheduler import BEAT_SCHEDULE

broker.install()
worker.install()
app = Celery("reveni")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = BEAT_SCHEDULE
