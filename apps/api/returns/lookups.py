"""From what stands on a packing slip to a token: a hit and a miss cost and show the same (C-23)."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from apps.accounts import choices as accounts
from apps.accounts.models import Store
from apps.api import choices
from apps.api.common import limiter
from apps.api.models import LookupFailure, PortalSession
from apps.api.models.sessions import digest
from apps.api.returns import limits
from apps.core.errors import DomainError
from apps.orders.models import Order

Level = choices.PortalSession.Level


class LookupNotOffered(DomainError):
    code = "lookup_not_offered"
    title = "This store looks orders up by e-mail only"
    status = 400


@dataclass(frozen=True, slots=True)
class Lookup:
    """Either `email` or `postcode` is empty."""

    order_number: str
    email: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class LookedUp:
    token: str
    needs_proof: bool


def look_up(store: Store, lookup: Lookup, network: str, at: datetime) -> LookedUp:
    """A token in any case; that of a miss opens nothing. Raises TooManyTries, LookupNotOffered."""
    preferences = store.preferences
    if lookup.postcode and preferences.lookup != accounts.Store.Lookup.POSTCODE:
        raise LookupNotOffered
    number = digest(lookup.order_number.strip().lstrip("#").strip().casefold())
    guesses = limits.guesses(store.pk, number, network)
    limits.spend(guesses)
    order = _matching(store, lookup)
    guessed_at = limits.is_spent(limiter.peek(limits.misses(store.pk), guarded=True))
    needs_proof = bool(lookup.postcode) or preferences.proof_first or guessed_at
    if order is None:
        limiter.hit(limits.misses(store.pk), guarded=True)
        # The row is as dear as the session of a hit.
        _miss(store, number, network).save(force_insert=True)
        return LookedUp(PortalSession.new_token(), needs_proof)
    limiter.give_back(guesses, guarded=True)
    level = Level.FOUND if needs_proof else Level.SEARCH
    _, token = PortalSession.open(order, level, at)
    return LookedUp(token, needs_proof)


def _matching(store: Store, lookup: Lookup) -> Order | None:
    orders = Order.objects.for_store(store).numbered(lookup.order_number)
    return next((order for order in orders[:5] if _fits(order, lookup)), None)


def _fits(order: Order, lookup: Lookup) -> bool:
    if lookup.email:
        kept, typed = order.email.strip().lower(), lookup.email
    else:
        kept, typed = order.postcode, "".join(lookup.postcode.split()).upper()
    return bool(kept) and hmac.compare_digest(kept.encode(), typed.encode())


def _miss(store: Store, number: str, network: str) -> LookupFailure:
    return LookupFailure(
        merchant_id=store.merchant_id, store=store, number_hash=number, network=network
    )
