"""Idempotency as Stripe v1 keeps it: the first answer is played back for the life of its key."""

import threading
from dataclasses import dataclass
from typing import Any

from fakes.psp.clock import Clock
from fakes.psp.journal import Journal
from fakes.psp.refusals import Refusal

DAY = 86_400


@dataclass
class Kept:
    fingerprint: str
    at: float
    status: int = 0
    body: dict[str, Any] | None = None


class Keys:
    def __init__(self, clock: Clock, journal: Journal) -> None:
        self.life: float = DAY
        self._clock, self._journal = clock, journal
        self._lock = threading.Lock()
        self._kept = {
            (line["account"], line["key"]): Kept(
                line["fingerprint"], line["at"], line.get("status", 200), line["body"]
            )
            for line in journal.of("answer", "effect")
            if line.get("key")
        }

    def claim(self, account: str, key: str, fingerprint: str) -> Kept | None:
        """The stored answer; None when the key is new and now taken.

        Raises Refusal: 409 while another call works under it, 400 for other parameters.
        """
        with self._lock:
            kept = self._kept.get((account, key))
            if kept is None or self._clock.now() - kept.at > self.life:
                self._kept[account, key] = Kept(fingerprint, self._clock.now())
                return None
        if kept.fingerprint != fingerprint:
            raise Refusal(
                400,
                "idempotency_error",
                "Keys for idempotent requests can only be used with the same parameters.",
            )
        if kept.body is None:
            raise Refusal(
                409,
                "idempotency_error",
                "There is currently another in-progress request using this idempotency key.",
                code="idempotency_key_in_use",
            )
        return kept

    def keep(self, account: str, key: str, status: int, body: dict[str, Any]) -> None:
        kept = self._kept[account, key]
        if kept.body is not None:
            return
        self._journal.write(
            "answer",
            account=account,
            key=key,
            fingerprint=kept.fingerprint,
            at=kept.at,
            status=status,
            body=body,
        )
        kept.status, kept.body = status, body

    def drop_open(self, account: str, key: str) -> None:
        """The call ended without an answer to keep: the key is free, unless it was answered."""
        with self._lock:
            if self._kept[account, key].body is None:
                del self._kept[account, key]
