"""What time does to returns, each job twice: the second time nothing is left to do."""

from datetime import datetime, timedelta

import pytest

from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.events.models import JobRun
from apps.orders import choices, tasks
from apps.orders.dtos import UnitDecision
from apps.orders.models import Order, Return, StockLevel
from apps.orders.services import clockwork
from apps.orders.tests.factories import (
    OrderFactory,
    ReturnFactory,
    StockLevelFactory,
    StockReservationFactory,
)
from apps.orders.tests.journeys import CREDIT, DAY, euros, opened, priced, settled, swap, wish

pytestmark = pytest.mark.django_db


def units(order: Order) -> list[int]:
    return [line.returned_quantity for line in order.lines.all()]


def kinds(ret: Return) -> list[str]:
    return [event.kind for event in ret.timeline.order_by("sequence")]


@pytest.fixture
def order() -> Order:
    order: Order = OrderFactory.create()
    return order


@pytest.fixture
def ret(order: Order) -> Return:
    """Both T-shirts, opened now."""
    return opened(order, wish(order.lines.all()[0], 2))


@pytest.fixture
def today(ret: Return) -> datetime:
    return ret.requested_at


class ReminderTest:
    def test_on_day_fifteen_and_once(self, ret: Return, today: datetime) -> None:
        assert clockwork.remind_not_shipped(today + 15 * DAY - timedelta(seconds=1)) == 0
        assert clockwork.remind_not_shipped(today + 15 * DAY) == 1
        assert clockwork.remind_not_shipped(today + 16 * DAY) == 0
        ret.refresh_from_db()
        assert ret.reminded_at == today + 15 * DAY
        assert kinds(ret) == ["return.opened", "return.reminded"]

    def test_not_for_what_is_on_its_way_or_over(self, ret: Return, today: datetime) -> None:
        ret.ship(today)
        cancelled = opened(ret.order, wish(ret.order.lines.all()[1]))
        cancelled.cancel(today)

        assert clockwork.remind_not_shipped(today + 20 * DAY) == 0

    def test_not_when_it_left_meanwhile(self, ret: Return, today: datetime) -> None:
        stale = Return.objects.get(pk=ret.pk)
        ret.ship(today)

        assert stale.remind(today + 15 * DAY) is False
        assert kinds(ret)[-1] == "return.shipped"


class CancellationTest:
    def test_on_day_twenty_eight_and_the_units_are_free(
        self, ret: Return, order: Order, today: datetime
    ) -> None:
        assert units(order) == [2, 0]
        assert clockwork.cancel_not_shipped(today + 28 * DAY - timedelta(seconds=1)) == 0
        assert clockwork.cancel_not_shipped(today + 28 * DAY) == 1
        assert clockwork.cancel_not_shipped(today + 29 * DAY) == 0
        ret.refresh_from_db()
        assert (ret.status, units(order)) == ("cancelled", [0, 0])
        event = ret.timeline.order_by("sequence").last()
        assert event
        assert (event.kind, event.payload["reason"]) == ("return.cancelled", "not_shipped")
        assert opened(order, wish(order.lines.all()[0], 2)).net == euros("50")

    def test_after_the_days_of_the_store(self) -> None:
        store = StoreFactory.create(preferences__not_shipped_cancel_days=3)
        order = OrderFactory.create(store=store)
        ret = opened(order, wish(order.lines.all()[1]))

        assert clockwork.cancel_not_shipped(ret.requested_at + 3 * DAY) == 1

    def test_one_that_left_meanwhile_is_passed_by(self, ret: Return, today: datetime) -> None:
        stale = Return.objects.get(pk=ret.pk)
        ret.ship(today)

        assert stale.lapse(today + 28 * DAY) is False
        ret.refresh_from_db()
        assert ret.status == "shipped"
        assert clockwork.cancel_not_shipped(today + 28 * DAY) == 0

    def test_one_with_accepted_units_is_left_to_the_staff(
        self, ret: Return, order: Order, today: datetime
    ) -> None:
        accepted = choices.ReturnLineItem.Decision.ACCEPTED
        ret.decide([UnitDecision(ret.lines.get().pk, accepted, quantity=1)], today)
        other = opened(order, wish(order.lines.all()[1]))

        assert clockwork.cancel_not_shipped(today + 29 * DAY) == 1
        ret.refresh_from_db()
        other.refresh_from_db()
        assert (ret.status, other.status) == ("in_progress", "cancelled")
        assert clockwork.cancel_not_shipped(today + 29 * DAY) == 0

    def test_the_time_begins_when_a_request_is_approved(self) -> None:
        store = StoreFactory.create(preferences__with_approval_by_hand=True)
        order = OrderFactory.create(store=store)
        ret = opened(order, wish(order.lines.all()[1]))
        asked = ret.requested_at
        assert clockwork.cancel_not_shipped(asked + 40 * DAY) == 0
        ret.approve(asked + 27 * DAY)

        assert clockwork.cancel_not_shipped(asked + 28 * DAY) == 0
        assert clockwork.remind_not_shipped(asked + 42 * DAY) == 1
        assert clockwork.cancel_not_shipped(asked + 55 * DAY) == 1

    def test_goods_that_the_shopper_keeps_are_never_missed(self, order: Order) -> None:
        trousers = order.lines.all()[1]
        ret = opened(order, wish(trousers), method=priced("0", keeps_goods=True))

        assert ret.expires_at is None
        assert clockwork.remind_not_shipped(ret.requested_at + 90 * DAY) == 0
        assert clockwork.cancel_not_shipped(ret.requested_at + 90 * DAY) == 0

    def test_kept_goods_held_for_approval_stay_without_an_end(self) -> None:
        store = StoreFactory.create(preferences__with_approval_by_hand=True)
        order = OrderFactory.create(store=store)
        method = priced("0", keeps_goods=True)
        ret = opened(order, wish(order.lines.all()[1]), method=method)
        ret.approve(ret.requested_at + DAY)

        assert ret.expires_at is None

    def test_instant_ones_are_not_cancelled_by_time(self, order: Order) -> None:
        at = clock.now()
        ReturnFactory.create(order=order, instant=True, expires_at=at)

        assert clockwork.cancel_not_shipped(at + 90 * DAY) == 0


