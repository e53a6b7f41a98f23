"""Stripe's signature over the raw body, and which event of which account it is."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from apps.core.rows import NOBODY, RowOf
from apps.events.dtos import Delivery
from apps.payments import choices
from apps.payments.gateways.stripe.models import StripeAccount

TOLERANCE = 300
LONGEST = 1_000
Environment = choices.Payment.Environment
_ACCOUNTS: RowOf[StripeAccount, UUID] = RowOf(
    lambda pk: StripeAccount.objects.in_use().filter(pk=pk), like=NOBODY
)


def accept(token: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery | None:
    """`token` is the id of our account row; None unless one of its secrets signed within 300 s."""
    account = _account(token)
    if account is None:
        return None
    header = headers.get("stripe-signature", "")
    if not signed(header, body, account.secrets(), at.timestamp()):
        return None
    event = _event(body)
    is_live = account.environment == Environment.LIVE
    if event is None or event.get("livemode") is not is_live:
        return None
    return Delivery(
        merchant_id=account.merchant_id,
        source="stripe",
        account=str(account.pk),
        body=body,
        event_id=str(event.get("id", "")),
        topic=str(event.get("type", "")),
        environment=account.environment,
    )


def signed(header: str, body: bytes, secrets: Iterable[str], now: float) -> bool:
    """`t=unix,v1=hex[,v1=hex]`; all candidates are compared in constant time."""
    parts = [part.partition("=") for part in header[:LONGEST].split(",")]
    times = [value for name, _, value in parts if name.strip() == "t"]
    given = [value.encode() for name, _, value in parts if name.strip() == "v1"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdecimal()):
        return False
    if abs(now - int(times[0])) > TOLERANCE:
        return False
    message = times[0].encode() + b"." + body
    found = False
    for secret in secrets:
        wanted = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest().encode()
        for each in given:
            found |= bool(secret) and hmac.compare_digest(wanted, each)
    return found


def _account(token: str) -> StripeAccount | None:
    try:
        pk = UUID(token)
    except ValueError:
        return None
    return _ACCOUNTS.of(pk)


def _event(body: bytes) -> dict[str, object] | None:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None
