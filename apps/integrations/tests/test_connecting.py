"""Stores and their shops; the shop is the fake of a merchant's own."""

import logging
import threading
from collections.abc import Mapping

import pytest
from django.db import connection as database
from django.db import transaction

from apps.accounts import choices as accounts
from apps.accounts.mixins.credentials import NotConnected
from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.http import HttpInsideTransaction, Unreachable
from apps.events.models import Event
from apps.integrations import connecting, store_secrets
from apps.integrations.choices import Capability
from apps.integrations.conftest import StartShop
from apps.integrations.connecting import ConnectStore
from apps.integrations.custom.connectors import Connector
from apps.integrations.custom.tests.factories import SECRETS
from apps.integrations.payloads import MalformedPayload
from apps.integrations.store_secrets import StoreSecrets
from fakes.custom.vendor import PATH, SECRET
from fakes.shops.control import FakeShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(start_shop: StartShop) -> FakeShop:
    return start_shop("fakes.custom")


@pytest.fixture
def wanted(fake: FakeShop) -> ConnectStore:
    return ConnectStore(platform="custom", grant={"url": fake.address + PATH, "secret": SECRET})


@pytest.fixture
def store() -> Store:
    return StoreFactory.create()


def sealed(**named: str) -> Store:
    store: Store = StoreFactory.create(platform="custom", domain="casa-ana.example")
    store.seal_credentials({**SECRETS, **named})
    return store


class ConnectTest:
    def test_a_shop_is_asked_its_credentials_sealed_and_its_webhooks_registered(
        self, fake: FakeShop, store: Store, wanted: ConnectStore
    ) -> None:
        connector = connecting.connect_store(store, wanted)

        stored = Store.objects.get(pk=store.pk)
        assert isinstance(connector, Connector)
        assert (stored.platform, stored.domain) == ("custom", "casa-ana.example")
        assert stored.open_credentials()["secret"] == SECRET
        assert SECRET not in str(Store.objects.filter(pk=store.pk).values("credentials"))
        assert {each["url"] for each in fake.rows("webhooks")} == {connecting.webhook_url(store)}
        assert len(fake.rows("webhooks")) == 6
        assert Event.objects.filter(kind=accounts.Event.STORE_CONNECTED).exists()

    def test_a_shop_that_takes_no_webhooks_yet_is_connected_all_the_same(
        self, fake: FakeShop, store: Store, wanted: ConnectStore, caplog: pytest.LogCaptureFixture
    ) -> None:
        fake.mode("error_before", effect="webhook")
        with caplog.at_level(logging.WARNING):
            connector = connecting.connect_store(store, wanted)

        assert "webhooks not registered" in caplog.text
        assert connecting.webhook_health(store, connector).webhooks == ()

    def test_a_platform_that_has_no_connector_is_not_offered(self, store: Store) -> None:
        with pytest.raises(connecting.PlatformNotOffered):
            connecting.connect_store(store, ConnectStore(platform="api"))

    def test_a_store_stays_with_its_platform(self, fake: FakeShop, wanted: ConnectStore) -> None:
        store = StoreFactory.create(platform="shopify")

        with pytest.raises(connecting.PlatformDiffers):
            connecting.connect_store(store, wanted)
        assert fake.calls() == []

    def test_a_shop_of_another_currency_is_another_shop(
        self, fake: FakeShop, wanted: ConnectStore
    ) -> None:
        store = StoreFactory.create(currency="USD")

        with pytest.raises(connecting.CurrencyDiffers):
            connecting.connect_store(store, wanted)
        assert not Store.objects.get(pk=store.pk).is_connected

    def test_credentials_that_open_nothing_are_refused(
        self, fake: FakeShop, store: Store, wanted: ConnectStore
    ) -> None:
        fake.mode("unauthorized")

        with pytest.raises(connecting.ConnectionRefused) as refused:
            connecting.connect_store(store, wanted)
        assert refused.value.details == {"reason": "access_lost"}

    @pytest.mark.parametrize(
        ("grant", "reason"),
        [
            ({"url": "nowhere", "secret": SECRET}, "url_malformed"),
            ({"url": "https://" + "a" * 500, "secret": SECRET}, "url_malformed"),
            ({"url": "http://shop.example", "secret": SECRET}, "url_not_https"),
            ({"url": "https://shop.example", "secret": "whsec_c2hvcnQ="}, "secret_malformed"),
            ({}, "url_malformed"),
        ],
    )
    def test_a_grant_that_cannot_be_one_is_refused(
        self, store: Store, grant: Mapping[str, str], reason: str
    ) -> None:
        with pytest.raises(connecting.ConnectionRefused) as refused:
            connecting.connect_store(store, ConnectStore(platform="custom", grant=grant))
        assert refused.value.details == {"reason": reason}

    def test_an_answer_of_something_else_connects_nothing(
        self, fake: FakeShop, store: Store, wanted: ConnectStore
    ) -> None:
        fake.mode("html")
        with pytest.raises(connecting.ShopUnreachable):
            connecting.connect_store(store, wanted)

        fake.mode("schema_break")
        with pytest.raises(MalformedPayload):
            connecting.connect_store(store, wanted)

    def test_it_is_never_asked_inside_a_transaction(
        self, store: Store, wanted: ConnectStore
    ) -> None:
        with transaction.atomic(), pytest.raises(HttpInsideTransaction):
            connecting.connect_store(store, wanted)


