from typing import Any
from unittest.mock import Mock

import pytest
from kombu.transport import redis
from redis.exceptions import OutOfMemoryError
from redis.exceptions import TimeoutError as NoAnswer

from apps.core import broker
from config import celery


class LostAckTest:
    def full(self, monkeypatch: pytest.MonkeyPatch, kind: type[redis.QoS]) -> Any:
        """One message in work is all that may be; Valkey does not answer its ack."""
        qos: Any = kind(Mock(), prefetch_count=1)
        qos._on_collect.cancel()
        qos._delivered["tag"] = Mock()
        monkeypatch.setattr(qos, "_remove_from_indices", Mock(side_effect=NoAnswer))
        assert not qos.can_consume()
        with pytest.raises(NoAnswer):
            qos.ack("tag")
        return qos

    def test_the_worker_fetches_the_next_message(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.full(monkeypatch, broker.QoS).can_consume()

    def test_kombus_own_never_does_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Once this fails the class above is not needed any more."""
        assert not self.full(monkeypatch, redis.QoS).can_consume()

    def test_a_full_one_is_one_that_is_away(self) -> None:
        """A write of any step, the binding of a queue among them, has the worker connect again."""
        errors = celery.app.connection_for_read().connection_errors

        assert issubclass(OutOfMemoryError, errors)
        assert errors.count(OutOfMemoryError) == 1

    def test_workers_use_ours(self) -> None:
        assert celery.app.main == "reveni"
        assert redis.Channel.QoS is broker.QoS
