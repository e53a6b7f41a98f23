import pytest

from apps.integrations import asking
from apps.integrations.conftest import StartShop
from apps.integrations.woocommerce.connectors import Connector
from fakes.shops.control import FakeShop

SECRETS = {"consumer_key": "ck_test", "consumer_secret": "cs_test", "webhook_secret": "whisper"}


@pytest.fixture
def fake(start_shop: StartShop) -> FakeShop:
    return start_shop("fakes.woocommerce")


@pytest.fixture
def connector(fake: FakeShop) -> Connector:
    shop = asking.Shop(store_id="s1", domain=fake.address, currency="EUR", secrets=SECRETS)
    return Connector(shop)
