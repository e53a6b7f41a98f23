"""Days against the provider's balance report, and refunds that the provider made without us.

What every provider's report must bring about stands in the contract of the gateways.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.core.money import Money
from apps.orders.models import Order, OrderTender
from apps.payments import services, tasks
from apps.payments.dtos import BalanceReport, Movement, OutsideSeen
from apps.payments.gateways.stripe.mappers import from_stripe, to_stripe
from apps.payments.gateways.stripe.models import StripeRefund
from apps.payments.models import OutsideRefund
from apps.payments.services import balances
from apps.payments.services.outside import count_outside
from apps.payments.services.reported import reported_accounts
from apps.payments.tests.contract import NOON, days
from apps.payments.tests.factories import StripeRefundFactory

pytestmark = pytest.mark.django_db
NOW = NOON + timedelta(days=1)
# Under way, or failed, at us; at the provider it left, and perhaps came back.
OUT = Movement("re_1", Money(-6_000, "EUR"), NOON)
BACK = replace(OUT, amount=Money(6_000, "EUR"))


class UnbookedTest:
    """What is in no book of ours yet, or was never to be: as it was sent, it is known."""

    @pytest.mark.parametrize(
        ("status", "movements", "booked"),
        [
            ("processing", [OUT], "-60.00 EUR"),
            ("processing", [replace(OUT, amount=Money(-6_001, "EUR"))], "-60.00 EUR"),
            ("failed", [OUT, BACK], "0.00 EUR"),
            ("failed", [OUT], "0.00 EUR"),
        ],
    )
    def test_day(
        self,
        status: str,
        movements: list[Movement],
        booked: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        refund = StripeRefundFactory.create(provider_ref="re_1", status=status)
        report = BalanceReport(NOW, tuple(movements), ())
        heard: list[Movement] = []
        (account,) = reported_accounts()
        told = replace(
            account, read=lambda *_: report, take=lambda movement, _: heard.append(movement)
        )
        monkeypatch.setattr(balances, "reported_accounts", lambda: [told])
        services.match_balances(NOW)

        said = Money.total((each.amount for each in movements), "EUR")
        assert days(refund) == [(str(said), booked)]
        assert heard == movements

    def test_nobody_reports_twice_a_day(self) -> None:
        assert [tasks.match_balances() for _ in range(2)] == [0, None]


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
        found = [each.what for each in services.reconcile(refund.merchant)]
        assert "a refund made at the provider passed the order's cap" in found

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
