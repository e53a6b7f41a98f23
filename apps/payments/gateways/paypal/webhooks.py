"""PayPal's webhooks are verified by asking PayPal, which no sender waits for.

Here the delivery is put, byte for byte, into the question that will be asked; who handles it asks
first, and then for the refund itself: what the body says of it is never believed.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from apps.events.dtos import Delivery
from apps.payments.choices import Payment
from apps.payments.gateways.base import account_of

NAMES = ("auth-algo", "cert-url", "transmission-id", "transmission-sig", "transmission-time")
LONGEST = 2_000


def accept(token: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery | None:
    """`token` is the id of our account row; None for what cannot be a delivery of PayPal's."""
    account = account_of(Payment.Gateway.PAYPAL, token)
    given = {name: headers.get(f"paypal-{name}", "") for name in NAMES}
    if account is None or not all(given.values()) or not _is_theirs(given["cert-url"]):
        return None
    event = _event(body)
    if event is None or max(map(len, given.values())) > LONGEST:
        return None
    signed = {name.replace("-", "_"): value for name, value in given.items()}
    return Delivery(
        merchant_id=account.merchant_id,
        source=account.gateway,
        account=str(account.pk),
        body=json.dumps(signed).encode()[:-1] + b',"webhook_event":' + body + b"}",
        event_id=f"{given['transmission-id'][:100]}@{given['transmission-time'][:40]}",
        topic=str(event.get("event_type", ""))[:100],
        environment=account.environment,
        is_thin=True,
    )


def _is_theirs(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and (parts.hostname or "").endswith(".paypal.com")


def _event(body: bytes) -> dict[str, object] | None:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None
