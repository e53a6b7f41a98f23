from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.accounts.models import Store
from apps.core import findings
from apps.core.http import OutcomeUnknown
from apps.integrations import choices
from apps.integrations.choices import Capability
from apps.integrations.models import PlatformAction
from apps.integrations.returns_helper import ReturnsHelper
from apps.orders import tasks
from apps.orders.dtos import UnitDecision
from apps.orders.models import Order, Return
from apps.orders.modules.advances.tests.factories import AdvanceFactory, AdvancePartFactory
from apps.orders.services.writing_back import (
    tell_of_cancelled_goods,
    tell_of_decision,
    tell_of_end,
    tell_of_opening,
    tell_of_request,
)
from apps.orders.services.writing_back_sending import send_action, send_due
from apps.orders.tests.factories import OrderFactory, ReturnFactory, StockReservationFactory
from apps.orders.tests.shops import AT, ShopInMemory, connected_shop

Kind, Status = choices.PlatformAction.Kind, choices.PlatformAction.Status
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> ShopInMemory:
    return ShopInMemory()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, shop: ShopInMemory) -> Store:
    return connected_shop(monkeypatch, shop)


@pytest.fixture
def order(store: Store) -> Order:
    """Two T-shirts and trousers, known to the shop as `gid-1` with lines `l-1` and `l-2`."""
    lines: list[dict[str, Any]] = [
        {"external_id": "l-1", "variant_id": "shirt", "quantity": 2, "unit_price_minor": 2500},
        {"external_id": "l-2", "variant_id": "trousers", "unit_price_minor": 5000},
    ]
    return OrderFactory.create(store=store, external_id="gid-1", lines=lines)


def actions(ret: Return) -> list[tuple[str, str]]:
    mine = PlatformAction.objects.for_store(ret.store).filter(ret_id=ret.pk)
    return list(mine.order_by("id").values_list("kind", "status"))


def action(ret: Return, kind: str) -> PlatformAction:
    return PlatformAction.objects.get(ret_id=ret.pk, kind=kind)


def about(time: timedelta) -> int:
    """Whole seconds: a sweep takes each action at the time that it is then."""
    return time // timedelta(seconds=1)


def swapped(order: Order, **named: Any) -> Return:
    """One T-shirt for a large one, which is held; of an instant return it is advanced."""
    line = order.lines.get(external_id="l-1")
    wish = {"line_item": line, "exchange": {"variant_id": "shirt-l"}}
    ret = ReturnFactory.create(order=order, lines=[wish], **named)
    goods = ret.exchanges.get()
    goods.hold()
    StockReservationFactory.create(
        merchant=ret.merchant, level__store=ret.store, exchange_line_id=goods.pk
    )
    if ret.mode == "instant":
        advance = AdvanceFactory.create(ret=ret, amount_minor=2500)
        AdvancePartFactory.create(advance=advance, status="released", released_at=AT)
    return ret


def both() -> list[str]:
    """Goods that the shopper got, or will get, beside their value."""
    found = findings.find(AT)
    return [each.subject for each in found if each.query == "orders.goods_and_their_value"]


class InLineTest:
    def test_what_waited_behind_it_is_sent_at_once(self, order: Order) -> None:
        ret = ReturnFactory.create(order=order)
        (opening,) = tell_of_opening(ret.pk, AT)
        ret.receive(AT)
        ret.lines.update(disposition="restocked")
        ret.accept_all(AT)
        for early in tell_of_decision(ret.pk, AT):
            assert tasks.send_platform_action(str(early)) == Status.PENDING

        assert tasks.send_platform_action(str(opening)) == Status.DONE
        assert actions(ret) == [
            (Kind.OPEN_RETURN, Status.DONE),
            (Kind.RESTOCK, Status.DONE),
            (Kind.RESTOCK, Status.DONE),
            (Kind.CLOSE_RETURN, Status.DONE),
        ]


