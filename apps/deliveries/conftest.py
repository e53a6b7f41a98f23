from collections.abc import Iterator

import pytest
from pytest_django import Settings

from fakes.carrier.control import Carrier, running_carrier


@pytest.fixture(scope="session")
def carrier_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    with running_carrier(tmp_path_factory.mktemp("carrier") / "log") as fake:
        yield fake


@pytest.fixture
def carrier(carrier_process: Carrier, settings: Settings) -> Iterator[Carrier]:
    """The fake carrier, to which the product's settings point during this test."""
    settings.EASYPOST_API_BASE = carrier_process.address
    settings.CARRIER_READ_SECONDS = 1
    yield carrier_process
    carrier_process.clear_modes()
    carrier_process.clock(0)
