"""Limits of the portal beyond those per session: guesses, codes and photos (reliability.md 5.7)."""

from apps.api.common import limiter
from apps.api.common.limiter import Rule, Verdict
from apps.api.common.throttles import DAY, HOUR
from apps.core.errors import DomainError

MAX_OPEN_RETURNS = 5
MAX_LINES = 50
MAX_PHOTOS_PER_LINE, MAX_PHOTOS = 5, 20
# Above so many misses in an hour somebody is guessing: every look-up needs a proof until it ends.
STORE_MISSES = 100


class TooManyTries(DomainError):
    code = "too_many_tries"
    title = "Too many tries; wait a while"
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = max(1, retry_after)


def spend(rules: list[Rule]) -> None:
    """Counts one; raises TooManyTries. Also while Valkey is away."""
    verdict = limiter.hit(rules, guarded=True)
    if verdict is not None and not verdict.allowed:
        raise TooManyTries(verdict.reset)


def has_room(rules: list[Rule]) -> bool:
    """Counts one if there is room for it."""
    verdict = limiter.hit(rules, guarded=True)
    return verdict is None or verdict.allowed


def guesses(store_id: object, number: str, network: str) -> list[Rule]:
    """Counted on the number that was typed, whatever the address, and whether it exists or not."""
    order = f"lookup:{store_id}:{number}"
    return [
        Rule(f"{order}:h", 5, HOUR),
        Rule(f"{order}:d", 20, DAY),
        Rule(f"lookup:net:{network}", 30, HOUR),
    ]


def misses(store_id: object) -> list[Rule]:
    return [Rule(f"lookup:misses:{store_id}", STORE_MISSES, HOUR)]


def is_spent(verdict: Verdict | None) -> bool:
    return verdict is not None and not verdict.allowed


def codes(subject: str) -> list[Rule]:
    return [Rule(f"proof:{subject}", 5, HOUR)]


def photos(order_id: object) -> list[Rule]:
    return [Rule(f"photo:{order_id}", 60, DAY)]


def addresses(order_id: object) -> list[Rule]:
    return [Rule(f"addresses:{order_id}", 30, HOUR)]
