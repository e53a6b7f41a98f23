from datetime import UTC, datetime

import pytest
from cacheops.redis import redis_client
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Store, StorePreferences
from apps.accounts.tests.factories import StoreFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("cacheops_on"),
]

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def read(store: Store) -> Store:
    return Store.objects.get(slug=store.slug)


class CacheTest:
    def test_second_read_asks_no_database(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        store = StoreFactory.create()
        assert read(store) == store
        with django_assert_num_queries(0):
            assert read(store) == store

    def test_saved_row_is_read_fresh(self) -> None:
        store = StoreFactory.create(name="Norte")
        read(store)
        store.pause()
        assert read(store).status == "paused"

    def test_retired_row_is_gone(self) -> None:
        store = StoreFactory.create()
        read(store).retire(NOW)
        with pytest.raises(Store.DoesNotExist):
            read(store)

    def test_settings_are_read_fresh_after_override_and_sync(self) -> None:
        store = StoreFactory.create()
        theirs = StorePreferences.objects.get(store=store)
        theirs.override("return_window_days", 14)
        assert StorePreferences.objects.get(store=store).return_window_days == 14
        store.merchant.preferences.change({"exchange_window_days": 60})
        store.merchant.sync_settings()
        assert StorePreferences.objects.get(store=store).exchange_window_days == 60

    def test_valkey_holds_no_plaintext(self) -> None:
        store = StoreFactory.create()
        store.seal_credentials({"token": "shpat_top_secret"})
        assert read(store).open_credentials() == {"token": "shpat_top_secret"}
        values = [redis_client.get(key) for key in redis_client.scan_iter() if is_text(key)]
        assert any(value and b"Store" in value for value in values)
        assert not any(value and b"shpat" in value for value in values)

    def test_only_plain_configuration_is_cached(self) -> None:
        assert set(settings.CACHEOPS) == {
            "accounts.store",
            "accounts.storepreferences",
            "orders.policy",
            "orders.policyrule",
        }


def is_text(key: bytes) -> bool:
    return bool(redis_client.type(key) == b"string")
