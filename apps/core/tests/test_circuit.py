import logging
from uuid import uuid4

import pytest
from pytest_django import Settings

from apps.core import circuit
from apps.core.circuit import FAILURES, Circuit
from apps.core.http import Answer, BadStatus, HttpClient, LeftAlone, Limits, TimedOut, Unreachable

pytestmark = pytest.mark.usefixtures("valkey")


@pytest.fixture
def name() -> str:
    return uuid4().hex


def fail(name: str, times: int = 1) -> None:
    for _ in range(times):
        call = Circuit(name)
        assert call.enter(1)
        call.leave(is_well=False)


class CircuitTest:
    def test_opens_after_five_failures_in_a_row(
        self, name: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        fail(name, FAILURES)

        assert not Circuit(name).enter(1)
        assert Circuit(f"{name} of another account").enter(1)
        assert "left alone after 5 failures" in caplog.text

    def test_a_good_answer_between_starts_the_count_again(self, name: str) -> None:
        fail(name, FAILURES - 1)
        call = Circuit(name)
        assert call.enter(1)
        call.leave(is_well=True)
        fail(name, FAILURES - 1)

        assert Circuit(name).enter(1)

    def test_one_call_tries_again_after_the_pause(self, name: str) -> None:
        fail(name, FAILURES)
        probe = f"circuit:{{{name}}}:probe"
        assert 29_000 < circuit._valkey().pttl(probe) <= 30_000
        circuit._valkey().delete(probe)

        first, second = Circuit(name), Circuit(name)
        assert [first.enter(1), second.enter(1)] == [True, False]
        first.leave(is_well=False)
        assert not second.enter(1)

    def test_closes_when_the_try_goes_well(self, name: str) -> None:
        fail(name, FAILURES)
        circuit._valkey().delete(f"circuit:{{{name}}}:probe")
        call = Circuit(name)
        assert call.enter(1)
        call.leave(is_well=True)

        assert [Circuit(name).enter(1), Circuit(name).enter(1)] == [True, True]

    def test_two_calls_at_once_and_one_after_a_failure(self, name: str) -> None:
        calls = [Circuit(name) for _ in range(3)]
        assert [call.enter(1) for call in calls] == [True, True, False]
        calls[0].leave(is_well=False)
        assert not Circuit(name).enter(1)
        calls[1].leave(is_well=False)

        assert [Circuit(name).enter(1), Circuit(name).enter(1)] == [True, False]

    def test_a_call_whose_process_died_is_forgotten(self, name: str) -> None:
        calls = [Circuit(name), Circuit(name)]
        assert [call.enter(1) for call in calls] == [True, True]
        circuit._valkey().zadd(f"circuit:{{{name}}}:calls", {each.call: 1 for each in calls})

        assert Circuit(name).enter(1)

    def test_without_valkey_every_call_passes(
        self, name: str, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.LIMITER_URL = "redis://127.0.0.1:1/0"
        circuit._valkey.cache_clear()
        try:
            fail(name, FAILURES + 1)
        finally:
            circuit._valkey.cache_clear()

        assert caplog.record_tuples[0][:2] == ("apps.core.circuit", logging.WARNING)


class HttpCircuitTest:
    def client(self, name: str) -> HttpClient:
        return HttpClient(
            peer="acme",
            base_url="http://127.0.0.1:1",
            circuit=name,
            limits=Limits(attempts=1, total=1),
        )

    def test_an_open_one_asks_nobody(self, name: str) -> None:
        for _ in range(FAILURES):
            with pytest.raises(Unreachable) as refused:
                self.client(name).get("/")
            assert not isinstance(refused.value, LeftAlone)

        with pytest.raises(LeftAlone):
            self.client(name).get("/")

    def test_a_refusal_is_an_answer_and_an_error_is_not(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = iter([400] * FAILURES + [503] * FAILURES)

        def once(self: HttpClient, *_: object) -> Answer:
            raise BadStatus("acme", Answer("acme", next(said), {}, b""))

        monkeypatch.setattr(HttpClient, "_once", once)
        for _ in range(2 * FAILURES):
            with pytest.raises(BadStatus):
                self.client(name).get("/")

        with pytest.raises(LeftAlone):
            self.client(name).get("/")

    def test_without_a_name_nothing_is_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def once(self: HttpClient, *_: object) -> None:
            raise TimedOut("acme", "late")

        monkeypatch.setattr(HttpClient, "_once", once)
        for _ in range(FAILURES + 1):
            with pytest.raises(TimedOut):
                self.client("").get("/")
