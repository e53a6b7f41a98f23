from collections.abc import Iterator

import pytest

from apps.integrations import asking
from apps.integrations.prestashop.connectors import Connector
from fakes.prestashop.vendor import KEY
from fakes.shops.control import FakeShop, running


@pytest.fixture(scope="session")
def presta_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeShop]:
    with running("fakes.prestashop", tmp_path_factory.mktemp("presta") / "shop.jsonl") as fake:
        yield fake


@pytest.fixture
def fake(presta_server: FakeShop) -> FakeShop:
    presta_server.reset()
    return presta_server


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
