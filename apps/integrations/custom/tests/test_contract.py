from collections.abc import Mapping
from typing import ClassVar

from apps.integrations.custom.connectors import Connector
from apps.integrations.tests.contract import PlatformContractTest
from fakes.custom.vendor import PATH, SECRET
from fakes.shops.control import FakeShop


class CustomContractTest(PlatformContractTest):
    __test__ = True
    connector_class: ClassVar[type[Connector]] = Connector
    fake_module: ClassVar[str] = "fakes.custom"

    def grant(self, fake: FakeShop) -> Mapping[str, str]:
        return {"url": fake.address + PATH, "secret": SECRET}
