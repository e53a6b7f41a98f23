from collections.abc import Mapping

import pytest

from apps.integrations import asking
from apps.integrations.conftest import StartShop
from apps.integrations.magento.connectors import Connector
from fakes.magento.auth import SECRETS
from fakes.shops.control import FakeShop

KEPT: Mapping[str, str] = {**SECRETS, "voucher_secret": "whisper"}


@pytest.fixture
def fake(start_shop: StartShop) -> FakeShop:
    return start_shop("fakes.magento")


@pytest.fixture
def connector(fake: FakeShop) -> Connector:
    return Connector(asking.Shop(store_id="s1", domain=fake.address, currency="EUR", secrets=KEPT))
