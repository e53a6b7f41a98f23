"""An advance paid as credit of the shop: taken back there whole and unspent, or not at all.

65.05 is advanced for lines of 40.00 and 30.00 less a fee of 4.95.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.core import clock, findings
from apps.integrations.conftest import StartShop
from apps.integrations.models import PlatformAction
from apps.orders import tasks as orders
from apps.orders.mixins.unwinding import AdvancePaid
from apps.orders.models import Return
from apps.orders.services.writing_back_sending import send_action
from apps.orders.tests import instant as at_once
from apps.orders.tests.instant import decided, instant, instant_order, shortfalls, sums
from apps.orders.tests.journeys import CREDIT
from apps.payments import choices, services
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.models import Payment
from apps.payments.modules.ledger import services as ledger
from apps.payments.services.advances import AdvanceUnderWay
from apps.payments.services.unwinding import AdvanceSpent, CreditKept, CreditUnheard
from apps.payments.signals import receivers
from apps.payments.tests.shops import standing, tied
from fakes.shops.control import FakeShop

pytestmark = pytest.mark.django_db
Status = choices.Payment.Status
LATE = timedelta(hours=3)
GIVEN = {"refunds_granted": "70.00", "fees_withheld": "4.95", "shop_credit_liability": "65.05"}


@pytest.fixture(scope="class", autouse=True)
def _now(built_once: Callable[[Callable[[], None]], None]) -> None:
    built_once(lambda: at_once.steps(("pay_now", 100)))


@pytest.fixture
def shop(start_shop: StartShop, monkeypatch: pytest.MonkeyPatch) -> FakeShop:
    monkeypatch.setattr("apps.core.http._pause", lambda error, attempt: 0)
    return start_shop("fakes.custom")


@pytest.fixture
def ret(shop: FakeShop) -> Return:
    """65.05 of credit stand at the shop."""
    return advanced(shop)


def advanced(shop: FakeShop, **preferences: str) -> Return:
    order = instant_order()
    tied(order.store, shop)
    for name, value in preferences.items():
        setattr(order.store.preferences, name, value)
    order.store.preferences.save()
    ret = instant(order, by=CREDIT)
    for payment in promised(ret):
        services.send_payment(payment.pk, clock.now())
    return ret


def promised(ret: Return) -> list[Payment]:
    (part,) = at_once.advance_of(ret).parts.released()
    return services.promise_advance(part.pk, clock.now())


def spend(shop: FakeShop, cents: int = 1) -> None:
    shop.spend(shop.rows("credits")[0]["id"], cents)


def unwind(ret: Return) -> str:
    services.unwind_return(ret, "Ordered twice", clock.now())
    return str(ret.status)


def heard(late: timedelta = timedelta(0)) -> None:
    """What the worker sends to the shop, and what follows from its answer."""
    at = clock.now() + late
    for action in PlatformAction.objects.filter(kind="void_credit").order_by("pk"):
        send_action(action.pk, at)
        _, again = services.go_on_after_void(action.pk, at)
        for payment in again:
            services.send_payment(payment.pk, at)


def ended(ret: Return, *outcomes: str) -> None:
    ret.receive(clock.now())
    decided(ret, *outcomes)
    services.take_back_credit(ret.pk, clock.now())
    heard()
    services.post_end(ret.pk, clock.now())


def statuses(ret: Return) -> list[tuple[str, bool]]:
    rows = ShopCreditRefund.objects.for_return(ret)
    return [(row.status, row.voided_at is not None) for row in rows]


def balances(ret: Return) -> dict[str, str]:
    found = ledger.balances(ret.merchant)
    return {kind: f"{each.amount:f}" for (kind, _), each in found.items() if each}


def is_clean(ret: Return) -> bool:
    return findings.find(clock.now(), ret.merchant_id) == []


class UnwindTest:
    def test_unspent_it_is_voided_at_the_shop_first(self, shop: FakeShop, ret: Return) -> None:
        assert unwind(ret) == "cancelled"
        services.post_end(ret.pk, clock.now())

        assert standing(shop) == [(6505, 0)]
        assert statuses(ret) == [(Status.SUCCEEDED, True)]
        assert sums(ret) == ("0.00", "0.00", "65.05", "0.00")
        assert balances(ret) == {"credit_forfeited": "65.05", "refunds_granted": "65.05"}
        assert is_clean(ret)

    def test_one_cent_of_it_spent_nothing_changes(self, shop: FakeShop, ret: Return) -> None:
        spend(shop)
        for _ in range(2):
            with pytest.raises(AdvanceSpent):
                unwind(ret)

        assert ret.status == "in_progress"
        assert standing(shop) == [(6505, 6504)]
        assert balances(ret) == GIVEN

    def test_where_another_is_spent_what_was_taken_is_given_again(self, shop: FakeShop) -> None:
        """10 % of 65.05 come on top, 6.51; of the first one something was spent."""
        ret = advanced(shop, bonus_kind="percent", bonus_percent="10")
        spend(shop)
        with pytest.raises(AdvanceSpent):
            unwind(ret)

        assert standing(shop) == [(6505, 6504), (651, 0), (651, 651)]
        assert statuses(ret) == [
            (Status.SUCCEEDED, False),
            (Status.RETURNED, True),
            (Status.SUCCEEDED, False),
        ]
        assert balances(ret)["shop_credit_liability"] == "71.56"
        assert is_clean(ret)

    @pytest.mark.parametrize("mode", ["error_after", "reset_before"])
    def test_a_silent_shop_is_asked_again_and_then_it_is_called_off(
        self, shop: FakeShop, ret: Return, mode: str
    ) -> None:
        shop.mode(mode, effect="credit")
        with pytest.raises(CreditUnheard):
            unwind(ret)
        assert ret.status == "in_progress"
        heard(LATE)
        heard(LATE)

        ret.refresh_from_db()
        assert (ret.status, standing(shop)) == ("cancelled", [(6505, 0)])
        told = ret.timeline.get(kind="return.cancelled")
        assert told.payload["reason"] == "Ordered twice"
        assert ret.timeline.filter(kind="advance.unwound").count() == 1
        assert is_clean(ret)

    def test_shipped_before_the_shop_spoke_it_is_given_again(
        self, shop: FakeShop, ret: Return
    ) -> None:
        shop.mode("error_after", effect="credit")
        with pytest.raises(CreditUnheard):
            unwind(ret)
        ret.ship(clock.now())
        heard(LATE)

        assert standing(shop) == [(6505, 0), (6505, 6505)]
        assert balances(ret) == GIVEN
        assert is_clean(ret)

    def test_nothing_is_asked_where_it_cannot_be_called_off_anyway(
        self, shop: FakeShop, ret: Return
    ) -> None:
        ret.ship(clock.now())
        with pytest.raises(AdvancePaid):
            unwind(ret)

        assert not PlatformAction.objects.filter(kind="void_credit").exists()
        assert standing(shop) == [(6505, 6505)]

    def test_under_way_it_is_waited_for_and_not_sent_it_is_cancelled(self, shop: FakeShop) -> None:
        """10 % of 65.05 come on top; the first of the two was given, and nobody heard of it."""
        shop.mode("error_after", effect="credit")
        ret = advanced(shop, bonus_kind="percent", bonus_percent="10")
        with pytest.raises(AdvanceUnderWay):
            unwind(ret)
        assert standing(shop) == [(6505, 6505), (651, 651)]

        first = ShopCreditRefund.objects.get(status=Status.UNKNOWN)
        services.resolve_payment(first.pk, clock.now() + LATE)

        assert (unwind(ret), standing(shop)) == ("cancelled", [(6505, 0), (651, 0)])

    def test_a_shop_that_let_go_keeps_it(self, shop: FakeShop, ret: Return) -> None:
        ret.store.forget_credentials()

        with pytest.raises(CreditKept):
            unwind(ret)


class KeepTest:
    def test_unspent_nothing_is_owed(self, shop: FakeShop, ret: Return) -> None:
        services.keep_goods(ret, (), clock.now())

        ret.refresh_from_db()
        assert (ret.status, standing(shop)) == ("cancelled", [(6505, 0)])

    def test_spent_it_is_owed(self, shop: FakeShop, ret: Return) -> None:
        spend(shop)
        services.keep_goods(ret, (), clock.now())
        services.take_back_credit(ret.pk, clock.now())

        ret.refresh_from_db()
        assert ret.status == "rejected"
        assert shortfalls(ret) == [("changed_mind", "65.05")]


class ReclaimTest:
    def test_whole_and_unspent_it_is_voided_as_the_ears_have_it(
        self, shop: FakeShop, ret: Return
    ) -> None:
        ret.receive(clock.now())
        decided(ret, "rejected", "rejected")
        receivers.take_unused_credit_back(ret.timeline.get(kind="advance.reclaimed"))
        action = PlatformAction.objects.get(kind="void_credit")
        send_action(action.pk, clock.now())
        done = action.timeline.get(kind="platform_action.done")
        for _ in range(2):
            receivers.go_on_after_credit_was_voided(done)

        assert standing(shop) == [(6505, 0)]
        assert sums(ret) == ("0.00", "0.00", "65.05", "0.00")
        assert shortfalls(ret) == []
        assert is_clean(ret)

    def test_the_shop_takes_back_no_part_of_one(self, shop: FakeShop, ret: Return) -> None:
        """The 30.00 line is rejected: the rest of the credit is the shopper's by right."""
        ended(ret, "accepted", "rejected")

        assert standing(shop) == [(6505, 6505)]
        assert sums(ret) == ("35.05", "30.00", "0.00", "0.00")
        assert shortfalls(ret) == [("rejected", "30.00")]

    def test_spent_it_is_owed(self, shop: FakeShop, ret: Return) -> None:
        spend(shop)
        ended(ret, "rejected", "rejected")

        assert (standing(shop), sums(ret)[1]) == ([(6505, 6504)], "65.05")
        assert is_clean(ret)

    def test_the_advance_stays_open_until_the_shop_spoke(self, shop: FakeShop, ret: Return) -> None:
        shop.mode("error_after", effect="credit")
        ended(ret, "rejected", "rejected")
        assert at_once.advance_of(ret).ended_at is None
        assert services.take_back_credit(ret.pk, clock.now()) == []
        heard(LATE)

        assert (standing(shop), sums(ret)[2]) == ([(6505, 0)], "65.05")

    def test_a_shop_that_let_go_keeps_it_and_it_is_owed(self, shop: FakeShop, ret: Return) -> None:
        ret.store.forget_credentials()
        ended(ret, "rejected", "rejected")

        assert (standing(shop), sums(ret)[1]) == ([(6505, 6505)], "65.05")

    def test_voided_to_call_it_off_it_is_given_again_where_only_a_part_is_owed(
        self, shop: FakeShop, ret: Return
    ) -> None:
        shop.mode("error_after", effect="credit")
        with pytest.raises(CreditUnheard):
            unwind(ret)
        ended(ret, "accepted", "rejected")
        heard(LATE)
        services.send_payment(Payment.objects.get(status=Status.PENDING).pk, clock.now())

        assert standing(shop) == [(6505, 0), (6505, 6505)]
        assert sums(ret) == ("35.05", "30.00", "0.00", "0.00")

    def test_voided_too_late_it_is_given_again(self, shop: FakeShop, ret: Return) -> None:
        """Staff send the refused call again, after what was owed was settled without it."""
        spend(shop)
        ended(ret, "rejected", "rejected")
        shop.spend(shop.rows("credits")[0]["id"], -1)
        action = PlatformAction.objects.get(kind="void_credit")
        ShopCreditRefund.objects.update(kept_because="")
        orders.replay_action(action)
        heard(LATE)

        assert standing(shop) == [(6505, 0), (6505, 6505)]
        assert sums(ret)[1] == "65.05"
        assert is_clean(ret)