class DisconnectTest:
    def test_the_shop_tells_nothing_more_and_the_credentials_are_gone(
        self, fake: FakeShop, store: Store, wanted: ConnectStore
    ) -> None:
        connecting.connect_store(store, wanted)
        connecting.disconnect_store(store)

        assert {each["is_active"] for each in fake.rows("webhooks")} == {False}
        assert Store.objects.get(pk=store.pk).credentials is None
        assert connecting.connector_of(store) is None

    def test_also_where_the_shop_is_away(
        self, fake: FakeShop, store: Store, wanted: ConnectStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connecting.connect_store(store, wanted)
        fake.mode("unauthorized", times=None)
        connecting.disconnect_store(store)

        assert not Store.objects.get(pk=store.pk).is_connected

    def test_a_store_that_is_not_connected_is_let_alone(self, store: Store) -> None:
        connecting.disconnect_store(store)

        assert not Event.objects.filter(kind=accounts.Event.STORE_DISCONNECTED).exists()


class AskTest:
    def test_a_store_without_credentials_or_platform_has_no_connector(self, store: Store) -> None:
        assert connecting.connector_of(store) is None
        assert connecting.connector_of(StoreFactory.create(platform="custom")) is None
        store.seal_credentials(SECRETS)
        assert connecting.connector_of(store) is None

    def test_refunds_go_through_a_shop_that_offers_them(self) -> None:
        assert connecting.refunds_of(sealed(capabilities="orders,refunds")) is not None
        assert connecting.refunds_of(sealed(capabilities="orders")) is None

    def test_health_is_what_the_shop_says_or_why_nobody_knows(
        self, fake: FakeShop, store: Store, wanted: ConnectStore
    ) -> None:
        connector = connecting.connect_store(store, wanted)
        fine = connecting.webhook_health(store, connector)
        fake.mode("unauthorized")
        lost = connecting.webhook_health(store, connector)
        fake.mode("html")
        away = connecting.webhook_health(store, connector)

        assert (len(fine.webhooks), fine.problem) == (6, "")
        assert (lost.webhooks, lost.problem) == ((), "access_lost")
        assert (away.webhooks, away.problem) == ((), "shop_unreachable")

    def test_a_shop_without_webhooks_has_none_that_could_be_ill(self, fake: FakeShop) -> None:
        quiet = sealed(capabilities="orders")
        connector = connecting.connector_of(quiet)
        assert connector is not None

        assert connecting.webhook_health(quiet, connector) == connecting.WebhookHealth()
        connecting.disconnect_store(quiet)
        assert fake.calls() == []
        assert connector.why(Capability.NOTES) == "The shop did not offer it when connected"
        assert connector.why(Capability.ORDERS) == ""

    def test_a_webhook_is_the_stores_that_its_address_names(self) -> None:
        store = sealed()

        assert connecting.store_of("custom", str(store.pk)) == store
        assert connecting.store_of("shopify", str(store.pk)) is None
        assert connecting.store_of("custom", "no-uuid") is None
        store.forget_credentials()
        assert connecting.store_of("custom", str(store.pk)) is None


class RenewalTest:
    def test_what_is_not_named_stays(self) -> None:
        store = sealed()
        secrets = StoreSecrets(store.pk, "custom")
        with secrets.locked() as kept:
            assert kept["secret"] == SECRETS["secret"]
            secrets.keep({"token": "new"})

        assert Store.objects.get(pk=store.pk).open_credentials() == {**SECRETS, "token": "new"}
        assert Event.objects.filter(kind=accounts.Event.STORE_CONNECTED).count() == 1

    def test_a_store_that_was_disconnected_keeps_nothing(self) -> None:
        store = sealed()
        secrets = StoreSecrets(store.pk, "custom")
        store.forget_credentials()

        with pytest.raises(NotConnected), secrets.locked():
            raise AssertionError
        with pytest.raises(NotConnected):
            secrets.keep({"token": "new"})
        Store.objects.filter(pk=store.pk).delete()
        with pytest.raises(NotConnected):
            secrets.keep({"token": "new"})

    def test_no_transaction_is_open_while_it_renews(self) -> None:
        store = sealed()

        with (
            transaction.atomic(),
            pytest.raises(HttpInsideTransaction),
            StoreSecrets(store.pk, "custom").locked(),
        ):
            raise AssertionError

    def test_one_renews_at_a_time_and_the_next_sees_what_it_kept(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second holds a connection of its own; it gives up, then waits its turn."""
        store = sealed()
        monkeypatch.setattr(store_secrets, "WAIT_SECONDS", -1)
        monkeypatch.setattr(store_secrets, "LOOK_EVERY_SECONDS", 0)
        tried: list[str] = []

        def second() -> None:
            lock = StoreSecrets(store.pk, "custom")
            try:
                lock._lock()
            except Unreachable:
                tried.append("refused")
            else:
                tried.append("locked")
                lock._ask("SELECT pg_advisory_unlock(%s)")
            finally:
                database.close()

        def try_it() -> None:
            thread = threading.Thread(target=second)
            thread.start()
            thread.join()

        with StoreSecrets(store.pk, "custom").locked():
            try_it()
        try_it()

        assert tried == ["refused", "locked"]
