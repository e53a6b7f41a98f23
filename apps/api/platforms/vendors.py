"""Finds a vendor's `webhooks.py` by its name; there is no list to add a vendor to."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from apps.events.dtos import Delivery, Greeting

# `accept(token, headers, body, at)`: the Delivery of the account that `token` names, or None when
# there is no such account or its signature does not hold. Header names come in lower case. A
# Greeting is answered and not kept.
type Accept = Callable[[str, Mapping[str, str], bytes, datetime], Delivery | Greeting | None]

FAMILIES = {
    "platform": "apps.integrations",
    "carriers": "apps.deliveries.providers",
    "gateways": "apps.payments.gateways",
}


@cache
def accept_of(family: str, vendor: str) -> Accept | None:
    """None for a name that is no folder with webhooks; `vendor` is a slug, never a path."""
    folder = f"{FAMILIES[family]}.{vendor.replace('-', '_')}"
    if not vendor.islower() or find_spec(folder) is None:
        return None
    if find_spec(f"{folder}.webhooks") is None:
        return None
    accept: Accept = import_module(f"{folder}.webhooks").accept
    return accept
