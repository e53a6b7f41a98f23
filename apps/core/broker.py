"""A worker that could not tell Valkey of a finished task goes on fetching others."""

from typing import Any, override

from kombu.transport import redis


class QoS(redis.QoS):  # type: ignore[misc]
    """kombu forgets to free the place of a message whose ack was lost: with a prefetch of one the
    worker then fetches nothing for ever (celery 2415). The message comes again, which is harmless.
    """

    @override
    def ack(self, delivery_tag: Any) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            self._quick_ack(delivery_tag)
            raise


def install() -> None:
    redis.Channel.QoS = QoS
