"""What we did to a customer's store credit, by our references, kept with the customer at Shopify.

Shopify keeps no reference with an entry of an account, so each is promised here before it is made.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from apps.core.http import OutcomeUnknown
from apps.integrations.connectors import Declined
from apps.integrations.payloads import Payload
from apps.integrations.shopify import answers
from apps.integrations.shopify.client import Client

# Where it stands; the namespace is one that Shopify lets no other app write to.
NAMESPACE, KEY = "$app:reveni", "credits"
# No call is under way any more, with all that it waits for.
AT_WORK = timedelta(minutes=2)
STALE = frozenset({"stale_object", "invalid_compare_digest"})


@dataclass(frozen=True, slots=True)
class Promise:
    """`after` is the newest entry of the account at that time, `made` the one that came of it."""

    after: int
    at: datetime
    made: str = ""

    def is_at_work(self, at: datetime) -> bool:
        return not self.made and at < self.at + AT_WORK


@dataclass(frozen=True, slots=True)
class Journal:
    """Written only over the version that was read: of two workers one is refused."""

    client: Client
    customer: str
    promises: Mapping[str, Promise]
    digest: str | None

    @classmethod
    def of(cls, client: Client, customer: Payload) -> Self:
        return answers.told(lambda told: cls._read(client, told), customer)

    @classmethod
    def _read(cls, client: Client, customer: Payload) -> Self:
        kept = customer["metafield"] or {"value": "{}", "compareDigest": None}
        promises = {name: _promise(each) for name, each in json.loads(kept["value"]).items()}
        return cls(client, customer["id"], promises, kept["compareDigest"])

    def made(self) -> frozenset[str]:
        return frozenset(each.made for each in self.promises.values() if each.made)

    def name_of(self, made: str) -> str:
        """Empty for an entry that is none of ours."""
        return next((name for name, each in self.promises.items() if each.made == made), "")

    def keep(self, name: str, promise: Promise) -> Self:
        """Raises OutcomeUnknown where another worker was first."""
        return self._write({**self.promises, name: promise})

    def drop(self, name: str) -> Self:
        """Nothing came of it, for sure."""
        return self._write({key: each for key, each in self.promises.items() if key != name})

    def _write(self, promises: Mapping[str, Promise]) -> Self:
        field = {
            "ownerId": self.customer,
            "namespace": NAMESPACE,
            "key": KEY,
            "type": "json",
            "value": json.dumps({key: _row(each) for key, each in promises.items()}),
            "compareDigest": self.digest,
        }
        try:
            told = self.client.change("keep_journal", metafields=[field])
        except Declined as declined:
            if declined.code in STALE:
                raise OutcomeUnknown(answers.PEER, "another works on this credit") from declined
            raise
        digest = answers.told(lambda each: str(each["metafields"][0]["compareDigest"]), told)
        return replace(self, promises=promises, digest=digest)


def _promise(row: Payload) -> Promise:
    return Promise(int(row["after"]), datetime.fromisoformat(row["at"]), str(row["made"]))


def _row(promise: Promise) -> dict[str, object]:
    return {"after": promise.after, "at": promise.at.isoformat(), "made": promise.made}
