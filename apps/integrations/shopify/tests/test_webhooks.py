import base64
import hashlib
import hmac
import json
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.core.ids import uuid7
from apps.events.dtos import Delivery
from apps.integrations.choices import Topic
from apps.integrations.hearing import Heard
from apps.integrations.shopify.webhooks import accept, heard

OURS, ROLLED, THEIRS = "our-secret", "our-old-secret", "the-merchants-own"
ORDER = b'{"id": 7, "name": "#1001"}'
DOMAIN = "tees.myshopify.com"


@pytest.fixture
def store(db: None, settings: Settings) -> Store:
    settings.SHOPIFY_CLIENT_SECRETS = (OURS, ROLLED)
    store: Store = StoreFactory.create(platform="shopify", domain=DOMAIN)
    store.seal_credentials({"access_token": "t"})
    return store


def headers(body: bytes = ORDER, secret: str = OURS, **changed: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    told = {
        "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
        "x-shopify-shop-domain": DOMAIN,
        "x-shopify-topic": "orders/updated",
        "x-shopify-webhook-id": "event-1",
    }
    return told | {f"x-shopify-{name.replace('_', '-')}": value for name, value in changed.items()}


def taken(store: Store, body: bytes, given: dict[str, str]) -> Delivery | None:
    return accept(str(store.pk), given, body, clock.now())


class SignatureTest:
    def test_what_is_taken(self, store: Store) -> None:
        assert taken(store, ORDER, headers()) == Delivery(
            merchant_id=store.merchant_id,
            source="shopify",
            account=str(store.pk),
            body=ORDER,
            event_id="event-1",
            topic="orders/updated",
        )
        assert taken(store, ORDER, headers(secret=ROLLED)) is not None

    def test_what_is_not(self, store: Store, settings: Settings) -> None:
        other: Store = StoreFactory.create(platform="shopify", domain="other.myshopify.com")
        other.seal_credentials({"access_token": "t"})
        good = headers()

        assert taken(store, ORDER + b" ", good) is None
        assert taken(store, ORDER, headers(secret="wrong")) is None
        assert taken(store, ORDER, headers(hmac_sha256="")) is None
        assert taken(store, ORDER, headers(hmac_sha256="x" * 100_000)) is None
        assert taken(store, ORDER, headers(shop_domain="")) is None
        # Signed by our app, and about a shop that the address does not name.
        assert taken(other, ORDER, good) is None
        assert accept(str(uuid4()), good, ORDER, clock.now()) is None
        assert accept("no-id", good, ORDER, clock.now()) is None
        settings.SHOPIFY_CLIENT_SECRETS = ("",)
        assert taken(store, ORDER, headers(secret="")) is None

    def test_an_app_of_the_merchants_own(self, store: Store) -> None:
        store.seal_credentials({"access_token": "t", "client_secret": THEIRS})

        assert taken(store, ORDER, headers(secret=THEIRS)) is not None
        assert taken(store, ORDER, headers(secret=OURS)) is None

    def test_a_store_that_is_not_connected(self, store: Store) -> None:
        store.forget_credentials()

        assert taken(store, ORDER, headers()) is None


class TopicTest:
    """The topic is not signed: an order's body must not erase a shop."""

    @pytest.mark.parametrize(
        ("topic", "body"),
        [
            ("shop/redact", {"shop_id": 1, "shop_domain": DOMAIN}),
            ("customers/redact", {"shop_domain": DOMAIN, "customer": {}, "orders_to_redact": [7]}),
            (
                "customers/data_request",
                {"shop_domain": DOMAIN, "customer": {}, "data_request": {"id": 9}},
            ),
            ("app/uninstalled", {"id": 1, "myshopify_domain": DOMAIN}),
        ],
    )
    def test_it_fits_its_body(self, store: Store, topic: str, body: dict[str, Any]) -> None:
        good = json.dumps(body).encode()
        elsewhere = good.replace(DOMAIN.encode(), b"other.myshopify.com")

        assert taken(store, good, headers(good, topic=topic)) is not None
        assert taken(store, elsewhere, headers(elsewhere, topic=topic)) is None
        assert taken(store, ORDER, headers(topic=topic)) is None
        assert taken(store, b"[]", headers(b"[]", topic=topic)) is None

    def test_privacy_comes_to_the_app_also_after_a_shop_let_go(self, store: Store) -> None:
        body = json.dumps({"shop_domain": DOMAIN, "shop_id": 1}).encode()
        sent = headers(body, topic="shop/redact")
        store.forget_credentials()

        for token in ("app", str(store.pk)):
            told = accept(token, sent, body, clock.now())
            assert told is not None
            assert (told.account, told.merchant_id) == (str(store.pk), store.merchant_id)
        assert accept("app", headers(body, topic="orders/create"), body, clock.now()) is None
        assert accept(str(uuid7()), sent, body, clock.now()) is None
        assert accept("app", sent, body + b" ", clock.now()) is None

    def test_a_status_may_come_again(self, store: Store) -> None:
        body = b'{"id": 3, "order_id": 7, "status": "closed"}'
        told = taken(store, body, headers(body, topic="returns/close"))

        assert told is not None
        assert told.is_thin


class HeardTest:
    @pytest.mark.parametrize(
        ("topic", "body", "said"),
        [
            ("orders/create", {"id": 7}, Heard(Topic.ORDERS, "7")),
            ("orders/edited", {"order_edit": {"id": 1, "order_id": 7}}, Heard(Topic.ORDERS, "7")),
            ("refunds/create", {"id": 1, "order_id": 7}, Heard(Topic.REFUNDS, "7")),
            ("order_transactions/create", {"order_id": 7}, Heard(Topic.REFUNDS, "7")),
            ("returns/approve", {"id": 1, "order": {"id": 7}}, Heard(Topic.RETURNS, "7")),
            ("returns/close", {"id": 1, "order_id": 7}, Heard(Topic.RETURNS, "7")),
            ("returns/process", {"id": 1, "order": "?"}, Heard(Topic.RETURNS, "")),
            ("fulfillments/update", {"id": 1, "order_id": 7}, Heard(Topic.FULFILMENTS, "7")),
            ("app/uninstalled", {"id": 1}, Heard(Topic.UNINSTALLED, "")),
            ("shop/redact", {"shop_id": 1}, Heard(Topic.PRIVACY, "")),
            ("orders/create", {"id": True}, Heard(Topic.ORDERS, "")),
            ("carts/create", {"id": 1}, None),
        ],
    )
    def test_what_is_read_again(self, topic: str, body: dict[str, Any], said: Heard | None) -> None:
        assert heard(topic, json.dumps(body).encode()) == said

    def test_no_json(self) -> None:
        assert heard("orders/create", b"\xff") == Heard(Topic.ORDERS, "")
