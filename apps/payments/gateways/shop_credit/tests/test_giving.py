"""Credit given at the fake shop, whose own table says what has happened."""

from datetime import datetime
from typing import ClassVar

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.conftest import StartShop
from apps.integrations.custom.connectors import Connector
from apps.orders.tests.factories import OrderFactory
from apps.payments import choices, services
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.models import Payment
from apps.payments.modules.ledger import services as ledger
from apps.payments.services.refunds import CreditStaysCredit
from apps.payments.tests import contract
from apps.payments.tests.contract import AT, LATER, owed
from apps.payments.tests.factories import AcceptedReturnFactory, ShopCreditRefundFactory
from apps.payments.tests.shops import connected_store, read, standing
from fakes.shops.control import FakeShop

pytestmark = pytest.mark.django_db
Gateway, Status = choices.Payment.Gateway, choices.Payment.Status


@pytest.fixture
def shop(start_shop: StartShop, monkeypatch: pytest.MonkeyPatch) -> FakeShop:
    monkeypatch.setattr("apps.core.http._pause", lambda error, attempt: 0)
    return start_shop("fakes.custom")


@pytest.fixture
def store(shop: FakeShop) -> Store:
    return connected_store(shop)


class ShopCase:
    store: Store

    def promised(self) -> Payment:
        payment: Payment = ShopCreditRefundFactory.create(order__store=self.store)
        payment.post_promised(AT)
        return payment

    def send(self, payment: Payment, at: datetime) -> None:
        services.send_payment(payment.pk, at)
        payment.refresh_from_db()

    def finish(self, payment: Payment, at: datetime) -> None:
        """The shop answers at once."""


class ShopCreditContractTest(contract.GatewayContractTest):
    case: ClassVar[ShopCase] = ShopCase()

    @pytest.fixture(autouse=True)
    def _at_the_shop(self, store: Store) -> None:
        self.case.store = store


def sent(store: Store) -> ShopCreditRefund:
    case = ShopCase()
    case.store = store
    payment = case.promised()
    case.send(payment, AT)
    return read(payment)


class GivenTest:
    def test_a_return_is_paid_with_credit_of_the_shop(self, shop: FakeShop, store: Store) -> None:
        """100.00 owed; given, the debt is the shop's own."""
        ret = AcceptedReturnFactory.create(order__store=store, refund_method="store_credit")
        (payment,) = services.refund_return(ret.pk, AT)
        services.refund_return(ret.pk, LATER)

        given = read(payment)
        (row,) = shop.rows("credits")
        assert (given.gateway, given.status) == (Gateway.SHOP_CREDIT, Status.SUCCEEDED)
        assert (given.credit_id, given.reveal()) == (row["id"], row["code"])
        assert given.provider_ref == f"{store.pk.hex}:{row['id']}"
        assert (standing(shop), row["email"]) == ([(10_000, 10_000)], ret.order.email)
        assert given.credit_expires_at is not None
        assert (given.credit_expires_at - AT).days == 730
        assert ledger.balances(store.merchant) == {
            ("refunds_granted", "EUR"): Money(10_000, "EUR"),
            ("refunds_payable", "EUR"): Money(0, "EUR"),
            ("shop_in_transit", "EUR"): Money(0, "EUR"),
            ("shop_credit_liability", "EUR"): Money(10_000, "EUR"),
        }
        assert not StoreCreditAccount.objects.exists()
        assert services.reconcile(store.merchant) == []

    @pytest.mark.parametrize("mode", ["error_after", "reset_after", "reset_before"])
    def test_silence_ends_in_one_credit(self, shop: FakeShop, store: Store, mode: str) -> None:
        shop.mode(mode, effect="credit")
        payment = sent(store)
        assert (payment.status, payment.credit_id) == (Status.UNKNOWN, "")

        services.resolve_payment(payment.pk, LATER)

        payment = read(payment)
        (row,) = shop.rows("credits")
        assert (payment.status, payment.credit_id) == (Status.SUCCEEDED, row["id"])
        assert (len(shop.effects("credit")), owed(payment)) == (1, "0.00")

    def test_no_is_no_and_the_next_key_is_another(self, shop: FakeShop, store: Store) -> None:
        shop.mode("refuse", effect="credit", status=422, code="too_much")
        payment = sent(store)
        assert (payment.status, payment.failure_code) == (Status.FAILED, "too_much")

        services.retry_payment(payment.pk, AT)
        services.send_payment(payment.pk, AT)

        assert read(payment).status == Status.SUCCEEDED
        assert standing(shop) == [(6000, 6000)]

    def test_refused_it_is_given_here_and_never_as_cash(self, shop: FakeShop, store: Store) -> None:
        shop.mode("refuse", effect="credit", status=422, code="too_much")
        payment = sent(store)
        with pytest.raises(CreditStaysCredit):
            services.pay_another_way(payment.pk, Gateway.BANK_TRANSFER, AT)

        here = services.pay_another_way(payment.pk, Gateway.STORE_CREDIT, AT)
        services.send_payment(here.pk, AT)

        assert StoreCreditAccount.objects.get().balance == Money(6000, "EUR")
        assert (standing(shop), owed(payment)) == ([], "0.00")


