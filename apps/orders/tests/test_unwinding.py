"""An instant return called off, given other goods, or left until its cover ends."""

from datetime import datetime, timedelta

import pytest

from apps.core import clock, findings
from apps.orders.dtos import MethodChoice
from apps.orders.mixins.unwinding import AdvancePaid
from apps.orders.models import ExchangeLineItem, Return
from apps.orders.services import advances, cover, open_return
from apps.orders.tests import instant as at_once
from apps.orders.tests.factories import StockLevelFactory
from apps.orders.tests.instant import (
    CONSENT,
    DROP_OFF,
    everything,
    instant,
    instant_order,
    kinds,
    parts,
    shortfalls,
    sums,
)
from apps.orders.tests.journeys import CREDIT, asked, euros, opened, quoted, swap
from apps.underwriting.models import ExposureHold, Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def _now() -> None:
    at_once.steps(("pay_now", 100))


@pytest.mark.usefixtures("_now")
class UnwindTest:
    def test_money_that_is_out_is_never_cancelled(self) -> None:
        ret = instant(instant_order())

        with pytest.raises(AdvancePaid):
            ret.cancel(clock.now())
        assert not ret.timeline.filter(kind="return.cancelled").exists()

    def test_taken_back_it_leaves_no_trace_in_the_caps(self) -> None:
        order = instant_order()
        ret = instant(order, by=CREDIT)
        ret.unwind(clock.now(), "Ordered twice")

        assert (ret.status, ret.settlement) == ("cancelled", None)
        assert sums(ret) == ("0.00", "0.00", "65.05", "0.00")
        order.refresh_from_db()
        assert order.refunded == order.tenders.get().refunded == euros("0")
        counted = [
            (line.returned_quantity, line.refunded_quantity, line.refunded_minor)
            for line in order.lines.all()
        ]
        assert counted == [(0, 0, 0), (0, 0, 0)]
        assert findings.find(clock.now(), ret.merchant_id) == []
        advances.free_exposure(ret.pk, clock.now())
        assert ExposureHold.objects.get().status == "released"
        assert not Outcome.objects.exists()

    def test_not_once_the_goods_travel(self) -> None:
        ret = instant(instant_order(), by=CREDIT)
        ret.ship(clock.now())

        with pytest.raises(AdvancePaid):
            ret.unwind(clock.now())

    @pytest.mark.parametrize("ordered", [False, True])
    def test_goods_that_were_not_handed_out_are_called_off(self, ordered: bool) -> None:
        ret, goods = _exchanged()
        if ordered:
            goods.place_order("shop-1")
        ret.cancel(clock.now())

        goods.refresh_from_db()
        assert (ret.status, goods.status) == ("cancelled", "cancelled")
        assert sums(ret) == ("0.00", "0.00", "50.00", "0.00")

    def test_not_once_they_are_handed_out(self) -> None:
        ret, goods = _exchanged()
        goods.place_order("shop-1")
        goods.fulfil()

        with pytest.raises(AdvancePaid):
            ret.cancel(clock.now())


@pytest.mark.usefixtures("_now")
class ExchangeTest:
    def test_goods_that_were_handed_out_are_owed(self) -> None:
        ret, goods = _exchanged()
        goods.place_order("shop-1")
        ret.reject_all("Worn", clock.now())

        assert sums(ret) == ("0.00", "50.00", "0.00", "0.00")

    def test_goods_that_never_left_are_not(self) -> None:
        ret, _ = _exchanged()
        ret.reject_all("Worn", clock.now())

        assert sums(ret) == ("0.00", "0.00", "0.00", "50.00")
        assert shortfalls(ret) == []
        assert findings.find(clock.now(), ret.merchant_id) == []

    def test_of_cheaper_goods_that_never_left_the_money_is_owed(self) -> None:
        """50.00 back for goods of 40.00: 10.00 are out."""
        ret, _ = _exchanged(price_minor=4000)
        ret.reject_all("Worn", clock.now())

        assert sums(ret) == ("0.00", "10.00", "0.00", "40.00")
        assert shortfalls(ret) == [("rejected", "10.00")]

    def test_goods_are_not_split(self) -> None:
        at_once.steps(("pay_now", 50))
        ret, _ = _exchanged()

        assert parts(ret) == [("pay_at_scan", "50.00", "waiting")]


@pytest.mark.usefixtures("_now")
class CoverTest:
    def test_the_merchant_is_warned_once(self) -> None:
        ret = instant(instant_order())
        assert cover.warn_of_ending_cover(days_on(ret, 24)) == 0
        assert cover.warn_of_ending_cover(days_on(ret, 25)) == 1
        assert cover.warn_of_ending_cover(days_on(ret, 26)) == 0
        assert kinds(ret)[-1] == "cover.ending"

    def test_undecided_units_are_accepted_on_day_30(self) -> None:
        ret = instant(instant_order())
        assert cover.end_covers(days_on(ret, 29)) == 0
        assert cover.end_covers(days_on(ret, 30)) == 1
        assert cover.end_covers(days_on(ret, 31)) == 0

        ret.refresh_from_db()
        assert ret.status == "accepted"
        assert sums(ret) == ("65.05", "0.00", "0.00", "0.00")

    def test_what_waited_for_goods_never_sent_stays(self) -> None:
        at_once.steps(("pay_now", 50))
        ret = instant(instant_order())
        cover.end_covers(days_on(ret, 30))

        assert parts(ret)[1] == ("pay_at_scan", "32.52", "cancelled")
        assert sums(ret) == ("32.53", "0.00", "0.00", "32.52")

    def test_of_goods_on_their_way_the_rest_is_paid(self) -> None:
        at_once.steps(("pay_now", 50))
        ret = instant(instant_order())
        ret.ship(clock.now(), scanned=False)
        cover.end_covers(days_on(ret, 30))

        assert sums(ret) == ("65.05", "0.00", "0.00", "0.00")

    def test_with_nothing_out_and_nothing_sent_it_is_cancelled(self) -> None:
        at_once.steps(("pay_at_scan", 100))
        ret = instant(instant_order())
        cover.end_covers(days_on(ret, 30))

        ret.refresh_from_db()
        assert ret.status == "cancelled"
        assert sums(ret) == ("0.00", "0.00", "0.00", "65.05")

    def test_a_standard_return_has_no_cover(self) -> None:
        order = instant_order()
        ret = opened(order, *everything(order), method=DROP_OFF)

        assert not ret.end_cover(days_on(ret, 40))
        assert not ret.warn_of_cover(days_on(ret, 40))


def days_on(ret: Return, days: int) -> datetime:
    return ret.requested_at + timedelta(days=days)


def _exchanged(price_minor: int = 5000) -> tuple[Return, ExchangeLineItem]:
    """50.00 for other goods, without a fee."""
    order = instant_order(5000)
    level = StockLevelFactory.create(store=order.store, price_minor=price_minor)
    free = MethodChoice(code="post_office", kind="drop_off")
    unit = swap(order.lines.get(), level.variant_id)
    quote = quoted(order, unit, method=free)
    ret = open_return(order, asked(quote, method=free, consent=CONSENT), clock.now()).ret
    return ret, ret.exchanges.get()
