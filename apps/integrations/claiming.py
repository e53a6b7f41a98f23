"""Installations that began at the platform, from there to the store that they are for."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from apps.accounts.models import Store
from apps.core.fields import Sealed
from apps.core.ids import uuid7
from apps.integrations import connecting
from apps.integrations.connectors import AbstractConnector
from apps.integrations.installing import Unclaimed
from apps.integrations.mixins.claiming import ClaimRefused
from apps.integrations.models import Installation

WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """`claim` goes to the browser that installed it, and is nowhere else; "" where the shop is
    at a store already, which has taken over what is new."""

    installation: Installation
    claim: str


def keep(found: Unclaimed, at: datetime) -> Kept:
    """What the platform granted waits half an hour for its store."""
    known = connected(found.platform, found.account)
    if known is not None and known.store is not None:
        known.store.renew_credentials(found.secrets)
        return Kept(known, "")
    waiting = Installation.objects.of_account(found.platform, found.account).unclaimed()
    waiting.delete()
    claim, made = token_urlsafe(32), Installation(id=uuid7())
    made.platform, made.account, made.domain = found.platform, found.account, found.domain
    made.secrets = Sealed.seal(dict(found.secrets), made.aad)
    made.claim_hash, made.expires_at = _digest(claim), at + WITHIN
    made.save(force_insert=True)
    return Kept(made, claim)


def claim(store: Store, value: str, at: datetime) -> AbstractConnector:
    """The shop is connected with `store`. Raises ClaimRefused, or what `adopt_shop` does."""
    found = Installation.objects.filter(claim_hash=_digest(value)).first()
    if found is None:
        raise ClaimRefused
    secrets = found.take(store, at)
    try:
        connector = connecting.adopt_shop(store, found.platform, found.domain, secrets)
    except Exception:
        found.give_back()
        raise
    found.settle()
    return connector


def connected(platform: str, account: str) -> Installation | None:
    """The installation of a shop that is at a store now."""
    found = Installation.objects.of_account(platform, account).claimed()
    return next((each for each in found if each.store and each.store.is_connected), None)


def purge(at: datetime) -> int:
    """What nobody claimed in time is gone, with the credentials in it."""
    return Installation.objects.unclaimed().filter(expires_at__lt=at).delete()[0]


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
