"""Days against the provider's balance report, and refunds that the provider made without us."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from pytest_django import Settings

from apps.core import clock
from apps.core.money import Money
from apps.orders.models import Order, OrderTender
from apps.payments import services, tasks
from apps.payments.dtos import Answer, OutsideSeen
from apps.payments.gateways.stripe.facts import Asked
from apps.payments.gateways.stripe.mappers import from_stripe, movement_of, to_stripe
from apps.payments.gateways.stripe.models import StripeRefund
from apps.payments.models import BalanceDay, OutsideRefund
from apps.payments.refusals import NoAnswer
from apps.payments.services.outside import count_outside
from apps.payments.tests.factories import StripeRefundFactory
from fakes.psp.control import Psp, running

pytestmark = pytest.mark.django_db
# Yesterday at noon: whatever the hour of the run, it is one whole day.
NOON = datetime.combine(clock.now().astimezone(UTC).date(), time(12), UTC) - timedelta(days=1)
NOW = NOON + timedelta(days=1)
KEY = "sk_test_shop"


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Psp]:
    with running(tmp_path_factory.mktemp("psp") / "log") as fake:
        yield fake


@pytest.fixture
def psp(process: Psp, settings: Settings) -> Iterator[Psp]:
    settings.STRIPE_API_BASE = process.address
    settings.STRIPE_READ_SECONDS = 1
    process.clock((NOON - clock.now()).total_seconds())
    yield process
    process.clear_modes()


def sent(psp: Psp, request: pytest.FixtureRequest) -> StripeRefund:
    """60.00 of 100.00 EUR given back at noon, through an account of its own."""
    refund: StripeRefund = StripeRefundFactory.create(
        stripe_account__key=f"sk_test_{request.node.name}"
    )
    psp.capture(f"sk_test_{request.node.name}", 10_000, id=refund.paid_by)
    refund.post_promised(NOON)
    services.send_payment(refund.pk, NOON)
    return StripeRefund.objects.get(pk=refund.pk)


def by_hand(refund: StripeRefund, minor: int, name: str = "1") -> str:
    asked = Asked(source=refund.paid_by, amount=minor, metadata={}, key=f"{refund.pk}/{name}")
    return refund.stripe_account.client().refund(asked).id


def days(refund: StripeRefund) -> list[tuple[str, str]]:
    rows = BalanceDay.objects.for_merchant(refund.merchant).order_by("day", "currency")
    return [(str(row.provider), str(row.books)) for row in rows]


def found(refund: StripeRefund, invariant: str) -> list[str]:
    rows = services.reconcile(refund.merchant)
    return [each.what for each in rows if each.invariant == invariant]


class MatchTest:
    def test_day_agrees(self, psp: Psp, request: pytest.FixtureRequest) -> None:
        refund = sent(psp, request)

        assert services.match_balances(NOW) == 1
        assert days(refund) == [("-60.00 EUR", "-60.00 EUR")]
        assert found(refund, "I-33") == []

    def test_again_is_the_same_figure(self, psp: Psp, request: pytest.FixtureRequest) -> None:
        refund = sent(psp, request)

        assert [services.match_balances(NOW) for _ in range(2)] == [1, 1]
        assert BalanceDay.objects.count() == 1
        assert days(refund) == [("-60.00 EUR", "-60.00 EUR")]

    def test_what_was_taken_back_is_in_both(self, psp: Psp, request: pytest.FixtureRequest) -> None:
        refund = sent(psp, request)
        psp.settle(f"sk_test_{request.node.name}", refund.provider_ref, "failed")
        refund.come_back("account_closed", NOON)
        services.match_balances(NOW)

        assert days(refund) == [("0.00 EUR", "0.00 EUR")]

    def test_paid_here_and_unknown_there_is_an_item(
        self, psp: Psp, request: pytest.FixtureRequest
    ) -> None:
        refund = sent(psp, request)
        elsewhere = StripeRefundFactory.create(stripe_account__key="sk_test_other")
        elsewhere.post_promised(NOON)
        elsewhere.submit(NOON)
        elsewhere.settle(Answer("succeeded", "re_of_nobody"), NOON)
        services.match_balances(NOW)

        assert days(refund) == [("-60.00 EUR", "-60.00 EUR")]
        assert days(elsewhere) == [("0.00 EUR", "-60.00 EUR")]
        assert len(found(elsewhere, "I-33")) == 1

    def test_a_word_that_came_late_belongs_to_the_day_of_the_provider(
        self, psp: Psp, request: pytest.FixtureRequest
    ) -> None:
        psp.mode("reset_after")
        refund = sent(psp, request)
        services.resolve_payment(refund.pk, NOW)
        services.match_balances(NOW)

        assert days(refund) == [("-60.00 EUR", "-60.00 EUR")]

    def test_silent_provider_writes_nothing(self, psp: Psp, request: pytest.FixtureRequest) -> None:
        refund = sent(psp, request)
        psp.mode("reset_before", match={"method": "GET"})

        assert tasks.match_balances() == 0
        assert tasks.match_balances() is None
        assert days(refund) == []


class DashboardRefundTest:
    def test_is_counted_into_the_cap_and_into_the_day(
        self, psp: Psp, request: pytest.FixtureRequest
    ) -> None:
        refund = sent(psp, request)
        before = Order.objects.get(pk=refund.order_id).refunded
        theirs = by_hand(refund, 2_500)
        services.match_balances(NOW)

        outside = OutsideRefund.objects.get()
        order = Order.objects.get(pk=refund.order_id)
        assert (outside.provider_ref, str(outside.amount)) == (theirs, "25.00 EUR")
        assert str(order.refunded - before) == "25.00 EUR"
        assert days(refund) == [("-85.00 EUR", "-85.00 EUR")]
        assert found(refund, "I-33") == []

    def test_that_was_not_counted_is_a_difference(
        self, psp: Psp, request: pytest.FixtureRequest
    ) -> None:
        refund = sent(psp, request)
        by_hand(refund, 2_500)
        OrderTender.objects.filter(order_id=refund.order_id).update(gateway="other")
        services.match_balances(NOW)

        assert days(refund) == [("-85.00 EUR", "-60.00 EUR")]
        assert found(refund, "I-33") == [
            "a day's refunds are not those of the provider's balance report"
        ]


def seen(refund: StripeRefund, minor: int, id_: str = "re_1") -> OutsideSeen:
    return OutsideSeen(
        merchant_id=refund.merchant_id,
        gateway="stripe",
        environment="test",
        id=id_,
        sources=(refund.paid_by, ""),
        amount=Money(minor, "EUR"),
    )


def counted(refund: StripeRefund) -> tuple[str, str]:
    order = Order.objects.get(pk=refund.order_id)
    return str(order.refunded), str(order.tenders.get(external_id=refund.paid_by).refunded)


class CapTest:
    """The factory's order has 100.00 EUR captured and nothing counted as given back."""

    def test_once_however_often_it_is_seen(self) -> None:
        refund = StripeRefundFactory.create()
        for _ in range(2):
            count_outside(seen(refund, 2_500), NOW)

        assert counted(refund) == ("25.00 EUR", "25.00 EUR")
        assert OutsideRefund.objects.count() == 1

    def test_that_the_shop_told_of_is_not_counted_again(self) -> None:
        refund = StripeRefundFactory.create(
            tender__at_shop_minor=2_000, tender__refunded_minor=2_000
        )
        Order.objects.filter(pk=refund.order_id).update(refunded_minor=2_000)
        count_outside(seen(refund, 1_500), NOW)
        first = counted(refund)
        count_outside(seen(refund, 1_500, "re_2"), NOW)

        assert first == ("20.00 EUR", "20.00 EUR")
        assert counted(refund) == ("30.00 EUR", "30.00 EUR")

    def test_what_finds_no_room_is_kept_to_be_looked_at(self) -> None:
        refund = StripeRefundFactory.create(tender__refunded_minor=9_000)
        Order.objects.filter(pk=refund.order_id).update(refunded_minor=9_000)
        outside = count_outside(seen(refund, 2_500), NOW)

        assert outside is not None
        assert str(outside.uncounted) == "15.00 EUR"
        assert counted(refund) == ("100.00 EUR", "100.00 EUR")
        assert "a refund made at the provider passed the order's cap" in found(refund, "I-09")

    def test_of_no_order_is_none_of_ours(self) -> None:
        refund = StripeRefundFactory.create()
        OrderTender.objects.filter(order_id=refund.order_id).update(gateway="paypal")

        assert count_outside(seen(refund, 2_500), NOW) is None
        assert counted(refund) == ("0.00 EUR", "0.00 EUR")


class MapperTest:
    @pytest.mark.parametrize("currency", ["EUR", "JPY", "ISK", "MGA", "KWD"])
    def test_amount_there_and_back(self, currency: str) -> None:
        amount = Money(12_300, currency)

        assert from_stripe(to_stripe(amount), currency) == amount

    @pytest.mark.parametrize("row", [{}, {"source": "re_1", "amount": "x", "currency": "eur"}])
    def test_what_is_no_movement_is_no_answer(self, row: dict[str, object]) -> None:
        with pytest.raises(NoAnswer):
            movement_of(row)
