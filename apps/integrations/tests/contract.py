"""What every platform's connector must do, against a fake that behaves like the platform.

`class ContractTest(PlatformContractTest)` in `<platform>/tests/test_contract.py` with
`__test__ = True`, `connector_class`, `fake_module` and `grant`.
"""

from collections.abc import Callable, Iterator, Mapping

import pytest

from apps.core import clock
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector, AccessLost, Declined, NotOffered
from apps.integrations.tests.contract_base import NOBODY, euros
from apps.integrations.tests.contract_orders import OrderContractTest
from apps.integrations.tests.contract_refunds import RefundContractTest
from apps.integrations.tests.contract_shop import (
    CreditContractTest,
    GoodsContractTest,
    ReturnsAtShopContractTest,
    exchange,
)
from apps.integrations.tests.contract_webhooks import URL, WebhookContractTest
from fakes.shops.control import FakeShop

type Ask = Callable[[AbstractConnector], object]

MOVE = asking.StockMove(variant_id="2", quantity=1, reference="move:1")
RETURN = asking.ReturnOrder(order_id=NOBODY, lines=(), reference="return:1")
ORDER = {"id": NOBODY, "currency": "EUR", "tenders": [{"id": NOBODY}]}
QUESTION = asking.RefundQuestion(order_id=NOBODY, lines=(), currency="EUR")
# One call of each method, by what the platform has to be able to do for it.
CALLS: Mapping[Capability, tuple[Ask, ...]] = {
    Capability.ORDERS: (lambda c: c.fetch_order(NOBODY),),
    Capability.CHANGES: (lambda c: c.changed_orders(clock.now()),),
    Capability.REFUNDS: (
        lambda c: c.max_refundable(NOBODY, NOBODY),
        lambda c: c.create_refund(PlatformContractTest.refund_of(ORDER, 100)),
        lambda c: c.find_refund(PlatformContractTest.refund_of(ORDER, 100)),
    ),
    Capability.SUGGESTIONS: (lambda c: c.calculate_refund(QUESTION),),
    Capability.RETURNS: (lambda c: c.open_return(RETURN), lambda c: c.close_return(NOBODY)),
    Capability.RETURN_REQUESTS: (
        lambda c: c.approve_return(NOBODY),
        lambda c: c.decline_return(NOBODY, "Too late"),
    ),
    Capability.EXCHANGES: (lambda c: c.create_exchange_order(exchange(ORDER)),),
    Capability.CANCELLATIONS: (lambda c: c.cancel_order(NOBODY, "Never mind"),),
    Capability.RESERVATIONS: (lambda c: c.reserve_stock(MOVE),),
    Capability.RESTOCKS: (lambda c: c.restock(MOVE),),
    Capability.VARIANTS: (lambda c: c.list_variants(),),
    Capability.CREDIT: (
        lambda c: c.create_credit(
            asking.CreditOrder(amount=euros(100), customer_id="", email="", reference="credit:1")
        ),
        lambda c: c.void_credit(NOBODY),
    ),
    Capability.NOTES: (lambda c: c.add_note(NOBODY, "Hello"),),
    Capability.WEBHOOKS: (
        lambda c: c.register_webhooks(URL),
        lambda c: c.check_webhooks(URL),
        lambda c: c.remove_webhooks(URL),
    ),
    Capability.FULFILMENTS: (lambda c: c.fulfilments(NOBODY),),
}


class PlatformContractTest(
    OrderContractTest,
    RefundContractTest,
    ReturnsAtShopContractTest,
    GoodsContractTest,
    CreditContractTest,
    WebhookContractTest,
):
    __test__ = False

    def test_it_is_connected_to_the_shop_that_the_credentials_open(
        self, connector: AbstractConnector
    ) -> None:
        facts = connector.verify_credentials()

        assert (facts.currency, facts.domain) == ("EUR", connector.shop.domain)
        assert facts.name

    def test_credentials_that_open_nothing_connect_nothing(self, fake: FakeShop) -> None:
        grant = self.grant(fake)
        fake.mode("unauthorized", times=None)

        with pytest.raises(Declined):
            self.connector_class.connect(self.domain, grant)

    def test_lost_access_is_told_when_asked_for(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        fake.mode("unauthorized", times=None)

        with pytest.raises(AccessLost):
            connector.verify_credentials()

    def test_a_secret_is_never_printed(self, connector: AbstractConnector) -> None:
        printed = repr(connector.shop)

        assert not [each for each in connector.shop.secrets.values() if each and each in printed]

    def test_what_it_cannot_do_is_not_offered_and_says_why(
        self, fake: FakeShop, connector: AbstractConnector
    ) -> None:
        before = len(fake.calls())
        for capability in set(Capability) - connector.offers:
            for ask in CALLS[capability]:
                with pytest.raises(NotOffered) as refused:
                    ask(connector)
                assert (refused.value.capability, bool(refused.value.why)) == (capability, True)

        assert len(fake.calls()) == before


def names_for(capability: Capability) -> Iterator[str]:
    """Their names, for docs/platforms.md."""
    for name in sorted(dir(PlatformContractTest)):
        if getattr(getattr(PlatformContractTest, name), "needs", None) == capability:
            yield name
