from collections.abc import Mapping
from typing import ClassVar, override

import pytest

from apps.integrations.magento import connectors, goods
from apps.integrations.magento.connectors import Connector
from apps.integrations.tests.contract import PlatformContractTest
from fakes.magento.auth import SECRETS
from fakes.shops.control import FakeShop
from fakes.shops.figures import Row


class MagentoContractTest(PlatformContractTest):
    __test__ = True
    connector_class: ClassVar[type[Connector]] = Connector
    fake_module: ClassVar[str] = "fakes.magento"

    @pytest.fixture(autouse=True)
    def _lives_at_its_fake(self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(self), "domain", fake.address)

    @override
    def grant(self, fake: FakeShop) -> Mapping[str, str]:
        return SECRETS

    @override
    def small_pages(self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connectors, "PAGE", 2)
        monkeypatch.setattr(goods, "SIZE", 2)

    @pytest.fixture
    @override
    def order(self, fake: FakeShop, request: pytest.FixtureRequest) -> Row:
        """Magento cancels only what is not invoiced yet."""
        is_paid = "is_cancelled" not in request.node.name
        return fake.order(shipping=[{"total": 500}], is_paid=is_paid)
