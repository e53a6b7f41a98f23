"""What the parts of the contract share: a fake shop, a connector to it, and orders in it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import pytest

from apps.core.http import HttpError
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.conftest import StartShop
from apps.integrations.connectors import AbstractConnector
from apps.integrations.dtos import RefundOrder, UnitsOf
from fakes.shops.control import FakeShop
from fakes.shops.figures import Row

NOBODY = "999999999999"
STORE = "018f0000-0000-7000-8000-000000000001"
type Test = Callable[..., Any]


def needs(capability: Capability) -> Callable[[Test], Test]:
    """The test is only one of platforms that can do that; it stands in docs/platforms.md."""

    def mark(test: Test) -> Test:
        test.needs = capability  # type: ignore[attr-defined]
        return test

    return mark


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def twice[R](ask: Callable[[], R]) -> R:
    """As the product does after a 429 that the connector has handed on."""
    try:
        return ask()
    except HttpError:
        return ask()


class Contract:
    """A subclass names the connector, the module of its fake, and how it is connected.

    A test that a platform honestly cannot pass is set to None, with the reason beside it.
    """

    __test__ = False

    connector_class: ClassVar[type[AbstractConnector]]
    fake_module: ClassVar[str]
    domain: ClassVar[str] = "shop.example"

    def __init_subclass__(cls) -> None:
        """Tests of what the platform cannot do are none of its own; NotOffered has its own."""
        kind = getattr(cls, "connector_class", None)
        for name in dir(cls) if kind else ():
            wanted = getattr(getattr(cls, name), "needs", None)
            if kind and wanted and not kind.can(wanted):
                setattr(cls, name, None)

    def grant(self, fake: FakeShop) -> Mapping[str, str]:
        """What the merchant types, or the platform sends back."""
        raise NotImplementedError

    def connection(self, fake: FakeShop) -> asking.Connection:
        return self.connector_class.connect(self.domain, self.grant(fake))

    def small_pages(self, fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two orders or variants a page from now on."""
        fake.vendor("page", size=2)

    @pytest.fixture(autouse=True)
    def _hasty(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is tried again is tried at once."""
        monkeypatch.setattr("apps.core.http._pause", lambda error, attempt: 0)

    @pytest.fixture
    def fake(self, start_shop: StartShop) -> FakeShop:
        return start_shop(self.fake_module)

    @pytest.fixture
    def connector(self, fake: FakeShop) -> AbstractConnector:
        """Connected to a shop in euros."""
        made = self.connection(fake)
        shop = asking.Shop(
            store_id=STORE,
            domain=made.facts.domain,
            currency=made.facts.currency,
            secrets=made.secrets,
        )
        return self.connector_class(shop)

    @pytest.fixture
    def order(self, fake: FakeShop) -> Row:
        """Two tees of 25.00 with 5.00 off and 5.00 for shipping: 50.00, paid by one card."""
        return fake.order(shipping=[{"total": 500}])

    @staticmethod
    def refund_of(
        order: Row, minor: int, reference: str = "refund:1:0", lines: Iterable[UnitsOf] = ()
    ) -> RefundOrder:
        return RefundOrder(
            order_id=order["id"],
            payment_id=order["tenders"][0]["id"],
            amount=Money(minor, order["currency"]),
            reference=reference,
            lines=tuple(lines),
        )

    @staticmethod
    def units(order: Row, quantity: int = 1) -> tuple[UnitsOf, ...]:
        """Of the first line."""
        return (UnitsOf(line_id=order["lines"][0]["id"], quantity=quantity),)
