from collections.abc import Mapping
from typing import ClassVar, override

import pytest

from apps.integrations.prestashop import connectors, goods
from apps.integrations.prestashop.connectors import Connector
from apps.integrations.tests.contract import PlatformContractTest
from fakes.prestashop.vendor import KEY
from fakes.shops.control import FakeShop


class PrestaShopContractTest(PlatformContractTest):
    __test__ = True
    connector_class: ClassVar[type[Connector]] = Connector
    fake_module: ClassVar[str] = "fakes.prestashop"

    @pytest.fixture(autouse=True)
    def _lives_at_its_fake(self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(self), "domain", fake.address)

    @override
    def grant(self, fake: FakeShop) -> Mapping[str, str]:
        return {"key": KEY}

    @override
    def small_pages(self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connectors, "PAGE", 2)
        monkeypatch.setattr(goods, "SIZE", 2)
