from collections.abc import Callable, Iterator

import pytest
import stripe

from fakes.psp.control import Psp, running

KEY = "sk_test_fake"
type Client = stripe.StripeClient


@pytest.fixture(scope="module")
def psp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Psp]:
    with running(tmp_path_factory.mktemp("psp") / "log") as fake:
        yield fake


@pytest.fixture(autouse=True)
def calm(psp: Psp) -> Iterator[None]:
    yield
    psp.clear_modes()
    psp.clock(0)


@pytest.fixture(scope="module")
def client(psp: Psp) -> Client:
    return client_of(psp.address)


@pytest.fixture
def intent(psp: Psp) -> str:
    """60.00 EUR captured."""
    return str(psp.capture(KEY, 6000)["id"])


@pytest.fixture
def refund(client: Client, intent: str) -> Callable[..., stripe.Refund]:
    def make(reference: str, amount: int = 1000) -> stripe.Refund:
        metadata = {"reference": reference}
        return client.v1.refunds.create(
            {"payment_intent": intent, "amount": amount, "metadata": metadata},
            {"idempotency_key": reference},
        )

    return make


def client_of(address: str, key: str = KEY) -> Client:
    http = stripe.RequestsClient(timeout=(1, 1))
    return stripe.StripeClient(
        key, base_addresses={"api": address}, max_network_retries=0, http_client=http
    )
