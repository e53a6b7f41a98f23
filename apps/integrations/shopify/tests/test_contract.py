from collections.abc import Mapping
from typing import ClassVar

import pytest

from apps.integrations.shopify.connectors import Connector
from apps.integrations.shopify.tests.conftest import DOMAIN
from apps.integrations.tests.contract import PlatformContractTest
from fakes.shopify.oauth import permanent
from fakes.shops.control import FakeShop


class ShopifyContractTest(PlatformContractTest):
    __test__ = True
    connector_class: ClassVar[type[Connector]] = Connector
    fake_module: ClassVar[str] = "fakes.shopify"
    domain: ClassVar[str] = DOMAIN
    # The id of a delivery and the hash of its body are all there is against a replay.
    signs_time = False
    # Shopify has none that are switched off: one that fails too often is deleted.
    test_one_that_was_switched_off_is_seen_and_switched_on = None  # type: ignore[assignment]

    @pytest.fixture
    def fake(self, ready: FakeShop) -> FakeShop:
        return ready

    def grant(self, fake: FakeShop) -> Mapping[str, str]:
        return {"access_token": permanent(fake.shop)}
