import os
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from apps.integrations import asking
from apps.integrations.conftest import StartShop
from apps.integrations.shopify import bucket
from apps.integrations.shopify.connectors import Connector
from fakes.shopify import schema
from fakes.shopify.oauth import CLIENT, SECRET, permanent
from fakes.shops.control import FakeShop

DOMAIN = "main.myshopify.com"
PLENTY = {"level": 1_000_000, "most": 1_000_000, "rate": 1_000_000}


@pytest.fixture(scope="session")
def published() -> Path:
    """Shopify's schema; where npm does not bring it a skip, which CI does not take."""
    try:
        return schema.fetched()
    except schema.SchemaMissing as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no schema of Shopify: {missing}")


@pytest.fixture
def ready(published: Path, settings: Settings, start_shop: StartShop) -> FakeShop:
    """Our app is known there, and points are no worry."""
    fake = start_shop("fakes.shopify")
    fake.vendor("points", **PLENTY)
    bucket.client(settings.LIMITER_URL).delete(f"{bucket.PREFIX}{DOMAIN}")
    settings.SHOPIFY_API_BASE = f"{fake.address}/{{shop}}"
    settings.SHOPIFY_CLIENT_ID = CLIENT
    settings.SHOPIFY_CLIENT_SECRETS = (SECRET,)
    return fake


@pytest.fixture
def fake(ready: FakeShop) -> FakeShop:
    return ready


@pytest.fixture
def naps() -> list[float]:
    """Seconds that the connector would have slept."""
    return []


@pytest.fixture
def connector(fake: FakeShop, naps: list[float]) -> Connector:
    secrets = {"access_token": permanent(fake.shop)}
    shop = asking.Shop(store_id="s", domain=DOMAIN, currency="EUR", secrets=secrets)
    made = Connector(shop)
    made.client = replace(made.client, sleep=naps.append)
    return made
