from collections.abc import Mapping
from typing import ClassVar, override

import pytest
from pytest_django import Settings

from apps.integrations.bigcommerce import connectors, goods
from apps.integrations.bigcommerce.connectors import Connector
from apps.integrations.bigcommerce.tests.conftest import SECRETS
from apps.integrations.conftest import StartShop
from apps.integrations.tests.contract import PlatformContractTest
from fakes.shops.control import FakeShop


class BigCommerceContractTest(PlatformContractTest):
    __test__ = True
    connector_class: ClassVar[type[Connector]] = Connector
    fake_module: ClassVar[str] = "fakes.bigcommerce"
    domain: ClassVar[str] = "tees.example.com"
    # A refund is done or declined as soon as it is made.
    test_one_that_the_shops_gateway_is_still_at_is_not_done = None  # type: ignore[assignment]

    @pytest.fixture
    @override
    def fake(self, start_shop: StartShop, settings: Settings) -> FakeShop:
        started = start_shop(self.fake_module)
        settings.BIGCOMMERCE_API_BASE = started.address
        return started

    @override
    def grant(self, fake: FakeShop) -> Mapping[str, str]:
        return SECRETS

    @override
    def of_another_shop(self, secrets: Mapping[str, str]) -> Mapping[str, str]:
        """One secret signs for all stores: the body names whose it is."""
        return {**secrets, "store_hash": "other1"}

    @override
    def small_pages(self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connectors, "PAGE", 2)
        monkeypatch.setattr(goods, "MOST", 2)
