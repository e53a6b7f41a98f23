"""Adyen's standard notifications: each item carries its own HMAC, and all must hold."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from apps.events.dtos import Delivery
from apps.payments.choices import Payment
from apps.payments.gateways.base import account_of

SIGNED = (
    "pspReference",
    "originalReference",
    "merchantAccountCode",
    "merchantReference",
    "value",
    "currency",
    "eventCode",
    "success",
)


def accept(token: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery | None:
    """`token` is the id of our account row; None unless every item is signed with its key."""
    account = account_of(Payment.Gateway.ADYEN, token)
    if account is None:
        return None
    told = _told(body)
    items = items_of(told)
    if not items or told.get("live") != ("true" if account.is_live else "false"):
        return None
    secrets = account.secrets()
    if any(item.get("merchantAccountCode") != account.account_id for item in items):
        return None
    if not all(signed(item, secrets) for item in items):
        return None
    return Delivery(
        merchant_id=account.merchant_id,
        source=account.gateway,
        account=str(account.pk),
        body=body,
        event_id=_name(items),
        topic=str(items[0].get("eventCode", ""))[:100],
        environment=account.environment,
        is_thin=True,
    )


def items_of(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Empty for anything that is no list of notifications."""
    rows = told.get("notificationItems")
    if not isinstance(rows, list):
        return []
    items = [row.get("NotificationRequestItem") for row in rows if isinstance(row, dict)]
    are_whole = len(items) == len(rows) and all(isinstance(item, dict) for item in items)
    return [item for item in items if item] if are_whole else []


def signed(item: Mapping[str, Any], secrets: Sequence[str]) -> bool:
    """One of the keys (hex) made the item's `hmacSignature`; compared in constant time."""
    extra, money = item.get("additionalData"), item.get("amount")
    if not isinstance(extra, dict) or not isinstance(money, dict):
        return False
    given = str(extra.get("hmacSignature") or "").encode()
    facts = {**item, **money}
    text = ":".join(str(facts.get(name) or "") for name in SIGNED)
    found = False
    for secret in secrets:
        wanted = _signature(secret, text)
        found |= wanted is not None and hmac.compare_digest(wanted, given)
    return found


def _signature(secret: str, text: str) -> bytes | None:
    try:
        key = binascii.unhexlify(secret)
    except (binascii.Error, ValueError):
        return None
    return base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()) if key else None


def _name(items: Sequence[Mapping[str, Any]]) -> str:
    """Adyen repeats a notification with the same three facts."""
    facts = ("eventCode", "pspReference", "success")
    text = ",".join(":".join(str(item.get(name)) for name in facts) for item in items)
    return text if len(text) <= 150 else hashlib.sha256(text.encode()).hexdigest()


def _told(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