class ReservationTest:
    @pytest.fixture
    def level(self, order: Order) -> StockLevel:
        level: StockLevel = StockLevelFactory.create(store=order.store, price_minor=4000, on_hand=1)
        return level

    @pytest.fixture
    def exchange(self, order: Order, level: StockLevel) -> Return:
        """Trousers for goods of 40.00; 10.00 would be paid."""
        return opened(order, swap(order.lines.all()[1], level.variant_id))

    def test_over_the_goods_go_back_and_the_refund_pays(
        self, exchange: Return, level: StockLevel
    ) -> None:
        until = exchange.requested_at + 28 * DAY
        assert exchange.net == euros("10")
        assert clockwork.expire_reservations(until - timedelta(seconds=1)) == 0
        assert clockwork.expire_reservations(until) == 1
        assert clockwork.expire_reservations(until + DAY) == 0
        level.refresh_from_db()
        assert (level.on_hand, level.reserved) == (1, 0)
        assert exchange.exchanges.get().status == "replaced"
        exchange.refresh_from_db()
        assert exchange.refund_method == "original"
        assert kinds(exchange)[-2:] == ["exchange.out_of_stock", "exchange.replaced"]
        assert settled(exchange).net == euros("50")

    def test_credit_is_paid_where_the_shopper_chose_it(
        self, order: Order, level: StockLevel
    ) -> None:
        ret = opened(order, swap(order.lines.all()[1], level.variant_id, fallback="credit"))
        assert clockwork.expire_reservations(ret.requested_at + 28 * DAY) == 1
        ret.refresh_from_db()

        assert ret.refund_method == CREDIT
        assert kinds(ret)[-1] == "return.refund_method_changed"
        result = settled(ret)
        assert (result.net, result.destination) == (euros("50"), "credit")

    def test_in_a_mixed_return_the_other_units_keep_their_way(
        self, order: Order, level: StockLevel
    ) -> None:
        shirts, trousers = order.lines.all()
        ret = opened(order, wish(shirts), swap(trousers, level.variant_id, fallback="credit"))
        assert clockwork.expire_reservations(ret.requested_at + 28 * DAY) == 1
        ret.refresh_from_db()

        assert ret.refund_method == "original"
        assert settled(ret).net == euros("75")

    def test_what_was_settled_as_goods_stays_held(
        self, exchange: Return, level: StockLevel
    ) -> None:
        settled(exchange)

        assert clockwork.expire_reservations(exchange.requested_at + 40 * DAY) == 0
        level.refresh_from_db()
        assert level.reserved == 1
        exchange.exchanges.get().place_order("gid://order/1")
        level.refresh_from_db()
        assert (level.on_hand, level.reserved) == (0, 0)

    def test_settled_or_ordered_at_that_moment_it_is_passed_by(
        self, exchange: Return, order: Order
    ) -> None:
        late = exchange.requested_at + 28 * DAY
        stale = exchange.exchanges.select_related("ret__order", "merchant").get()
        ordered = StockLevelFactory.create(store=order.store, price_minor=2500)
        other = opened(order, swap(order.lines.all()[0], ordered.variant_id))
        stale_other = other.exchanges.select_related("ret__order", "merchant").get()
        settled(exchange)
        other.exchanges.get().place_order("gid://order/1")

        assert clockwork.fell_back(stale, late) is False
        assert clockwork.fell_back(stale_other, late) is False
        assert exchange.exchanges.get().status == "reserved"
        assert other.exchanges.get().status == "ordered"

    def test_cancelled_returns_hold_nothing(self, exchange: Return, level: StockLevel) -> None:
        exchange.cancel(exchange.requested_at)
        level.refresh_from_db()

        assert level.reserved == 0
        assert exchange.exchanges.get().status == "cancelled"
        assert clockwork.expire_reservations(exchange.requested_at + 28 * DAY) == 0

    def test_a_reservation_of_nothing_known_just_ends(self) -> None:
        reservation = StockReservationFactory.create()

        assert clockwork.expire_reservations(reservation.expires_at) == 1
        reservation.refresh_from_db()
        reservation.level.refresh_from_db()
        assert (reservation.status, reservation.level.reserved) == ("expired", 0)
        assert clockwork.expire_reservations(reservation.expires_at) == 0


class WatchReturnsTest:
    def test_one_slot_is_one_run(self, ret: Return) -> None:
        with clock.moved(15 * DAY):
            first, second = tasks.watch_returns(), tasks.watch_returns()

        assert (first, second) == (1, None)
        assert JobRun.objects.filter(job="watch_returns").count() == 1

    def test_the_next_hour_finds_nothing_more(self, ret: Return) -> None:
        with clock.moved(29 * DAY):
            assert tasks.watch_returns() == 2
        with clock.moved(29 * DAY + timedelta(hours=1)):
            assert tasks.watch_returns() == 0
        ret.refresh_from_db()
        assert kinds(ret) == ["return.opened", "return.reminded", "return.cancelled"]

    def test_a_job_that_is_gone_is_no_error(self) -> None:
        tasks.import_orders("01a2144e-efb0-75ed-8f35-36db49f308df")

        assert not Order.objects.exists()
