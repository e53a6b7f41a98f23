"""Mollie's webhooks: classic ones are unsigned and only name a payment, new ones are signed."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime

from apps.events.dtos import Delivery
from apps.payments.choices import Payment
from apps.payments.gateways.base import account_of
from apps.payments.gateways.mollie.mappers import told_of

LONGEST = 1_000


def accept(token: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery | None:
    """`token` is the id of our account row. With a signature one of the account's secrets made it;
    without one only the form with an id is taken, which says no more than what to ask about."""
    account = account_of(Payment.Gateway.MOLLIE, token)
    about = told_of(body)
    if account is None or not about:
        return None
    header = headers.get("x-mollie-signature", "")
    is_form = body.startswith(b"id=")
    if (header or not is_form) and not signed(header, body, account.secrets()):
        return None
    return Delivery(
        merchant_id=account.merchant_id,
        source=account.gateway,
        account=str(account.pk),
        body=body,
        topic=about[:2],
        environment=account.environment,
        is_thin=True,
    )


def signed(header: str, body: bytes, secrets: Iterable[str]) -> bool:
    """`sha256=hex`, several while a secret is rolled over; compared in constant time."""
    given = [each.strip().removeprefix("sha256=") for each in header[:LONGEST].split(",")]
    found = False
    for secret in secrets:
        wanted = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()
        for each in given:
            found |= bool(secret) and hmac.compare_digest(wanted, each.encode())
    return found
