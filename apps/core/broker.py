"""What kombu does not forgive Valkey: a lost ack, and that it is full."""

import logging
from typing import Any, override

from kombu.transport import redis
from redis import exceptions

logger = logging.getLogger(__name__)


class QoS(redis.QoS):
    """kombu forgets to free the place of a message whose ack was lost: with a prefetch of one the
    worker then fetches nothing for ever (celery 2415). The message comes again, which is harmless.
    """

    @override
    def ack(self, delivery_tag: Any) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            self._quick_ack(delivery_tag)  # type: ignore[attr-defined]
            raise

    @override
    def append(self, message: Any, delivery_tag: Any) -> None:
        """A Valkey that is full is away: the worker connects again and again instead of ending."""
        try:
            super().append(message, delivery_tag)
        except exceptions.OutOfMemoryError as full:
            raise exceptions.ConnectionError(str(full)) from full

    @override
    def restore_visible(self, *args: Any, **named: Any) -> None:
        """The look at lost messages takes a lock; a full Valkey has it wait for the next look."""
        try:
            super().restore_visible(*args, **named)
        except exceptions.OutOfMemoryError as full:
            logger.warning("nothing is restored: %s", full)


def install() -> None:
    redis.Channel.QoS = QoS
