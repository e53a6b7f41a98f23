import time

import pytest
import redis
from django.conf import settings
from django.utils.module_loading import import_string

from apps.core.valkey import HastyClient

NOBODY = 1


class HastyClientTest:
    def test_asks_once_and_then_leaves_it_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        client = HastyClient(host="127.0.0.1", port=NOBODY, socket_connect_timeout=0.5)
        tried: list[object] = []
        real = redis.Redis.execute_command

        def execute(self: redis.Redis, *args: object, **options: object) -> object:
            tried.append(args)
            return real(self, *args, **options)

        monkeypatch.setattr(redis.Redis, "execute_command", execute)
        monkeypatch.setattr(time, "monotonic_ns", lambda: 7)
        for _ in range(50):
            with pytest.raises(redis.ConnectionError):
                client.get("a key")
        assert len(tried) == 1

    def test_asks_again_after_a_while(self) -> None:
        client = HastyClient(host="127.0.0.1", port=NOBODY, socket_connect_timeout=0.5)
        with pytest.raises(redis.ConnectionError, match="refused"):
            client.get("a key")
        with pytest.raises(redis.ConnectionError, match="left alone"):
            client.get("a key")
        client._away_until = 0

        with pytest.raises(redis.ConnectionError, match="refused"):
            client.get("a key")

    def test_cacheops_uses_it_and_waits_for_no_answer_for_long(self) -> None:
        assert import_string(settings.CACHEOPS_CLIENT_CLASS) is HastyClient
        assert settings.CACHEOPS_REDIS["socket_timeout"] <= 1
