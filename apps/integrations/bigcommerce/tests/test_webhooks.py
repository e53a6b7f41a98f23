import json
from base64 import b64encode
from typing import Any

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.events.dtos import Delivery
from apps.integrations import signing
from apps.integrations.bigcommerce import webhooks
from apps.integrations.bigcommerce.tests.conftest import SECRETS

BODY = {
    "scope": "store/order/refund/created",
    "store_id": "1001",
    "producer": f"stores/{SECRETS['store_hash']}",
    "data": {"type": "order", "id": 250, "refund": {"refund_id": 3}},
    "hash": "dd70c0976e06b67aaf671e73f49dcb79230ebf9d",
    "created_at": 1_790_000_000,
}


@pytest.fixture
def store(db: None) -> Store:
    made = StoreFactory.create(platform="bigcommerce")
    made.seal_credentials(SECRETS)
    return made


def heard(store: Store, body: Any, secret: str = SECRETS["client_secret"]) -> Delivery | None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = clock.now()
    key = b64encode(secret.encode()).decode()
    headers = signing.headers(key, "msg_1", int(at.timestamp()), raw)
    return webhooks.accept(str(store.pk), headers, raw, at)


class BigWebhookTest:
    def test_a_refund_names_its_order(self, store: Store) -> None:
        delivery = heard(store, BODY)

        assert delivery is not None
        assert (delivery.source, delivery.account) == ("bigcommerce", str(store.pk))
        assert (delivery.event_id, delivery.is_thin) == ("msg_1", True)
        assert delivery.topic == "store/order/refund/created"

    def test_another_apps_secret(self, store: Store) -> None:
        assert heard(store, BODY, secret="x" * 32) is None

    @pytest.mark.parametrize("body", [{**BODY, "producer": "stores/other"}, b"{", b"[]", b"{}"])
    def test_a_signed_body_about_no_store_or_another(self, body: Any, store: Store) -> None:
        assert heard(store, body) is None

    def test_a_store_that_is_not_there(self, store: Store) -> None:
        assert webhooks.accept("none", {}, b"{}", clock.now()) is None
