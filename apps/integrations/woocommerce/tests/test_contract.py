from collections.abc import Mapping
from typing import ClassVar, override

import pytest

from apps.integrations.tests.contract import PlatformContractTest
from apps.integrations.woocommerce import connectors, goods
from apps.integrations.woocommerce.connectors import Connector
from apps.integrations.woocommerce.tests.conftest import SECRETS
from fakes.shops.control import FakeShop


class WooCommerceContractTest(PlatformContractTest):
    __test__ = True
    connector_class: ClassVar[type[Connector]] = Connector
    fake_module: ClassVar[str] = "fakes.woocommerce"
    # The signature covers the body alone.
    signs_time = False
    # What the gateway refused is deleted: nobody can tell it from one that never was.
    test_one_that_failed_afterwards_is_declined = None  # type: ignore[assignment]

    @pytest.fixture(autouse=True)
    def _lives_at_its_fake(self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(self), "domain", fake.address)

    @override
    def grant(self, fake: FakeShop) -> Mapping[str, str]:
        return SECRETS

    @override
    def small_pages(self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connectors, "MOST", 2)
        monkeypatch.setattr(goods, "SIZE", 2)
