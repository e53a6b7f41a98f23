"""Refunds through a shop's platform; the connector is a stand-in that remembers what it made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from apps.core.http import HttpError, OutcomeUnknown
from apps.core.money import Money
from apps.integrations import connecting
from apps.integrations.connectors import AccessLost
from apps.integrations.dtos import RefundDeclined, RefundOrder, RefundReceipt
from apps.orders.models import OrderTender
from apps.payments import choices, services
from apps.payments.gateways.platform.models import PlatformRefund
from apps.payments.models import Payment
from apps.payments.refusals import NotPaidThere
from apps.payments.tests import contract
from apps.payments.tests.contract import AT, owed
from apps.payments.tests.factories import (
    AcceptedReturnFactory,
    ManualRefundFactory,
    PlatformRefundFactory,
)

pytestmark = pytest.mark.django_db
Status = choices.Payment.Status


@dataclass
class Shop:
    most: Money = field(default_factory=lambda: Money(10_000, "EUR"))
    made: dict[str, RefundReceipt] = field(default_factory=dict)
    asked: list[RefundOrder] = field(default_factory=list)
    failing: HttpError | RefundDeclined | None = None
    is_done: bool = True

    def max_refundable(self, order_id: str, payment_id: str) -> Money:
        return self.most

    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        self.asked.append(order)
        if isinstance(self.failing, RefundDeclined):
            raise self.failing
        receipt = RefundReceipt(
            id=f"{len(self.made) + 1}", amount=order.amount, is_done=self.is_done
        )
        self.made[order.reference] = receipt
        if self.failing:
            raise self.failing
        return receipt

    def find_refund(self, order: RefundOrder) -> RefundReceipt | None:
        if self.failing:
            raise self.failing
        return self.made.get(order.reference)


class PlatformCase:
    shop: Shop

    def promised(self) -> Payment:
        refund: PlatformRefund = PlatformRefundFactory.create(tender__at_shop_minor=6_000)
        refund.post_promised(AT)
        return refund

    def send(self, payment: Payment, at: datetime) -> None:
        services.send_payment(payment.pk, at)
        payment.refresh_from_db()

    def finish(self, payment: Payment, at: datetime) -> None:
        """The platform answers at once."""


@pytest.fixture(autouse=True)
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    connected = Shop()
    monkeypatch.setattr(connecting, "refunds_of", lambda store: connected)
    return connected


@pytest.fixture
def disconnect(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setattr(connecting, "refunds_of", lambda store: None)


class PlatformContractTest(contract.GatewayContractTest):
    case: ClassVar[PlatformCase] = PlatformCase()


def sent() -> PlatformRefund:
    refund = PlatformCase().promised()
    services.send_payment(refund.pk, AT)
    return read(refund)


def read(refund: Payment) -> PlatformRefund:
    return PlatformRefund.objects.get(pk=refund.pk)


class CapTest:
    def test_above_the_platforms_own_maximum_is_refused_and_not_trimmed(self, shop: Shop) -> None:
        shop.most = Money(5_999, "EUR")
        refund = sent()

        assert (refund.status, refund.failure_code) == ("failed", "above_platform_maximum")
        assert shop.made == {}
        assert owed(refund) == "60.00"

    def test_of_another_currency_is_refused(self, shop: Shop) -> None:
        shop.most = Money(10_000, "USD")

        assert sent().failure_code == "above_platform_maximum"

    def test_exactly_the_maximum_is_made(self, shop: Shop) -> None:
        shop.most = Money(6_000, "EUR")

        assert sent().status == Status.SUCCEEDED


class UnitsTest:
    def test_the_shop_hears_which_units_came_back_with_the_first_part_only(
        self, shop: Shop
    ) -> None:
        ret = AcceptedReturnFactory.create(refund_method="original")
        (refund,) = services.refund_return(ret.pk, AT)
        second = PlatformRefundFactory.create(
            merchant=ret.merchant, store=ret.store, order=ret.order, ret=ret, amount_minor=100
        )
        second.post_promised(AT)
        services.send_payment(second.pk, AT)

        first, rest = shop.asked
        assert refund.amount == first.amount
        assert {(each.line_id, each.quantity) for each in first.lines} == {
            (line.line_item.external_id, line.quantity) for line in ret.lines.all()
        }
        assert len(first.lines) == 2
        assert first.note == f"Return {ret.number}"
        assert rest.lines == ()

    def test_a_payment_without_a_return_names_none(self, shop: Shop) -> None:
        sent()

        assert [(each.lines, each.note) for each in shop.asked] == [((), "")]


class DoubtTest:
    def test_is_looked_for_and_never_made_again(self, shop: Shop) -> None:
        shop.failing = OutcomeUnknown("shop", "cut off")
        refund = sent()
        doubted = refund.status
        shop.failing = None
        services.resolve_payment(refund.pk, AT + timedelta(hours=1))

        assert (doubted, read(refund).status) == ("unknown", "succeeded")
        assert len(shop.made) == 1

    def test_that_never_arrived_is_failed_after_five_looks(self, shop: Shop) -> None:
        shop.failing = OutcomeUnknown("shop", "cut off")
        refund = sent()
        shop.failing, shop.made = None, {}
        for hours in range(3, 11, 2):
            services.resolve_payment(refund.pk, AT + timedelta(hours=hours))

        refund = read(refund)
        assert (refund.status, refund.failure_code) == ("failed", "never_arrived")
        assert shop.made == {}

    def test_nothing_is_known_while_the_shop_does_not_answer(self, shop: Shop) -> None:
        shop.failing = OutcomeUnknown("shop", "cut off")
        refund = sent()
        services.resolve_payment(refund.pk, AT + timedelta(hours=1))

        assert read(refund).status == Status.UNKNOWN

    def test_declined_afterwards_is_failed(self, shop: Shop) -> None:
        shop.is_done = False
        refund = sent()
        under_way = refund.status
        shop.failing = RefundDeclined("gateway_error")
        services.resolve_payment(refund.pk, AT + timedelta(hours=2))

        assert (under_way, read(refund).status) == ("processing", "failed")

    def test_without_access_nothing_is_known(self, shop: Shop) -> None:
        """A refund that may have been made is not failed because nobody may look."""
        shop.failing = OutcomeUnknown("shop", "cut off")
        refund = sent()
        shop.failing = AccessLost()
        services.resolve_payment(refund.pk, AT + timedelta(hours=1))

        assert read(refund).status == Status.UNKNOWN

    def test_another_sum_is_not_believed(self, shop: Shop) -> None:
        shop.is_done = False
        refund = sent()
        key = refund.idempotency_key
        shop.made[key] = RefundReceipt(id="1", amount=Money(5_900, "EUR"))
        services.resolve_payment(refund.pk, AT + timedelta(hours=2))

        assert read(refund).status == Status.UNKNOWN

    def test_disconnected_since_is_unknown(self, disconnect: Callable[[], None]) -> None:
        refund = PlatformCase().promised()
        disconnect()
        services.send_payment(refund.pk, AT)

        assert read(refund).status == Status.UNKNOWN


class RoutingTest:
    def test_goes_through_the_platform_where_it_is_connected(self, shop: Shop) -> None:
        ret = AcceptedReturnFactory.create(refund_method="original")

        (refund,) = services.refund_return(ret.pk, AT)

        assert (refund.gateway, refund.status) == ("platform", "succeeded")
        assert refund.provider_ref == f"{ret.store_id.hex}:1"

    def test_is_not_offered_without_a_connector(self, disconnect: Callable[[], None]) -> None:
        disconnect()
        ret = AcceptedReturnFactory.create(refund_method="original")

        (refund,) = services.promise_refund(ret.pk, AT)

        assert refund.gateway == choices.Payment.Gateway.MANUAL
        with pytest.raises(NotPaidThere):
            services.pay_another_way(ManualRefundFactory.create(status="failed").pk, "platform", AT)

    def test_is_expected_among_the_refunds_that_the_shop_tells_of(self, shop: Shop) -> None:
        ret = AcceptedReturnFactory.create(refund_method="original")
        (refund,) = services.promise_refund(ret.pk, AT)
        tender = OrderTender.objects.filter(order=ret.order)

        assert tender.get().at_shop_minor == 10_000
        shop.failing = RefundDeclined("gateway_error")
        services.send_payment(refund.pk, AT)
        services.pay_another_way(refund.pk, "store_credit", AT)
        assert tender.get().at_shop_minor == 0
