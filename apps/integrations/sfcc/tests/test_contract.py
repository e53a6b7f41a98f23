from collections.abc import Mapping
from typing import ClassVar, override

import pytest

from apps.integrations.sfcc import connectors
from apps.integrations.sfcc.connectors import Connector
from apps.integrations.sfcc.tests.grants import GRANT
from apps.integrations.tests.contract import PlatformContractTest
from fakes.shops.control import FakeShop


class SfccContractTest(PlatformContractTest):
    __test__ = True
    connector_class: ClassVar[type[Connector]] = Connector
    fake_module: ClassVar[str] = "fakes.sfcc"

    # No refund reaches Salesforce: what the payment provider gave back stands only there.
    test_what_the_shop_refunded_itself_is_seen = None  # type: ignore[assignment]

    @pytest.fixture(autouse=True)
    def _lives_at_its_fake(self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(type(self), "domain", fake.address)

    @override
    def grant(self, fake: FakeShop) -> Mapping[str, str]:
        return GRANT

    @override
    def small_pages(self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connectors, "PAGE", 2)
