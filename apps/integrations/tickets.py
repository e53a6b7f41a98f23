"""A signed value that names a store, holds for minutes, and is used up by what it is for.

It is made from the store's sealed credentials too: once new ones are kept, it opens nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.core import signing

from apps.accounts.models import Store
from apps.integrations.connectors import Declined


@dataclass(frozen=True, slots=True)
class Kind:
    """`noun` begins the codes of what is refused: `<noun>_refused`, `<noun>_used_up`."""

    noun: str
    within: timedelta

    @property
    def salt(self) -> str:
        return f"integrations.{self.noun}"


@dataclass(frozen=True, slots=True)
class Ticket:
    """`store` is None for one that was issued without."""

    store: Store | None
    facts: Mapping[str, str] = field(repr=False)


def issue(kind: Kind, store: Store | None, **facts: str) -> str:
    named = {"store": str(store.pk), "was": _mark(store)} if store is not None else {}
    return signing.dumps({**facts, **named}, salt=kind.salt)


def opened(kind: Kind, value: str) -> Ticket:
    """Raises Declined where `value` is not ours, too old, or was used."""
    try:
        told: dict[str, str] = signing.loads(value, salt=kind.salt, max_age=kind.within)
    except signing.BadSignature:
        raise Declined(f"{kind.noun}_refused") from None
    if "store" not in told:
        return Ticket(None, told)
    found = Store.objects.select_related("merchant").filter(pk=UUID(told["store"])).first()
    if found is None or told["was"] != _mark(found):
        raise Declined(f"{kind.noun}_used_up")
    return Ticket(found, told)


def _mark(store: Store) -> str:
    """Changes each time that credentials are sealed, and tells nothing of them."""
    sealed = store.credentials.text if store.credentials is not None else ""
    return hashlib.sha256(sealed.encode()).hexdigest()[:16]
