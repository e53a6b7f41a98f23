"""EasyPost's signature over the raw body, and whose account it is for."""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from apps.deliveries.models import CarrierAccount
from apps.deliveries.providers.easypost.mappers import event_of
from apps.events import choices
from apps.events.dtos import Delivery

NAME = "easypost"
PREFIX = "hmac-sha256-hex="
Environment = choices.InboxMessage.Environment
MODES = {"test": Environment.TEST, "production": Environment.LIVE}


def accept(token: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery | None:
    """`token` is the id of the CarrierAccount; None unless its secret signed, for its own mode."""
    account = CarrierAccount.objects.hearing(NAME, token)
    if account is None:
        return None
    secret = account.unseal().get("webhook_secret", "")
    event = event_of(body) if signed(headers.get("x-hmac-signature", ""), body, secret) else None
    own = Environment.TEST if account.is_test else Environment.LIVE
    if event is None or MODES.get(str(event.get("mode"))) != own:
        return None
    return Delivery(
        merchant_id=account.merchant_id,
        source=NAME,
        account=str(account.pk),
        body=body,
        event_id=str(event["id"]),
        topic=str(event.get("description") or ""),
        environment=own,
    )


def signed(header: str, body: bytes, secret: str) -> bool:
    """`hmac-sha256-hex=<hex>`, by the secret in NFKD (as their SDKs do); in constant time."""
    key = unicodedata.normalize("NFKD", secret).encode()
    wanted = PREFIX + hmac.new(key, body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(wanted.encode(), header.encode())
