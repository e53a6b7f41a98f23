import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.integrations import tickets
from apps.integrations.connectors import Declined
from apps.integrations.installing import Grant, Visit
from apps.integrations.woocommerce import installing

KEYS = {
    "key_id": 1,
    "consumer_key": "ck_1",
    "consumer_secret": "cs_1",
    "key_permissions": "read_write",
}


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create(platform="woocommerce", merchant__name="Norte")


def sent_to(store: Store, domain: str = "shop.example/tees/") -> dict[str, str]:
    """What stands in the address that the merchant is sent to."""
    url = installing.begun(store, domain)
    assert url.startswith("https://shop.example/tees/wc-auth/v1/authorize?")
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def posted(body: bytes) -> Grant:
    return installing.keys(Visit(clock.now(), {}, body=body))


def told(value: str) -> bytes:
    return json.dumps({**KEYS, "user_id": value}).encode()


class WooGrantTest:
    def test_the_merchant_says_yes_at_the_shop(self, store: Store) -> None:
        asked = sent_to(store)
        granted = posted(told(asked["user_id"]))

        assert (asked["scope"], asked["app_name"]) == ("read_write", "Reveni Returns (Norte)")
        assert asked["callback_url"].endswith("/v1/installs/woocommerce/keys")
        assert (granted.store, granted.wanted.domain) == (store, "shop.example/tees/")
        assert granted.wanted.grant == {
            "consumer_key": "ck_1",
            "consumer_secret": "cs_1",
            "key_permissions": "read_write",
        }
        assert "cs_1" not in repr(granted)

    def test_once(self, store: Store) -> None:
        """Also when the store was connected before."""
        for secret in ("first", "second"):
            value = sent_to(store)["user_id"]
            posted(told(value))
            store.seal_credentials({"consumer_secret": secret})

            with pytest.raises(Declined, match="grant_used_up"):
                posted(told(value))

    def test_not_for_ever(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        value = sent_to(store)["user_id"]
        monkeypatch.setattr(installing, "GRANT", tickets.Kind("grant", timedelta(seconds=-1)))

        with pytest.raises(Declined, match="grant_refused"):
            posted(told(value))

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"user_id": "forged:1:x"}', told("")])
    def test_a_value_that_is_not_ours(self, body: bytes, store: Store) -> None:
        with pytest.raises(Declined, match="grant_refused"):
            posted(body)
        with pytest.raises(Declined, match="grant_refused"):
            posted(told(tickets.issue(installing.GRANT, None)))

    def test_a_shop_without_an_address(self, store: Store) -> None:
        with pytest.raises(Declined, match="domain_missing"):
            installing.begun(store, "")

    def test_a_store_that_is_gone(self, store: Store) -> None:
        value = sent_to(store)["user_id"]
        store.delete()

        with pytest.raises(Declined, match="grant_used_up"):
            posted(told(value))
