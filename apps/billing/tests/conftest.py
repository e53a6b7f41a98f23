from collections.abc import Iterator

import pytest
from pytest_django import Settings

from fakes.psp.control import Psp, running


@pytest.fixture(scope="session")
def psp_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Psp]:
    with running(tmp_path_factory.mktemp("psp") / "log") as fake:
        yield fake


@pytest.fixture
def psp(psp_process: Psp, settings: Settings) -> Iterator[Psp]:
    """Stripe, as the platform's own account knows it."""
    settings.STRIPE_API_BASE = psp_process.address
    settings.STRIPE_READ_SECONDS = 1
    settings.STRIPE_PLATFORM_KEY = "sk_test_platform"
    yield psp_process
    psp_process.clear_modes()
    psp_process.clock(0)
