from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, transaction
from pytest_django import Settings

from apps.accounts import choices
from apps.accounts.dtos import StoreDetails
from apps.accounts.mixins.credentials import NotConnected
from apps.accounts.mixins.lifecycle import SlugTaken
from apps.accounts.mixins.stores import MerchantNotActive
from apps.accounts.models import Location, Merchant, Store
from apps.accounts.tests.factories import LocationFactory, MerchantFactory, StoreFactory
from apps.core.fields import UnknownKey
from apps.core.history import versions_of
from apps.core.money import UnknownCurrency
from apps.core.status import IllegalTransition
from apps.events.models import Event

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SECRETS = {"token": "shpat_top_secret", "secret": "hush"}
NEW_KEY = "k2:" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="


class OpenStoreTest:
    def test_store_starts_with_the_settings_of_the_merchant(self) -> None:
        merchant = MerchantFactory.create(preferences__return_window_days=45)
        store = merchant.open_store(StoreDetails("Norte", "tienda-norte", languages=("es", "en")))
        assert (store.currency, store.languages) == ("EUR", ["es", "en"])
        assert store.preferences.return_window_days == 45
        assert store.zone.key == "Europe/Madrid"
        assert str(store) == "Norte"
        assert merchant.preview_sync() == []
        assert store.timeline.get().payload == {"slug": "tienda-norte"}

    def test_slug_is_one_of_its_kind_over_all_merchants(self) -> None:
        StoreFactory.create(slug="tienda-norte")
        with pytest.raises(SlugTaken):
            MerchantFactory.create().open_store(StoreDetails("Norte", "tienda-norte"))
        assert Store.objects.count() == 1

    def test_unknown_currency(self) -> None:
        with pytest.raises(UnknownCurrency):
            MerchantFactory.create().open_store(StoreDetails("N", "n", currency="XXX"))

    def test_paused_merchant_opens_nothing(self) -> None:
        merchant = MerchantFactory.create(status=choices.Merchant.Status.PAUSED)
        with pytest.raises(MerchantNotActive):
            merchant.open_store(StoreDetails("Norte", "tienda-norte"))


class LifecycleTest:
    @pytest.mark.parametrize(
        ("status", "reachable"),
        [
            ("active", {"paused", "disconnected"}),
            ("paused", {"active", "disconnected"}),
            ("disconnected", {"paused"}),
        ],
    )
    def test_arrows(self, status: str, reachable: set[str]) -> None:
        store = StoreFactory.build(status=status, preferences=None)
        assert {s for s in choices.Store.Status.values if store.can_become(s)} == reachable

    def test_pause_and_resume(self) -> None:
        store = StoreFactory.create()
        store.pause()
        assert not Store.objects.open_portals().exists()
        store.resume()
        assert Store.objects.open_portals().get() == store
        with pytest.raises(IllegalTransition):
            store.resume()

    def test_portal_is_closed_with_its_merchant(self) -> None:
        store = StoreFactory.create()
        store.merchant.close(NOW)
        assert not store.merchant.is_active
        assert not Store.objects.open_portals().exists()

    def test_retired_store_is_gone_and_frees_its_slug(self) -> None:
        store = StoreFactory.create(slug="tienda-norte")
        store.seal_credentials(SECRETS)
        store.retire(NOW)
        store.retire(NOW + timedelta(days=1))
        assert not Store.objects.exists()
        row = Store.all_objects.get()
        assert (row.deleted, row.status, row.credentials) == (NOW, "disconnected", None)
        assert StoreFactory.create(slug="tienda-norte") == Store.objects.get()
        assert Event.objects.filter(kind="store.retired").count() == 1

    def test_saving_a_stale_copy_does_not_bring_it_back(self) -> None:
        store = StoreFactory.create()
        stale = Store.objects.get()
        store.retire(NOW)
        stale.refresh_from_db(from_queryset=Store.all_objects.all())
        stale.name = "Renamed"
        stale.save()
        assert not Store.objects.exists()

    def test_restored_store_waits_paused(self) -> None:
        store = StoreFactory.create()
        store.retire(NOW)
        store.restore()
        assert Store.objects.get().status == "paused"

    def test_restore_is_refused_when_the_slug_has_gone(self) -> None:
        store = StoreFactory.create(slug="tienda-norte")
        store.retire(NOW)
        StoreFactory.create(slug="tienda-norte")
        with pytest.raises(SlugTaken):
            store.restore()

    def test_active_slugs_are_unique_in_the_database(self) -> None:
        StoreFactory.create(slug="tienda-norte")
        with pytest.raises(IntegrityError), transaction.atomic():
            StoreFactory.create(slug="tienda-norte")

    def test_merchant_is_closed_once_and_its_slug_free(self) -> None:
        merchant = MerchantFactory.create(slug="norte")
        merchant.close(NOW)
        merchant.close(NOW + timedelta(days=1))
        assert Merchant.all_objects.get().deleted == NOW
        assert MerchantFactory.create(slug="norte") == Merchant.objects.active().get()
        assert Event.objects.filter(kind="merchant.closed").count() == 1


