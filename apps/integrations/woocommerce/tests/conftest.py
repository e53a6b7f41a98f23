from collections.abc import Iterator

import pytest

from apps.integrations import asking
from apps.integrations.woocommerce.connectors import Connector
from fakes.shops.control import FakeShop, running

SECRETS = {"consumer_key": "ck_test", "consumer_secret": "cs_test", "webhook_secret": "whisper"}


@pytest.fixture(scope="session")
def woo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeShop]:
    with running("fakes.woocommerce", tmp_path_factory.mktemp("woo") / "shop.jsonl") as fake:
        yield fake


@pytest.fixture
def fake(woo_server: FakeShop) -> FakeShop:
    woo_server.reset()
    return woo_server


@pytest.fixture
def connector(fake: FakeShop) -> Connector:
    shop = asking.Shop(store_id="s1", domain=fake.address, currency="EUR", secrets=SECRETS)
    return Connector(shop)
