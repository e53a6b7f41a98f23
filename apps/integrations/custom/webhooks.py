"""What a merchant's own shop tells: signed by Standard Webhooks with the secret that we gave it."""

import json
from collections.abc import Mapping
from datetime import datetime

from apps.events.dtos import Delivery
from apps.integrations import signing
from apps.integrations.connecting import store_of
from apps.integrations.custom.choices import TOPICS

LONGEST_ID = 180


def accept(token: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery | None:
    """`token` is the id of our store; None unless its own secret signed within five minutes."""
    store = store_of("custom", token)
    if store is None:
        return None
    secret = str(store.open_credentials().get("webhook_secret", ""))
    if not signing.is_signed([secret], headers, body, int(at.timestamp())):
        return None
    kind = _kind(body)
    return Delivery(
        merchant_id=store.merchant_id,
        source=store.platform,
        account=str(store.pk),
        body=body,
        event_id=headers["webhook-id"][:LONGEST_ID],
        topic=TOPICS.get(kind, kind),
    )


def _kind(body: bytes) -> str:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    kind = told.get("type") if isinstance(told, dict) else None
    return kind[:100] if isinstance(kind, str) else ""
