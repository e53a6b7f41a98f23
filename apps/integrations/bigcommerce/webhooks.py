"""BigCommerce's webhooks: Standard Webhooks by the app's own secret, and no more than an id."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime

from apps.events.dtos import Delivery
from apps.integrations import signing
from apps.integrations.connecting import store_of

LONGEST_ID = 180


def accept(token: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery | None:
    """`token` is the id of our store. One secret signs for every store of an app: the store that
    the body names must be the one whose address it came to."""
    store = store_of("bigcommerce", token)
    if store is None:
        return None
    kept = store.open_credentials()
    # The key is the secret's own bytes, not what they would decode to.
    secret = b64encode(str(kept.get("client_secret", "")).encode()).decode()
    if not signing.is_signed([secret], headers, body, int(at.timestamp())):
        return None
    told = _told(body)
    if told.get("producer") != f"stores/{kept.get('store_hash')}":
        return None
    return Delivery(
        merchant_id=store.merchant_id,
        source=store.platform,
        account=str(store.pk),
        body=body,
        event_id=headers["webhook-id"][:LONGEST_ID],
        topic=str(told.get("scope") or "")[:100],
        is_thin=True,
    )


def _told(body: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
