"""WooCommerce's webhooks: signed with the secret that we gave, sent once and never again."""

import hashlib
import hmac
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime

from apps.events.dtos import Delivery, Greeting
from apps.integrations.connecting import store_of

# Sent when a webhook is made, unsigned; anything but a 200 leaves it switched off.
PING = re.compile(rb"webhook_id=\d{1,20}")


def accept(
    token: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> Delivery | Greeting | None:
    """`token` is the id of our store.

    The delivery's own id is made of the second that it was sent in, so that two share it: an event
    is the order, the time of its change and the body. The handler asks the shop for the order.
    """
    store = store_of("woocommerce", token)
    if store is None:
        return None
    if PING.fullmatch(body):
        return Greeting()
    given = headers.get("x-wc-webhook-signature", "")
    if not is_signed(body, given, store.open_credentials().get("webhook_secret", "")):
        return None
    topic = headers.get("x-wc-webhook-topic", "")[:100]
    return Delivery(
        merchant_id=store.merchant_id,
        source=store.platform,
        account=str(store.pk),
        body=body,
        event_id=_event(topic, body),
        topic=topic,
    )


def is_signed(body: bytes, given: str, secret: str) -> bool:
    """Base64 of the HMAC-SHA256 of the raw body; compared in constant time."""
    wanted = b64encode(hmac.digest(secret.encode(), body, hashlib.sha256))
    return bool(secret) and hmac.compare_digest(wanted, given.encode())


def _event(topic: str, body: bytes) -> str:
    told = _told(body)
    digest = hashlib.sha256(body).hexdigest()[:16]
    return f"{topic}:{told.get('id')}:{told.get('date_modified_gmt')}"[:180] + f":{digest}"


def _told(body: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
