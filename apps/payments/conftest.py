from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from pytest_django import Settings

from apps.integrations.conftest import start_shop
from fakes.psp.control import Psp, running

__all__ = ["start_shop"]


@pytest.fixture(scope="session")
def fake_processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Psp]]:
    """Fakes of vendors by their name, each started when it is first asked for."""
    started: dict[str, Psp] = {}
    with ExitStack() as stack:

        def named(vendor: str) -> Psp:
            if vendor not in started:
                log = tmp_path_factory.mktemp(vendor) / "log"
                started[vendor] = stack.enter_context(running(log, fake=f"fakes.{vendor}"))
            return started[vendor]

        yield named


@pytest.fixture
def fake_of(
    fake_processes: Callable[[str], Psp], settings: Settings
) -> Iterator[Callable[[str], Psp]]:
    """The fake of a vendor, to which the product's settings point during this test."""
    settings.GATEWAY_READ_SECONDS = 1
    used: list[Psp] = []

    def named(vendor: str) -> Psp:
        fake = fake_processes(vendor)
        setattr(settings, f"{vendor.upper()}_API_BASE", fake.address)
        used.append(fake)
        return fake

    yield named
    for fake in used:
        fake.clear_modes()
        fake.clock(0)
