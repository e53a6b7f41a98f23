import hashlib
import hmac
import json
from base64 import b64encode

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.events.dtos import Delivery, Greeting
from apps.integrations.woocommerce import webhooks

BODY = json.dumps({"id": 727, "date_modified_gmt": "2026-03-02T08:05:00"}).encode()


@pytest.fixture
def store(db: None) -> Store:
    made = StoreFactory.create(platform="woocommerce")
    made.seal_credentials({"webhook_secret": "whisper"})
    return made


def sign(body: bytes, secret: str = "whisper") -> str:
    return b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def told(store: Store, body: bytes = BODY, **headers: str) -> Delivery | Greeting | None:
    given = {"x-wc-webhook-topic": "order.updated", "x-wc-webhook-signature": sign(body)}
    return webhooks.accept(str(store.pk), {**given, **headers}, body, clock.now())


class WooWebhookTest:
    def test_the_documented_signature(self) -> None:
        """`base64_encode(hash_hmac('sha256', 'body', 'whisper', true))` by PHP."""
        assert webhooks.is_signed(b"body", sign(b"body"), "whisper")
        assert not webhooks.is_signed(b"body", sign(b"body", ""), "")

    def test_an_order_that_changed(self, store: Store) -> None:
        delivery = told(store)

        assert isinstance(delivery, Delivery)
        assert (delivery.merchant_id, delivery.account) == (store.merchant_id, str(store.pk))
        assert (delivery.source, delivery.topic) == ("woocommerce", "order.updated")
        assert delivery.event_id.startswith("order.updated:727:2026-03-02T08:05:00:")
        assert delivery.body == BODY

    def test_two_changes_of_one_second_are_two(self, store: Store) -> None:
        """Their delivery ids would be the same."""
        other = BODY.replace(b"}", b', "total": "9.00"}')
        same = {"x-wc-webhook-delivery-id": "one"}
        one, again, two = (
            told(store, BODY, **same),
            told(store, BODY, **same),
            told(store, other, **same),
        )

        assert isinstance(one, Delivery)
        assert isinstance(two, Delivery)
        assert one == again
        assert one.event_id != two.event_id

    @pytest.mark.parametrize("signature", ["", "x", sign(BODY, "other"), sign(b"other"), "é"])
    def test_another_hand(self, signature: str, store: Store) -> None:
        assert told(store, BODY, **{"x-wc-webhook-signature": signature}) is None

    def test_only_for_a_store_that_is_connected_there(self, store: Store) -> None:
        elsewhere = StoreFactory.create(platform="shopify")
        elsewhere.seal_credentials({"webhook_secret": "whisper"})
        nowhere = StoreFactory.create(platform="woocommerce")

        assert told(elsewhere) is None
        assert told(nowhere) is None
        assert webhooks.accept("no-id", {}, b"webhook_id=1", clock.now()) is None

    def test_the_ping_of_a_new_webhook_is_greeted(self, store: Store) -> None:
        unsigned = {"x-wc-webhook-signature": "", "x-wc-webhook-topic": ""}

        assert told(store, b"webhook_id=42", **unsigned) == Greeting()
        assert told(store, b"webhook_id=42&order=1", **unsigned) is None

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id": null}'])
    def test_a_signed_body_of_another_shape_is_kept(self, body: bytes, store: Store) -> None:
        delivery = told(store, body)

        assert isinstance(delivery, Delivery)
        assert delivery.event_id.startswith("order.updated:None:None:")
