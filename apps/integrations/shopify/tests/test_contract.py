from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import pytest

from apps.integrations.shopify.choices import CREDIT_SCOPES
from apps.integrations.shopify.connectors import Connector
from apps.integrations.shopify.tests.conftest import DOMAIN
from apps.integrations.tests.contract import PlatformContractTest
from apps.integrations.tests.contract_shop import CreditContractTest
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


class ShopifyStoreCreditContractTest(CreditContractTest):
    """Of a customer, where the app may: the same promises as of gift cards."""

    __test__ = True
    connector_class: ClassVar[type[Connector]] = Connector
    fake_module: ClassVar[str] = "fakes.shopify"
    domain: ClassVar[str] = DOMAIN
    CREDIT = replace(CreditContractTest.CREDIT, customer_id="5")
    # Of the suite above.
    test_a_note_stands_at_the_order = None  # type: ignore[assignment]

    @pytest.fixture
    def fake(self, ready: FakeShop) -> FakeShop:
        ready.order(customer_id="5")
        ready.vendor("scope", granted=sorted(CREDIT_SCOPES))
        return ready

    def grant(self, fake: FakeShop) -> Mapping[str, str]:
        return {"access_token": permanent(fake.shop)}