class CredentialsTest:
    def test_sealed_and_opened(self) -> None:
        store = StoreFactory.create()
        assert not store.is_connected
        store.seal_credentials(SECRETS)
        stored = Store.objects.get()
        assert stored.is_connected
        assert stored.open_credentials() == SECRETS
        assert "shpat" not in repr(stored.__dict__)
        assert stored.timeline.get().payload == {"names": ["secret", "token"]}

    def test_neither_row_nor_history_holds_plaintext_or_cipher_of_history(self) -> None:
        store = StoreFactory.create()
        store.seal_credentials(SECRETS)
        history = str(list(versions_of(store).values()))
        assert "shpat" not in history
        assert "credentials" not in history

    def test_ciphertext_of_another_store_does_not_open(self) -> None:
        ours, theirs = StoreFactory.create_batch(2)
        ours.seal_credentials(SECRETS)
        theirs.credentials = ours.credentials
        with pytest.raises(InvalidTag):
            theirs.open_credentials()

    def test_not_connected(self) -> None:
        with pytest.raises(NotConnected):
            StoreFactory.create().open_credentials()

    def test_forgotten(self) -> None:
        store = StoreFactory.create()
        store.seal_credentials(SECRETS)
        store.forget_credentials()
        store.forget_credentials()
        assert not Store.objects.get().is_connected
        assert Event.objects.filter(kind="store.disconnected").count() == 1

    def test_rotation_of_the_key(self, settings: Settings) -> None:
        store, old = StoreFactory.create(), settings.FIELD_KEYS
        store.seal_credentials(SECRETS)
        settings.FIELD_KEYS = f"{NEW_KEY},{old}"
        store.reseal_credentials()
        settings.FIELD_KEYS = NEW_KEY
        assert Store.objects.get().open_credentials() == SECRETS
        settings.FIELD_KEYS = old
        with pytest.raises(UnknownKey):
            store.open_credentials()


class LocationTest:
    def test_default_moves(self) -> None:
        first = LocationFactory.create(is_default=True)
        second = LocationFactory.create(merchant=first.merchant)
        second.make_default()
        ours = Location.objects.for_merchant(first.merchant)
        assert [row.is_default for row in ours.accepting_returns()] == [True, False]
        assert ours.accepting_returns()[0] == second

    def test_retired_location_is_no_default_and_frees_its_name(self) -> None:
        location = LocationFactory.create(is_default=True, name="Norte")
        location.retire(NOW)
        location.retire(NOW + timedelta(days=1))
        assert not Location.objects.exists()
        assert Location.all_objects.get().deleted == NOW
        again = LocationFactory.create(merchant=location.merchant, name="Norte", is_default=True)
        assert str(again) == "Norte"

    def test_two_defaults_are_refused(self) -> None:
        location = LocationFactory.create(is_default=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            LocationFactory.create(merchant=location.merchant, is_default=True)


class DoorTest:
    def test_rows_come_through_their_merchant(self) -> None:
        ours, theirs = StoreFactory.create_batch(2)
        assert Store.objects.for_merchant(ours.merchant).get() == ours
        assert Store.objects.for_store(theirs).get() == theirs
