"""What the shop tells of itself: asked for once, and believed only when it is signed."""

from collections.abc import Mapping
from importlib import import_module

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.events.dtos import Delivery
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.conftest import Came, Heard
from apps.integrations.connecting import webhook_url
from apps.integrations.connectors import AbstractConnector
from apps.integrations.signing import new_secret
from apps.integrations.tests.contract_base import Contract, needs
from fakes.shops.control import FakeShop

URL = "https://platforms.reveni.example/v1/hook/1"


class WebhookContractTest(Contract):
    # Whether the signature covers a time, so that an old delivery is refused.
    signs_time = True

    def accept(self, store: Store, came: Came) -> Delivery | None:
        headers, body = came
        module = import_module(f"apps.integrations.{self.connector_class.platform}.webhooks")
        found: Delivery | None = module.accept(str(store.pk), headers, body, clock.now())
        return found

    def of_another_shop(self, secrets: Mapping[str, str]) -> Mapping[str, str]:
        return {**secrets, "webhook_secret": new_secret()}

    @pytest.fixture
    def heard(self, hooks_heard: Heard, fake: FakeShop) -> Heard:
        fake.hooks_via(hooks_heard.address)
        return hooks_heard

    @pytest.fixture
    def store(self, fake: FakeShop, db: None) -> Store:
        """Connected, with its webhooks registered."""
        made = self.connection(fake)
        store: Store = StoreFactory.create(
            platform=self.connector_class.platform, domain=made.facts.domain
        )
        store.seal_credentials(made.secrets)
        shop = asking.Shop(
            store_id=str(store.pk), domain=store.domain, currency="EUR", secrets=made.secrets
        )
        self.connector_class(shop).register_webhooks(webhook_url(store))
        return store

    @needs(Capability.WEBHOOKS)
    def test_webhooks_are_registered_once_each(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        first = connector.register_webhooks(URL)
        again = connector.register_webhooks(URL)

        topics = sorted(each.topic for each in first)
        assert topics
        assert len(set(topics)) == len(topics)
        assert sorted(each.topic for each in again) == topics
        assert sorted(each.topic for each in connector.check_webhooks(URL)) == topics

    @needs(Capability.WEBHOOKS)
    def test_webhooks_of_others_stay_and_ours_go(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        connector.register_webhooks(URL)
        connector.register_webhooks(f"{URL}2")
        connector.remove_webhooks(URL)

        assert connector.check_webhooks(URL) == ()
        assert connector.check_webhooks(f"{URL}2") != ()

    @needs(Capability.WEBHOOKS)
    def test_one_that_was_switched_off_is_seen_and_switched_on(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        connector.register_webhooks(URL)
        fake.play("change_webhook", fake.rows("webhooks")[0]["id"], is_active=False)
        seen = [each.is_active for each in connector.check_webhooks(URL)]
        connector.register_webhooks(URL)

        healed = connector.check_webhooks(URL)
        assert seen.count(False) == 1
        assert [each.is_active for each in healed] == [True] * len(seen)

    @needs(Capability.WEBHOOKS)
    def test_a_webhook_that_the_shop_signed_is_believed(
        self, fake: FakeShop, heard: Heard, store: Store
    ) -> None:
        fake.order()

        delivery = self.accept(store, heard.next())
        assert delivery is not None
        assert (delivery.source, delivery.merchant_id) == (store.platform, store.merchant_id)
        assert delivery.account == str(store.pk)
        assert delivery.topic

    @needs(Capability.WEBHOOKS)
    def test_one_that_comes_twice_has_one_name(
        self, fake: FakeShop, heard: Heard, store: Store
    ) -> None:
        fake.mode("hook_doubled")
        fake.order()

        first, again = (self.accept(store, heard.next()) for _ in range(2))
        assert first is not None
        assert first == again

    @needs(Capability.WEBHOOKS)
    def test_one_that_somebody_else_signed_is_refused(
        self, fake: FakeShop, heard: Heard, store: Store
    ) -> None:
        fake.mode("hook_forged")
        fake.order()

        assert self.accept(store, heard.next()) is None

    @needs(Capability.WEBHOOKS)
    def test_one_whose_body_was_changed_is_refused(
        self, fake: FakeShop, heard: Heard, store: Store
    ) -> None:
        fake.order()
        headers, body = heard.next()

        assert self.accept(store, (headers, body + b" ")) is None

    @needs(Capability.WEBHOOKS)
    def test_one_from_an_hour_ago_is_refused(
        self, fake: FakeShop, heard: Heard, store: Store
    ) -> None:
        fake.mode("hook_old")
        fake.order()

        came = self.accept(store, heard.next())
        assert (came is None) == self.signs_time

    @needs(Capability.WEBHOOKS)
    def test_one_for_another_store_is_refused(
        self, fake: FakeShop, heard: Heard, store: Store
    ) -> None:
        """The signature holds, for a store that has another secret."""
        other = StoreFactory.create(platform=store.platform, domain="other.example")
        other.seal_credentials(self.of_another_shop(self.connection(fake).secrets))
        fake.order()

        assert self.accept(other, heard.next()) is None
