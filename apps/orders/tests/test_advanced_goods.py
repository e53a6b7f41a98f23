"""The order of an instant exchange at the shop waits for what its advance waits for."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.core import clock
from apps.events.models import Event
from apps.orders.dtos import MethodChoice
from apps.orders.models import ExchangeLineItem, Return, StockLevel
from apps.orders.services import clockwork, cover, open_return
from apps.orders.signals import receivers
from apps.orders.tests import instant as at_once
from apps.orders.tests.factories import OrderFactory, StockLevelFactory
from apps.orders.tests.instant import CONSENT, parts
from apps.orders.tests.journeys import asked, quoted, swap
from apps.orders.tests.shops import ShopInMemory, connected_shop

pytestmark = [pytest.mark.django_db, pytest.mark.enable_signals]
PLACE = "create_exchange_order"
FREE_DROP_OFF = MethodChoice(code="post_office", name="Post office", kind="drop_off")

type Hearing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def heard(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Hearing:
    @contextmanager
    def listening() -> Iterator[None]:
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return listening


@pytest.fixture
def shop() -> ShopInMemory:
    return ShopInMemory()


@pytest.fixture
def swapped(
    monkeypatch: pytest.MonkeyPatch, shop: ShopInMemory, heard: Hearing
) -> Callable[[str], Return]:
    """50.00 for other goods of 50.00, of which the shelf has ten; all of it goes out at `rung`."""
    store = connected_shop(
        monkeypatch, shop, merchant__instant=True, merchant__exposure_cap_minor=1_000_000
    )
    order = OrderFactory.create(store=store, lines=[{"unit_price_minor": 5000}])
    level = StockLevelFactory.create(store=store, variant_id="large", price_minor=5000, on_hand=10)

    def opened(rung: str) -> Return:
        at_once.steps((rung, 100))
        unit = swap(order.lines.get(), level.variant_id)
        quote = quoted(order, unit, method=FREE_DROP_OFF)
        request = asked(quote, method=FREE_DROP_OFF, consent=CONSENT)
        with heard():
            return open_return(order, request, clock.now()).ret

    return opened


def asked_of(shop: ShopInMemory) -> list[str]:
    return [name for name, _ in shop.asked]


def goods(ret: Return) -> ExchangeLineItem:
    return ret.exchanges.get()


def shelf() -> tuple[int, int]:
    """On hand, and held."""
    level = StockLevel.objects.get(variant_id="large")
    return level.on_hand, level.reserved


def again(ret: Return, kind: str) -> None:
    for event in Event.objects.filter(subject_id=ret.pk, kind=kind):
        receivers.order_the_new_goods(event)


class AdvancedGoodsTest:
    def test_paid_now_it_is_ordered_at_opening_until_it_is_called_off(
        self, swapped: Callable[[str], Return], shop: ShopInMemory, heard: Hearing
    ) -> None:
        ret = swapped("pay_now")
        again(ret, "advance.released")

        assert asked_of(shop) == ["open_return", PLACE]
        assert goods(ret).status == "ordered"
        with heard():
            ret.cancel(clock.now())
        assert sorted(asked_of(shop)[2:]) == ["cancel_order", "close_return"]

    @pytest.mark.parametrize("rung", ["pay_at_scan", "pay_at_delivery"])
    def test_paid_later_it_is_ordered_then_and_once(
        self, rung: str, swapped: Callable[[str], Return], shop: ShopInMemory, heard: Hearing
    ) -> None:
        ret = swapped(rung)
        with heard():
            # The shopper's word alone lets nothing go.
            ret.ship(clock.now(), scanned=False)
        receivers.tell_the_shop_of_a_return(ret.timeline.get(kind="return.opened"))
        assert asked_of(shop) == ["open_return"]
        assert (goods(ret).status, shelf()) == ("reserved", (10, 1))

        with heard():
            if rung == "pay_at_scan":
                ret.ship(clock.now())
            else:
                ret.receive(clock.now())
        again(ret, "advance.released")

        assert parts(ret) == [(rung, "50.00", "released")]
        assert asked_of(shop) == ["open_return", PLACE]
        assert (goods(ret).status, shelf()) == ("ordered", (9, 0))

    def test_held_past_the_time_of_a_reservation(
        self, swapped: Callable[[str], Return], shop: ShopInMemory
    ) -> None:
        ret = swapped("pay_at_scan")
        clockwork.expire_reservations(clock.now() + timedelta(days=29))

        assert (goods(ret).status, shelf()) == ("reserved", (10, 1))

    @pytest.mark.parametrize("end", ["kept", "cancelled", "cover"])
    def test_never_released_it_is_never_ordered(
        self, end: str, swapped: Callable[[str], Return], shop: ShopInMemory, heard: Hearing
    ) -> None:
        ret = swapped("pay_at_scan")
        with heard():
            if end == "kept":
                ret.keep([], clock.now())
            elif end == "cancelled":
                ret.cancel(clock.now())
            else:
                cover.end_covers(ret.requested_at + timedelta(days=30))

        assert PLACE not in asked_of(shop)
        assert parts(ret) == [("pay_at_scan", "50.00", "cancelled")]
        assert (goods(ret).status, shelf()) == ("cancelled", (10, 0))

    def test_accepted_before_any_scan_it_is_ordered_with_the_rest(
        self, swapped: Callable[[str], Return], shop: ShopInMemory, heard: Hearing
    ) -> None:
        ret = swapped("pay_at_delivery")
        with heard():
            ret.accept_all(clock.now())

        assert asked_of(shop).count(PLACE) == 1
        assert goods(ret).status == "ordered"
