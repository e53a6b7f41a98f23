"""Keys that a shop makes by itself (wc-auth): the merchant says yes there, the shop sends them.

The shop's call is unsigned. What proves it is a value that only that shop's page was given: it
holds for half an hour, and once, since what it was made from changes with the keys.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing

from apps.accounts.models import Store
from apps.integrations.connectors import Declined

SALT = "woocommerce.grant"
WITHIN = timedelta(minutes=30)
APP = "Reveni Returns"
NAMES = ("consumer_key", "consumer_secret", "key_permissions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """For `connecting.connect_store`."""

    store: Store
    domain: str
    grant: Mapping[str, str] = field(repr=False)


def authorize_url(store: Store, domain: str, return_url: str, callback_url: str) -> str:
    """Where the merchant is sent. The shop wants https of `callback_url`."""
    value = signing.dumps(
        {"store": str(store.pk), "domain": domain, "was": _state_of(store)}, salt=SALT
    )
    query = urlencode(
        {
            "app_name": APP,
            "scope": "read_write",
            "user_id": value,
            "return_url": return_url,
            "callback_url": callback_url,
        }
    )
    base = domain if "://" in domain else f"https://{domain}"
    return f"{base.rstrip('/')}/wc-auth/v1/authorize?{query}"


def granted(body: bytes) -> Granted:
    """What the shop sent. Raises Declined where the value is not ours, too old or used up."""
    told = _told(body)
    try:
        value = signing.loads(told.get("user_id", ""), salt=SALT, max_age=WITHIN)
    except signing.BadSignature:
        raise Declined("grant_refused") from None
    store = Store.objects.filter(pk=UUID(value["store"])).first()
    if store is None or value["was"] != _state_of(store):
        raise Declined("grant_used_up")
    grant = {name: told.get(name, "") for name in NAMES}
    return Granted(store=store, domain=value["domain"], grant=grant)


def _state_of(store: Store) -> str:
    """Changes each time that credentials are sealed, and tells nothing of them."""
    sealed = store.credentials.text if store.credentials is not None else ""
    return hashlib.sha256(sealed.encode()).hexdigest()[:16]


def _told(body: bytes) -> Mapping[str, str]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return {name: str(value) for name, value in told.items()} if isinstance(told, dict) else {}
