import logging
from datetime import timedelta
from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core import clock
from apps.events.models import Event
from apps.events.slots import run_once, tick_of
from apps.notifications import services

logger = logging.getLogger(__name__)
EVERY = timedelta(minutes=5)


@shared_task
def send_message(message_id: str) -> bool:
    """Safe to run twice: the second finds it sent."""
    return services.send_message(UUID(message_id), clock.now())


@shared_task
def send_left_behind() -> int | None:
    at = clock.now()
    return run_once("send_left_behind", tick_of(at, EVERY), lambda: services.send_left_behind(at))


def tell(event: Event) -> None:
    """Have a worker write to the shopper about it, once."""
    message = services.write_down(event)
    if message.done_at is None:
        transaction.on_commit(partial(_hint, str(message.pk)))


def _hint(message_id: str) -> None:
    try:
        send_message.delay(message_id)
    except OperationalError as error:
        # The row is the queue of record: what the broker did not take is sent by beat.
        logger.warning("no broker for message %s: %r", message_id, error)
