import pytest
from pytest_django import Settings

from apps.integrations import asking
from apps.integrations.bigcommerce.connectors import Connector
from apps.integrations.conftest import StartShop
from fakes.bigcommerce.vendor import CLIENT_SECRET, HASH, TOKEN
from fakes.shops.control import FakeShop

SECRETS = {"store_hash": HASH, "access_token": TOKEN, "client_secret": CLIENT_SECRET}


@pytest.fixture
def fake(start_shop: StartShop, settings: Settings) -> FakeShop:
    started = start_shop("fakes.bigcommerce")
    settings.BIGCOMMERCE_API_BASE = started.address
    return started


@pytest.fixture
def connector(fake: FakeShop) -> Connector:
    shop = asking.Shop(store_id="s1", domain="tees.example.com", currency="EUR", secrets=SECRETS)
    return Connector(shop)
