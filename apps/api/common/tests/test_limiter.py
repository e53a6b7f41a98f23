import threading

import pytest
from django.conf import settings

from apps.api.common import limiter
from apps.api.common.limiter import Rule, Verdict

RULES = [Rule("who:m", 5, 60), Rule("who:h", 8, 3_600)]


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Valkey that refuses the connection, and a process that counted nothing yet."""
    monkeypatch.setattr(settings, "LIMITER_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(limiter, "_shared", limiter._Shared())
    monkeypatch.setattr(limiter, "_local", limiter._Local())


def hits(times: int, rules: list[Rule]) -> list[bool]:
    verdicts = [limiter.hit(rules, guarded=True) for _ in range(times)]
    return [verdict.allowed for verdict in verdicts if verdict]


@pytest.mark.usefixtures("valkey")
class LimiterTest:
    def test_allows_exactly_the_limit(self) -> None:
        assert hits(7, [Rule("a", 5, 60)]) == [True] * 5 + [False] * 2

    def test_answers_for_the_nearest_limit(self) -> None:
        verdict = limiter.hit(RULES, guarded=False)

        assert verdict == Verdict(True, 5, 4, 60)

    def test_a_refused_hit_counts_on_no_key(self) -> None:
        hits(9, RULES)

        assert limiter.peek([RULES[1]], guarded=False) == Verdict(True, 8, 3, 3_600)

    def test_a_peek_counts_nothing(self) -> None:
        rule = [Rule("b", 1, 60)]
        before = limiter.peek(rule, guarded=False)
        limiter.hit(rule, guarded=False)
        after = limiter.peek(rule, guarded=False)

        assert (before and before.allowed, after and after.allowed) == (True, False)

    def test_a_hit_given_back_may_be_taken_again(self) -> None:
        rule = [Rule("c", 1, 60)]
        limiter.hit(rule, guarded=False)
        limiter.give_back(rule, guarded=False)
        limiter.give_back(rule, guarded=False)

        assert hits(2, rule) == [True, False]

    def test_a_window_ends(self) -> None:
        rule = [Rule("d", 1, 60)]
        hits(1, rule)
        limiter.client(settings.LIMITER_URL).pexpire("limit:d", 1)
        waited = threading.Event()
        waited.wait(0.01)

        assert hits(1, rule) == [True]

    def test_a_hundred_at_once_get_exactly_the_limit(self) -> None:
        allowed: list[bool] = []

        def call() -> None:
            allowed.extend(hits(10, [Rule("e", 5, 60)]))

        threads = [threading.Thread(target=call) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (len(allowed), sum(allowed)) == (100, 5)


@pytest.mark.usefixtures("away")
class LimiterWithoutValkeyTest:
    def test_an_open_route_passes(self) -> None:
        assert limiter.hit(RULES, guarded=False) is None

    def test_a_guarded_route_is_held_to_a_quarter(self) -> None:
        assert hits(3, [Rule("f", 8, 60)]) == [True, True, False]

    def test_a_refused_hit_counts_on_no_key(self) -> None:
        tight, wide = Rule("g", 4, 60), Rule("h", 40, 60)
        hits(3, [tight, wide])
        verdict = limiter.peek([wide], guarded=True)

        assert verdict == Verdict(True, 10, 9, 60)

    def test_a_hit_given_back_may_be_taken_again(self) -> None:
        rule = [Rule("i", 4, 60)]
        limiter.hit(rule, guarded=True)
        limiter.give_back(rule, guarded=True)

        assert hits(2, rule) == [True, False]

    def test_valkey_is_left_alone_for_a_moment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        limiter.hit(RULES, guarded=False)
        monkeypatch.setattr(limiter, "client", None)

        assert limiter.hit(RULES, guarded=False) is None

    def test_old_windows_are_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limiter._Local, "MOST_KEYS", 2)
        for number in range(4):
            hits(1, [Rule(f"short-{number}", 4, 0)])
        hits(1, [Rule("long", 4, 60)])

        assert len(limiter._local._counts) <= 3
