import pytest

from apps.integrations import asking
from apps.integrations.conftest import StartShop
from apps.integrations.prestashop.connectors import Connector
from fakes.prestashop.vendor import KEY
from fakes.shops.control import FakeShop


@pytest.fixture
def fake(start_shop: StartShop) -> FakeShop:
    return start_shop("fakes.prestashop")


@pytest.fixture
def connector(fake: FakeShop) -> Connector:
    return Connector(
        asking.Shop(
            store_id="s1",
            domain=fake.address,
            currency="EUR",
            time_zone="Europe/Madrid",
            secrets={"key": KEY, "voucher_secret": "whisper"},
        )
    )
