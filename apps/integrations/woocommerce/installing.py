"""Keys that a shop makes by itself (wc-auth): the merchant says yes there, the shop sends them.

The shop's call is unsigned. What proves it is a value that only that shop's page was given: it
holds for half an hour, and once.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from apps.accounts.models import Store
from apps.integrations import tickets
from apps.integrations.connecting import ConnectStore
from apps.integrations.connectors import Declined
from apps.integrations.installing import Grant, Outcome, Returned, Step, Visit, address

PLATFORM = "woocommerce"
GRANT = tickets.Kind("grant", timedelta(minutes=30))
APP = "Reveni Returns"
NAMES = ("consumer_key", "consumer_secret", "key_permissions")


def begun(store: Store, domain: str) -> str:
    """The shop's own page, which names who will have the keys. The shop wants https of our
    addresses."""
    if not domain:
        raise Declined("domain_missing")
    query = urlencode(
        {
            "app_name": f"{APP} ({store.merchant.name})",
            "scope": "read_write",
            "user_id": tickets.issue(GRANT, store, domain=domain),
            "return_url": address(PLATFORM, "returned"),
            "callback_url": address(PLATFORM, "keys"),
        }
    )
    base = domain if "://" in domain else f"https://{domain}"
    return f"{base.rstrip('/')}/wc-auth/v1/authorize?{query}"


def keys(visit: Visit) -> Grant:
    """What the shop posts. Raises Declined where the value is not ours, too old or used up."""
    told = _told(visit.body)
    ticket = tickets.opened(GRANT, told.get("user_id", ""))
    if ticket.store is None:
        raise Declined("grant_refused")
    grant = {name: told.get(name, "") for name in NAMES}
    return Grant(ticket.store, ConnectStore(PLATFORM, ticket.facts["domain"], grant))


def returned(visit: Visit) -> Outcome:
    """The browser is back, and knows no more than whether the merchant said yes."""
    return Returned(said_yes=visit.query.get("success") == "1")


STEPS: Mapping[str, Step] = {"keys": keys, "returned": returned}


def _told(body: bytes) -> Mapping[str, str]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return {name: str(value) for name, value in told.items()} if isinstance(told, dict) else {}
