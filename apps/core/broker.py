"""What kombu does not forgive Valkey: a lost ack, and that it is full."""

from typing import Any, override

from kombu.transport import redis
from redis import exceptions


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


def install() -> None:
    """A Valkey that is full is one that is away: a worker that is refused a write, whichever it
    is, connects again and again instead of ending."""
    redis.Channel.QoS = QoS
    if exceptions.OutOfMemoryError not in redis.Transport.connection_errors:
        redis.Transport.connection_errors += (exceptions.OutOfMemoryError,)
