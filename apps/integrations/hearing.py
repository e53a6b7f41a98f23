"""What a webhook is about: a hint of what to read again, never a fact.

A platform's webhooks.py may give `heard(topic, body)` of its own; most write the same words.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from apps import integrations
from apps.integrations.choices import Topic

# In a platform's own name of a topic; the first that fits.
WORDS = (
    ("uninstalled", Topic.UNINSTALLED),
    ("redact", Topic.PRIVACY),
    ("data_request", Topic.PRIVACY),
    ("privacy", Topic.PRIVACY),
    ("refund", Topic.REFUNDS),
    ("return", Topic.RETURNS),
    ("ship", Topic.FULFILMENTS),
    ("fulfil", Topic.FULFILMENTS),
    ("order", Topic.ORDERS),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """`order_id` is empty where the webhook names none."""

    topic: Topic
    order_id: str = ""


def heard(platform: str, topic: str, body: bytes) -> Heard | None:
    """None for what the product has no use for; a body that is no JSON names nothing."""
    own = _own(platform)
    if own is not None:
        return own(topic, body)
    about = next((known for word, known in WORDS if word in topic.lower()), None)
    return None if about is None else Heard(about, _order_in(about, topic, _read(body)))


def _own(platform: str) -> Callable[[str, bytes], Heard | None] | None:
    module = _webhooks(platform)
    own: Callable[[str, bytes], Heard | None] | None = getattr(module, "heard", None)
    return own


@cache
def _webhooks(platform: str) -> ModuleType | None:
    """Looked for on the disk once for each platform."""
    name = f"{integrations.__name__}.{platform}.webhooks"
    known = find_spec(f"{integrations.__name__}.{platform}") and find_spec(name)
    return import_module(name) if known else None


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _order_in(about: Topic, topic: str, told: Mapping[str, Any]) -> str:
    """`order_id` wherever it stands; only where none does, the id of what the webhook is about:
    of the outer level an envelope's own id is no order."""
    data = told.get("data")
    levels = (data, told) if isinstance(data, dict) else (told,)
    names = ["order_id", "orderId"]
    # BigCommerce names the order by `id` in everything below `store/order`.
    if about == Topic.ORDERS or topic.startswith("store/order/"):
        names.append("id")
    for name in names:
        for level in levels:
            named = level.get(name)
            if named and isinstance(named, str | int) and not isinstance(named, bool):
                return str(named)
    return ""
