import pytest
from pytest_django import Settings

from apps.integrations.conftest import StartShop
from apps.integrations.openai.connectors import OpenAIConnector
from fakes.shops.control import FakeShop

KEY = "sk-of-this-machine-only"


@pytest.fixture
def model(valkey: None, start_shop: StartShop, settings: Settings) -> FakeShop:
    """The fake model, which obeys whatever it reads; calls end after half a second."""
    fake = start_shop("fakes.openai")
    settings.OPENAI_API_KEY = KEY
    settings.OPENAI_API_BASE = f"{fake.address}/v1"
    settings.OPENAI_SECONDS = 0.5
    return fake


@pytest.fixture
def connector(model: FakeShop) -> OpenAIConnector:
    found = OpenAIConnector.configured()
    assert found is not None
    return found