class OpeningTest:
    def test_a_return_is_opened_at_the_shop_once(self, order: Order, shop: ShopInMemory) -> None:
        ret = ReturnFactory.create(order=order)
        tell_of_opening(ret.pk, AT)
        tell_of_opening(ret.pk, AT)
        assert send_due(AT) == 1
        assert send_due(AT) == 0
        (asked,) = shop.calls("open_return")

        assert (asked.order_id, asked.note, asked.is_request) == ("gid-1", ret.number, False)
        assert [(each.line_id, each.quantity) for each in asked.lines] == [("l-1", 2), ("l-2", 1)]
        done = action(ret, Kind.OPEN_RETURN)
        assert (done.status, done.external_id, done.reference) == (
            Status.DONE,
            "R-1",
            f"open-return-{ret.pk.hex}",
        )
        assert asked.reference == done.reference
        assert [event.kind for event in done.timeline] == ["platform_action.done"]

    def test_a_request_is_approved_there(self, order: Order, shop: ShopInMemory) -> None:
        ret = ReturnFactory.create(order=order, requested=True)
        tell_of_request(ret.pk, AT)
        tell_of_opening(ret.pk, AT)
        send_due(AT)
        assert shop.returns == {"R-1": "requested"}
        send_due(AT)

        assert shop.calls("open_return")[0].is_request
        assert shop.returns == {"R-1": "open"}

    def test_a_request_is_declined_there(self, order: Order, shop: ShopInMemory) -> None:
        ret = ReturnFactory.create(order=order, requested=True)
        tell_of_request(ret.pk, AT)
        send_due(AT)
        ret.refuse("Worn", AT)
        tell_of_end(ret.pk, AT)
        send_due(AT)

        assert shop.returns == {"R-1": "declined"}

    def test_where_requests_are_unknown_the_shop_hears_of_the_approval(
        self, order: Order, shop: ShopInMemory
    ) -> None:
        shop.capabilities = frozenset({Capability.RETURNS})
        ret = ReturnFactory.create(order=order)

        assert tell_of_request(ret.pk, AT) == []
        assert len(tell_of_opening(ret.pk, AT)) == 1

    def test_a_shop_without_returns_gets_a_note(self, order: Order, shop: ShopInMemory) -> None:
        shop.capabilities = frozenset({Capability.NOTES})
        ret = ReturnFactory.create(order=order)
        tell_of_opening(ret.pk, AT)
        send_due(AT)

        assert shop.calls("add_note") == [
            ("gid-1", f"Return {ret.number} opened: 2 x T-shirt, 1 x T-shirt")
        ]

    def test_what_the_platform_cannot_do_stands_there_with_why(
        self, order: Order, shop: ShopInMemory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop.capabilities = frozenset()
        shop.why_not = {Capability.RETURNS: "The shop keeps no returns."}
        monkeypatch.setattr(
            "apps.orders.tests.shops.ConnectorInMemory.why_not", shop.why_not, raising=False
        )
        ret = ReturnFactory.create(order=order)

        assert tell_of_opening(ret.pk, AT) == []
        told = action(ret, Kind.OPEN_RETURN)
        assert (told.status, told.code, told.why) == (
            Status.NOT_OFFERED,
            "not_offered",
            "The shop keeps no returns.",
        )
        assert send_due(AT) == 0

    def test_a_store_without_a_shop_writes_nothing(self) -> None:
        ret = ReturnFactory.create()
        for tell in (tell_of_request, tell_of_opening, tell_of_decision, tell_of_end):
            assert tell(ret.pk, AT) == []
        assert not PlatformAction.objects.exists()


class DecisionTest:
    def decided(self, order: Order) -> Return:
        """The shirts back into stock, the trousers not."""
        ret = ReturnFactory.create(order=order)
        tell_of_opening(ret.pk, AT)
        send_due(AT)
        ret.receive(AT)
        shirts, trousers = ret.lines.order_by("line_item__position")
        accepted = (
            UnitDecision(shirts.pk, "accepted", disposition="restocked"),
            UnitDecision(trousers.pk, "accepted", disposition="not_restocked"),
        )
        ret.decide(accepted, AT)
        tell_of_decision(ret.pk, AT)
        tell_of_decision(ret.pk, AT)
        return ret

    def test_accepted_goods_go_back_into_stock_once_and_the_return_is_closed(
        self, order: Order, shop: ShopInMemory
    ) -> None:
        ret = self.decided(order)
        assert send_due(AT) == 1
        assert send_due(AT) == 1
        assert send_due(AT) == 0
        (move,) = shop.calls("restock")

        assert (move.variant_id, move.quantity, move.order_id) == ("shirt", 2, "gid-1")
        assert actions(ret) == [
            ("open_return", "done"),
            ("restock", "done"),
            ("close_return", "done"),
        ]
        assert shop.returns == {"R-1": "closed"}

    def test_not_where_the_refund_restocks_them(self, order: Order, shop: ShopInMemory) -> None:
        shop.helper = ReturnsHelper(restocks_with_refund=True)
        ret = self.decided(order)

        assert [kind for kind, _ in actions(ret)] == ["open_return", "close_return"]

    def test_a_cancelled_return_is_closed(self, order: Order, shop: ShopInMemory) -> None:
        ret = ReturnFactory.create(order=order)
        tell_of_opening(ret.pk, AT)
        send_due(AT)
        ret.cancel(AT)
        tell_of_end(ret.pk, AT)
        send_due(AT)

        assert shop.returns == {"R-1": "closed"}

    def test_the_shop_never_hears_of_one_that_ended_first(
        self, order: Order, shop: ShopInMemory
    ) -> None:
        ret = ReturnFactory.create(order=order)
        tell_of_opening(ret.pk, AT)
        ret.cancel(AT)
        tell_of_end(ret.pk, AT)

        assert actions(ret) == [("open_return", "dropped")]
        assert send_due(AT) == 0


class ExchangeTest:
    def test_accepted_it_is_ordered_at_the_shop(self, order: Order, shop: ShopInMemory) -> None:
        ret = swapped(order)
        ret.receive(AT)
        assert tell_of_decision(ret.pk, AT) == []
        ret.accept_all(AT)
        tell_of_decision(ret.pk, AT)
        send_due(AT)
        goods = ret.exchanges.get()
        (asked,) = shop.calls("create_exchange_order")

        assert (goods.status, goods.platform_order_id) == ("ordered", "X-1")
        assert (asked.origin_id, asked.email, asked.address.city) == (
            "gid-1",
            order.email,
            "Bilbao",
        )
        (line,) = asked.lines
        assert (line.variant_id, line.quantity, line.price.minor) == ("shirt-l", 1, 2500)

    def test_an_instant_one_is_ordered_at_once(self, order: Order, shop: ShopInMemory) -> None:
        ret = swapped(order, instant=True)
        tell_of_opening(ret.pk, AT)
        send_due(AT)
        send_due(AT)

        assert actions(ret) == [("open_return", "done"), ("place_exchange", "done")]
        assert ret.exchanges.get().status == "ordered"

    def test_out_of_stock_it_is_replaced_by_money(self, order: Order, shop: ShopInMemory) -> None:
        shop.sold_out = {"shirt-l"}
        ret = swapped(order, instant=True)
        tell_of_opening(ret.pk, AT)
        send_due(AT)
        send_due(AT)
        told = action(ret, Kind.PLACE_EXCHANGE)

        assert (told.status, told.code) == (Status.FAILED, "out_of_stock")
        assert ret.exchanges.get().status == "replaced"
        assert [event.kind for event in told.timeline] == ["platform_action.failed"]

    def test_of_a_settled_return_their_value_is_paid_and_never_the_goods(
        self, order: Order, shop: ShopInMemory
    ) -> None:
        shop.sold_out = {"shirt-l"}
        ret = swapped(order)
        ret.receive(AT)
        ret.accept_all(AT)
        ret.settle()
        tell_of_decision(ret.pk, AT)
        send_due(AT)

        goods = ret.exchanges.get()
        assert goods.status == "replaced"
        assert goods.replacement is not None
        assert goods.replacement["refund"] == {"amount": "25.00", "currency": "EUR"}

        shop.sold_out = set()
        placing = action(ret, Kind.PLACE_EXCHANGE)
        placing.replay(AT)
        told = send_action(placing.pk, AT)
        assert (told.status, told.code) == (Status.FAILED, "replaced")
        assert len(shop.calls("create_exchange_order")) == 1

    def test_ordered_all_the_same_it_is_cancelled(self, order: Order, shop: ShopInMemory) -> None:
        ret = swapped(order, instant=True)
        tell_of_opening(ret.pk, AT)
        send_due(AT)
        goods = ret.exchanges.get()
        placing = action(ret, Kind.PLACE_EXCHANGE)
        shop.after = [OutcomeUnknown("shop", "cut off")]
        send_action(placing.pk, AT)
        goods.run_out()
        goods.replace()
        send_due(AT + HOUR)
        assert both() == [str(goods.pk)]

        send_due(AT + 2 * HOUR)

        assert shop.calls("cancel_order") == ["X-2"]
        assert both() == []

    def test_called_off_its_order_is_cancelled(self, order: Order, shop: ShopInMemory) -> None:
        ret = swapped(order, instant=True)
        tell_of_opening(ret.pk, AT)
        send_due(AT)
        send_due(AT)
        goods = ret.exchanges.get()
        goods.cancel()
        tell_of_cancelled_goods(goods.pk, AT)
        send_due(AT)

        assert shop.calls("cancel_order") == ["X-2"]

    def test_called_off_while_it_was_ordered_its_order_is_cancelled(
        self, order: Order, shop: ShopInMemory
    ) -> None:
        ret = swapped(order, instant=True)
        tell_of_opening(ret.pk, AT)
        send_due(AT)
        placing = action(ret, Kind.PLACE_EXCHANGE)
        shop.after = [OutcomeUnknown("shop", "cut off")]
        send_action(placing.pk, AT)
        goods = ret.exchanges.get()
        goods.cancel()
        tell_of_cancelled_goods(goods.pk, AT)
        assert send_due(AT) == 0
        send_due(AT + HOUR)
        send_due(AT + HOUR)

        assert ret.exchanges.get().status == "cancelled"
        assert shop.calls("cancel_order") == ["X-2"]

    def test_before_it_was_sent_it_is_dropped(self, order: Order, shop: ShopInMemory) -> None:
        ret = swapped(order, instant=True)
        tell_of_opening(ret.pk, AT)
        goods = ret.exchanges.get()
        goods.cancel()

        assert tell_of_cancelled_goods(goods.pk, AT) == []
        assert actions(ret)[1] == ("place_exchange", "dropped")
        assert tell_of_cancelled_goods(swapped(order).exchanges.get().pk, AT) == []


@pytest.mark.enable_signals
class EarTest:
    @pytest.fixture
    def heard(self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Any:
        @contextmanager
        def listening() -> Iterator[None]:
            with django_capture_on_commit_callbacks(execute=True):
                yield

        return listening

    def test_from_the_request_to_the_end(
        self, heard: Any, order: Order, shop: ShopInMemory
    ) -> None:
        with heard():
            ret = ReturnFactory.create(order=order, requested=True)
            ret.record("return.requested")
        with heard():
            ret.approve(AT)
        with heard():
            ret.receive(AT)
            ret.accept_all(AT)

        assert [name for name, _ in shop.asked] == ["open_return", "approve_return", "close_return"]
        assert shop.returns == {"R-1": "closed"}
