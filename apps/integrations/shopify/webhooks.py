"""Shopify's signature over the raw body, and which order of which shop a delivery is about."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from apps.accounts.models import Store
from apps.events.dtos import Delivery
from apps.integrations.choices import Topic
from apps.integrations.connecting import store_of
from apps.integrations.hearing import Heard
from apps.integrations.shopify.choices import MEANINGS, PRIVACY

LONGEST_ID = 180
# In place of a store's id.
APP = "app"
LONGEST_TOPIC = 100
# Shopify signs the body and nothing else: the topic that came with it must fit what it says.
SHAPES: Mapping[str, frozenset[str]] = {
    "customers/data_request": frozenset({"shop_domain", "customer", "data_request"}),
    "customers/redact": frozenset({"shop_domain", "customer", "orders_to_redact"}),
    "shop/redact": frozenset({"shop_domain", "shop_id"}),
    "app/uninstalled": frozenset({"myshopify_domain"}),
}
# These say no more than a status, which may come again.
THIN = frozenset({"returns/cancel", "returns/close", "returns/reopen", "returns/process"})


def accept(token: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery | None:
    """`token` is the id of our store; None unless a secret of its app signed, and the shop in the
    header is that store's own. There is no time in the signature: the id of the delivery and the
    hash of its body are what a replay is known by."""
    topic = headers.get("x-shopify-topic", "")[:LONGEST_TOPIC]
    domain = headers.get("x-shopify-shop-domain", "").lower()
    store = _of_privacy(token, domain) if topic in PRIVACY else store_of("shopify", token)
    if store is None or domain != store.domain.lower():
        return None
    if not is_signed(headers.get("x-shopify-hmac-sha256", ""), body, _secrets(store)):
        return None
    if not _fits(topic, body, store.domain):
        return None
    return Delivery(
        merchant_id=store.merchant_id,
        source="shopify",
        account=str(store.pk),
        body=body,
        event_id=headers.get("x-shopify-webhook-id", "")[:LONGEST_ID],
        topic=topic,
        is_thin=topic in THIN,
    )


def _of_privacy(token: str, domain: str) -> Store | None:
    """These come to one address for the whole app, and for a shop that has let go of us."""
    stores = Store.objects.filter(platform="shopify", domain=domain).order_by("pk")
    if token == APP:
        return next((each for each in stores if each.is_connected), None) or stores.first()
    return next((each for each in stores if str(each.pk) == token), None)


def is_signed(sent: str, body: bytes, secrets: Iterable[str]) -> bool:
    """By any of `secrets`: Shopify takes up to an hour to use a new one."""
    given = sent[:LONGEST_ID].encode()
    found = False
    for secret in secrets:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        found |= bool(secret) and hmac.compare_digest(base64.b64encode(digest), given)
    return found


def _secrets(store: Store) -> tuple[str, ...]:
    """An app of the merchant's own signs with its own secret, and ours does not open its door."""
    if not store.is_connected:
        return tuple(settings.SHOPIFY_CLIENT_SECRETS)
    own = str(store.open_credentials().get("client_secret", ""))
    return (own,) if own else tuple(settings.SHOPIFY_CLIENT_SECRETS)


def _fits(topic: str, body: bytes, domain: str) -> bool:
    wanted = SHAPES.get(topic)
    if wanted is None:
        return True
    told = _read(body)
    named = told.get("shop_domain") or told.get("myshopify_domain")
    return wanted <= told.keys() and named == domain


def heard(topic: str, body: bytes) -> Heard | None:
    """What is to be read again; returns and edits name their order one level down."""
    about = MEANINGS.get(topic)
    if about is None:
        return None
    told = _read(body)
    if about == Topic.ORDERS and "order_edit" not in told:
        return Heard(about, _id(told.get("id")))
    inner = told.get("order_edit") or told.get("order")
    nested = inner if isinstance(inner, dict) else {}
    found = told.get("order_id") or nested.get("order_id") or nested.get("id")
    return Heard(about, _id(found))


def _id(value: Any) -> str:
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
