import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.integrations.connectors import Declined
from apps.integrations.woocommerce import granting

KEYS = {
    "key_id": 1,
    "consumer_key": "ck_1",
    "consumer_secret": "cs_1",
    "key_permissions": "read_write",
}


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create(platform="woocommerce")


def sent_to(store: Store, domain: str = "shop.example/tees/") -> dict[str, str]:
    """What stands in the address that the merchant is sent to."""
    url = granting.authorize_url(store, domain, "https://r.example", "https://c.example/grant")
    assert url.startswith("https://shop.example/tees/wc-auth/v1/authorize?")
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def told(value: str) -> bytes:
    return json.dumps({**KEYS, "user_id": value}).encode()


class WooGrantTest:
    def test_the_merchant_says_yes_at_the_shop(self, store: Store) -> None:
        asked = sent_to(store)
        granted = granting.granted(told(asked["user_id"]))

        assert (asked["scope"], asked["callback_url"]) == ("read_write", "https://c.example/grant")
        assert (granted.store, granted.domain) == (store, "shop.example/tees/")
        assert granted.grant == {
            "consumer_key": "ck_1",
            "consumer_secret": "cs_1",
            "key_permissions": "read_write",
        }
        assert "cs_1" not in repr(granted)

    def test_once(self, store: Store) -> None:
        """Also when the store was connected before."""
        for secret in ("first", "second"):
            value = sent_to(store)["user_id"]
            granting.granted(told(value))
            store.seal_credentials({"consumer_secret": secret})

            with pytest.raises(Declined, match="grant_used_up"):
                granting.granted(told(value))

    def test_not_for_ever(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        value = sent_to(store)["user_id"]
        monkeypatch.setattr(granting, "WITHIN", timedelta(seconds=-1))

        with pytest.raises(Declined, match="grant_refused"):
            granting.granted(told(value))

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"user_id": "forged:1:x"}', told("")])
    def test_a_value_that_is_not_ours(self, body: bytes, store: Store) -> None:
        with pytest.raises(Declined, match="grant_refused"):
            granting.granted(body)

    def test_a_store_that_is_gone(self, store: Store) -> None:
        value = sent_to(store)["user_id"]
        store.delete()

        with pytest.raises(Declined, match="grant_used_up"):
            granting.granted(told(value))
