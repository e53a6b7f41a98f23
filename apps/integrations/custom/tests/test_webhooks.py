from datetime import UTC, datetime

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.events.dtos import Delivery
from apps.integrations import signing
from apps.integrations.custom import webhooks
from apps.integrations.custom.tests.factories import SECRETS

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 26, 10, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    store: Store = StoreFactory.create(platform="custom")
    store.seal_credentials(SECRETS)
    return store


def sent(store: Store, body: bytes, secret: str = SECRETS["webhook_secret"]) -> Delivery | None:
    headers = signing.headers(secret, "msg_1", int(AT.timestamp()), body)
    return webhooks.accept(str(store.pk), headers, body, AT)


class AcceptTest:
    @pytest.mark.parametrize(
        ("body", "topic"),
        [
            (b'{"type": "order.changed"}', "orders"),
            (b'{"type": "shop.uninstalled"}', "uninstalled"),
            (b'{"type": "something.new"}', "something.new"),
            (b'{"type": 7}', ""),
            (b"[]", ""),
            (b"no json", ""),
        ],
    )
    def test_what_the_shop_signed_is_taken_in_whatever_it_is(
        self, store: Store, body: bytes, topic: str
    ) -> None:
        assert sent(store, body) == Delivery(
            merchant_id=store.merchant_id,
            source="custom",
            account=str(store.pk),
            body=body,
            event_id="msg_1",
            topic=topic,
        )

    def test_the_secret_of_our_own_calls_signs_no_webhook(self, store: Store) -> None:
        assert sent(store, b"{}", SECRETS["secret"]) is None

    def test_a_store_that_let_go_believes_nothing(self, store: Store) -> None:
        store.forget_credentials()

        assert sent(store, b"{}") is None
