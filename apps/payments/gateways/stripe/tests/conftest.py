from collections.abc import Iterator

import pytest
from pytest_django import Settings

from apps.payments.gateways.stripe.models import StripeRefund
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import StripeRefundFactory
from fakes.psp.control import Psp, running

KEY = "sk_test_shop"


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Psp]:
    with running(tmp_path_factory.mktemp("psp") / "log") as fake:
        yield fake


@pytest.fixture
def psp(process: Psp, settings: Settings) -> Iterator[Psp]:
    settings.STRIPE_API_BASE = process.address
    settings.STRIPE_READ_SECONDS = 1
    yield process
    process.clear_modes()
    process.clock(0)


def promised(psp: Psp, key: str = KEY, **facts: object) -> StripeRefund:
    """60.00 EUR of 100.00 captured, in the books and not sent."""
    refund: StripeRefund = StripeRefundFactory.create(stripe_account__key=key, **facts)
    psp.capture(key, 10_000, id=refund.paid_by)
    refund.post_promised(AT)
    return refund