class DoubtTest:
    def test_another_sum_is_not_believed(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        less = asking.PlatformCredit(id="9", amount=Money(5999, "EUR"))
        monkeypatch.setattr(Connector, "create_credit", lambda *_: less)

        payment = sent(store)

        assert (payment.status, payment.credit_id) == (Status.UNKNOWN, "")

    @pytest.mark.parametrize("how", ["disconnected", "unauthorized"])
    def test_who_may_not_ask_has_seen_no_failure(
        self, shop: FakeShop, store: Store, how: str
    ) -> None:
        """At the first call nothing can have been done before."""
        shop.mode("error_after", effect="credit")
        payment = sent(store)
        if how == "disconnected":
            store.forget_credentials()
        else:
            shop.mode("unauthorized", times=None)

        services.resolve_payment(payment.pk, LATER)
        late = read(payment)
        first = sent(store)

        assert late.status == Status.UNKNOWN
        assert first.status == Status.FAILED
        assert first.failure_code in {"not_connected", "access_lost"}


class WhoseTest:
    def holder(self, store: Store, **order: object) -> str:
        payment = ShopCreditRefundFactory.create(order__store=store, **order)
        payment.post_promised(AT)
        services.send_payment(payment.pk, AT)
        return read(payment).holder_id

    def test_the_shops_own_customer(self, store: Store) -> None:
        assert self.holder(store, order__customer__external_id="77") == "77"
        assert self.holder(store, order__customer=None) == ""

    def test_not_the_id_of_another_shop(self, store: Store) -> None:
        """Both shops count from one: 77 is somebody else here."""
        order = OrderFactory.create(store=store, customer__external_id="77")
        OrderFactory.create(
            store=StoreFactory.create(merchant=store.merchant), customer=order.customer
        )

        assert self.holder(store, order=order) == ""


class PlacedTest:
    def gateway(self, store: Store, **facts: object) -> str:
        ret = AcceptedReturnFactory.create(
            order__store=store, refund_method="store_credit", **facts
        )
        (payment,) = services.promise_refund(ret.pk, AT)
        return payment.gateway

    def test_here_where_the_store_wants_it(self, store: Store) -> None:
        store.preferences.credit_at = "here"
        store.preferences.save()

        assert self.gateway(store) == Gateway.STORE_CREDIT

    def test_here_where_the_platform_cannot(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Connector, "offers", frozenset())
        assert self.gateway(store) == Gateway.STORE_CREDIT

    def test_here_where_nothing_is_connected(self, store: Store) -> None:
        store.forget_credentials()
        assert self.gateway(store) == Gateway.STORE_CREDIT

    def test_here_in_another_currency_than_the_shops(self, store: Store) -> None:
        assert self.gateway(store, order__currency="USD") == Gateway.STORE_CREDIT
