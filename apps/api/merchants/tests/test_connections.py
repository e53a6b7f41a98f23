"""How a store is connected, told at the dashboard; the shop is a stand-in without HTTP."""

from collections.abc import Mapping
from typing import ClassVar, override

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.api.merchants.tests.desk import Desk, owner_of, seat_at
from apps.core.http import HttpError
from apps.integrations import asking, connecting
from apps.integrations.choices import Capability
from apps.integrations.connectors import Declined
from apps.integrations.custom.connectors import Connector

pytestmark = pytest.mark.django_db
PATH = "/v1/stores/ropa/connection"
GRANT = {"url": "https://shop.example/reveni", "secret": "whsec_typed"}
BODY = {"platform": "custom", "grant": GRANT}


class Shop(Connector):
    currency: ClassVar[str] = "EUR"
    failing: ClassVar[Declined | HttpError | None] = None

    @classmethod
    @override
    def connect(cls, domain: str, grant: Mapping[str, str]) -> asking.Connection:
        if cls.failing:
            raise cls.failing
        facts = asking.ShopFacts(name="Ropa", domain="ropa.example", currency=cls.currency)
        return asking.Connection(
            facts=facts, secrets={**grant, "capabilities": "orders,refunds,webhooks"}
        )

    @override
    def register_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        return self.check_webhooks(url)

    @override
    def check_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        return (asking.Subscription(id="1", topic="order.changed", url=url, is_active=False),)

    @override
    def remove_webhooks(self, url: str) -> None:
        """Gone."""


@pytest.fixture(autouse=True)
def shop(monkeypatch: pytest.MonkeyPatch) -> type[Shop]:
    def kind_of(platform: str) -> type[Connector] | None:
        return Shop if platform == "custom" else None

    monkeypatch.setattr(connecting, "connector_class", kind_of)
    return Shop


@pytest.fixture
def store() -> Store:
    return StoreFactory.create(slug="ropa")


@pytest.fixture
def desk(store: Store) -> Desk:
    return owner_of(store.merchant)


class ConnectionTest:
    def test_a_store_is_connected_shown_and_let_go_of(self, desk: Desk, store: Store) -> None:
        before = desk.get(PATH).json()
        made = desk.send(PATH, BODY)
        shown = desk.get(PATH).json()
        gone = desk.send(PATH, None, "DELETE")

        offered = {each["capability"]: each for each in shown["capabilities"]}
        assert (before["is_connected"], before["capabilities"]) == (False, [])
        assert (made.status_code, gone.status_code) == (200, 204)
        assert made.json() == shown
        assert (shown["platform"], shown["domain"]) == ("custom", "ropa.example")
        assert shown["webhook_url"].endswith(f"/v1/custom/{store.pk}")
        assert shown["webhooks"] == [{"topic": "order.changed", "is_active": False}]
        assert len(offered) == len(Capability)
        assert offered["refunds"] == {"capability": "refunds", "is_offered": True, "why": ""}
        assert offered["notes"]["is_offered"] is False
        assert offered["notes"]["why"]
        assert desk.get(PATH).json()["is_connected"] is False

    def test_what_was_typed_is_never_shown_again(self, desk: Desk) -> None:
        assert "whsec_typed" not in desk.send(PATH, BODY).content.decode()
        assert "whsec_typed" not in desk.get(PATH).content.decode()

    @pytest.mark.parametrize(
        ("failing", "status", "code"),
        [
            (Declined("secret_malformed"), 409, "connection_refused"),
            (HttpError("custom", "answered 500"), 503, "shop_unreachable"),
        ],
    )
    def test_a_shop_that_says_no_connects_nothing(
        self,
        desk: Desk,
        store: Store,
        shop: type[Shop],
        monkeypatch: pytest.MonkeyPatch,
        failing: Declined | HttpError,
        status: int,
        code: str,
    ) -> None:
        monkeypatch.setattr(shop, "failing", failing)
        refused = desk.send(PATH, BODY)

        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert not Store.objects.get(pk=store.pk).is_connected

    def test_a_shop_of_another_currency_or_platform_is_refused(
        self, desk: Desk, store: Store, shop: type[Shop], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shop, "currency", "USD")
        currency = desk.send(PATH, BODY)
        unknown = desk.send(PATH, {"platform": "api", "grant": {}})
        StoreFactory.create(merchant=store.merchant, slug="otra", platform="magento")
        platform = desk.send("/v1/stores/otra/connection", BODY)

        assert [each.json()["code"] for each in (currency, unknown, platform)] == [
            "currency_differs",
            "platform_not_offered",
            "platform_differs",
        ]

    def test_only_who_may_edit_integrations_changes_it(self, store: Store) -> None:
        reader = seat_at(store.merchant, reader=True)

        assert reader.get(PATH).status_code == 200
        assert reader.send(PATH, BODY).status_code == 403
        assert reader.send(PATH, None, "DELETE").status_code == 403

    def test_a_store_of_another_merchant_is_not_there(self, desk: Desk) -> None:
        StoreFactory.create(slug="ajena")

        assert desk.send("/v1/stores/ajena/connection", BODY).status_code == 404
