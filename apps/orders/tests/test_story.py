"""A return's whole life in the services, each figure worked out by hand.

The order: 2 T-shirts at 25.00, trousers at 50.00, 21 % included, 5.00 of shipping, by card.
"""

from datetime import datetime

import pytest

from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.orders import choices
from apps.orders.dtos import UnitDecision
from apps.orders.models import LineItem, Order
from apps.orders.modules.inventory.models import OutOfStock
from apps.orders.services import open_return
from apps.orders.services.opening import PaymentRequired
from apps.orders.tests.factories import (
    OrderFactory,
    ReturnReasonFactory,
    StockLevelFactory,
)
from apps.orders.tests.journeys import (
    CREDIT,
    ORIGINAL,
    asked,
    euros,
    opened,
    priced,
    quoted,
    settled,
    shown,
    swap,
    wish,
)

pytestmark = pytest.mark.django_db
ReturnStatus, Decision = choices.Return.Status, choices.ReturnLineItem.Decision


@pytest.fixture
def order() -> Order:
    order: Order = OrderFactory.create(with_shipping=True)
    return order


@pytest.fixture
def shirts(order: Order) -> LineItem:
    return order.lines.all()[0]


@pytest.fixture
def trousers(order: Order) -> LineItem:
    return order.lines.all()[1]


@pytest.fixture
def at() -> datetime:
    return clock.now()


def counters(line: LineItem) -> tuple[int, int, int, int]:
    line.refresh_from_db()
    return (
        line.returned_quantity,
        line.refunded_quantity,
        line.exchanged_quantity,
        line.refunded_minor,
    )


class FromQuoteToSettlementTest:
    def test_one_shirt_less_the_price_of_the_label(
        self, order: Order, shirts: LineItem, at: datetime
    ) -> None:
        method = priced("2.95", kind="own_label")
        quote = quoted(order, wish(shirts, comment="Too wide"), method=method)
        offer = shown(quote)

        # 25.00 - 2.95; 25.00 holds 4.34 of tax, and shipping stays with the last unit.
        assert offer.net == euros("22.05")
        assert offer.line_amounts[str(shirts.pk)].tax == euros("4.34")
        assert counters(shirts) == (0, 0, 0, 0)

        result = open_return(order, asked(quote, method=method), at)
        ret, (line,) = result.ret, result.lines
        assert (ret.status, ret.type, ret.net) == ("in_progress", "refund", euros("22.05"))
        assert ret.return_method == {"code": "post", "name": "Post", "kind": "own_label"}
        assert (line.amount, line.tax, line.comment) == (euros("25"), euros("4.34"), "Too wide")
        assert counters(shirts) == (1, 0, 0, 0)

        assert ret.ship(at)
        assert ret.receive(at)
        ret.decide([UnitDecision(line.pk, Decision.ACCEPTED)], at)
        assert ret.status == ReturnStatus.ACCEPTED
        assert ret.settle().as_json() == offer.as_json() == ret.breakdown
        order.refresh_from_db()
        assert order.refunded == order.tenders.get().refunded == euros("22.05")
        assert counters(shirts) == (1, 1, 0, 2500)
        assert [event.kind for event in ret.timeline.order_by("sequence")] == [
            "return.opened",
            "return.shipped",
            "return.received",
            "return.unit_decided",
            "return.accepted",
        ]

    def test_a_rejected_unit_is_not_paid_and_keeps_the_shipping_away(
        self, order: Order, shirts: LineItem, trousers: LineItem, at: datetime
    ) -> None:
        method = priced("2.95")
        ret = opened(order, wish(shirts, 2), wish(trousers), method=method)
        # 50.00 + 50.00 + 5.00 - 2.95
        assert ret.net == euros("102.05")

        ret.receive(at)
        shirt_line, trouser_line = ret.lines.all()
        ret.decide(
            [
                UnitDecision(trouser_line.pk, Decision.ACCEPTED),
                UnitDecision(shirt_line.pk, Decision.ACCEPTED, quantity=1),
                UnitDecision(shirt_line.pk, Decision.REJECTED, quantity=1, reason="Worn"),
            ],
            at,
        )
        # 25.00 + 50.00 - 2.95
        assert ret.status == ReturnStatus.PARTLY_ACCEPTED
        assert ret.settle().net == euros("72.05")
        assert (counters(shirts), counters(trousers)) == ((1, 1, 0, 2500), (1, 1, 0, 5000))
        order.refresh_from_db()
        assert (order.refunded, order.shipping_refunded) == (euros("72.05"), euros("0"))

    def test_shipping_goes_back_with_the_last_unit_of_two_returns(
        self, order: Order, shirts: LineItem, trousers: LineItem
    ) -> None:
        first = opened(order, wish(shirts, 2))
        assert settled(first).net == first.net == euros("50")
        second = opened(order, wish(trousers))
        assert settled(second).net == second.net == euros("55")

        order.refresh_from_db()
        assert order.refunded == order.captured == euros("105")
        assert order.shipping_refunded == euros("5")

    def test_three_units_of_ten_euros_in_two_returns(self) -> None:
        order = OrderFactory.create(lines=[{"quantity": 3, "total_minor": 1000}])
        line = order.lines.get()

        assert settled(opened(order, wish(line))).net == euros("3.33")
        assert settled(opened(order, wish(line, 2))).net == euros("6.67")
        assert counters(line) == (3, 3, 0, 1000)

    def test_one_line_wished_twice_is_split_to_the_cent(self) -> None:
        order = OrderFactory.create(lines=[{"quantity": 3, "total_minor": 1000}])
        line = order.lines.get()
        ret = opened(order, wish(line, comment="Torn"), wish(line, 2, comment="Too small"))

        # The tax in 10.00 is 1.74: 0.58 a unit.
        assert [(each.amount_minor, each.tax_minor) for each in ret.lines.all()] == [
            (333, 58),
            (667, 116),
        ]
        assert settled(ret).net == ret.net == euros("10")

    def test_a_reason_of_the_shop_waives_the_fee(self, order: Order, trousers: LineItem) -> None:
        ReturnReasonFactory.create(store=order.store, code="wrong", waives_fee=True)
        ret = opened(order, wish(trousers, reason="wrong"), method=priced("2.95"))

        assert ret.lines.get().waives_fees
        assert settled(ret).net == ret.net == euros("50")

    def test_each_parcel_has_its_fee(self, order: Order, trousers: LineItem) -> None:
        ret = opened(order, wish(trousers), method=priced("2.95", per_parcel=True))

        assert ret.net == euros("47.05")

    def test_settled_twice_is_claimed_once(self, order: Order, trousers: LineItem) -> None:
        ret = opened(order, wish(trousers))

        assert settled(ret).as_json() == ret.settle().as_json()
        order.refresh_from_db()
        assert order.refunded == euros("50")


class StoreCreditTest:
    def test_the_bonus_is_for_credit_only(self) -> None:
        store = StoreFactory.create(
            preferences__bonus_kind="percent", preferences__bonus_percent="10"
        )
        order = OrderFactory.create(store=store)
        trousers = order.lines.all()[1]
        quote = quoted(order, wish(trousers))
        # 50.00, and 10 % of it on top for credit
        assert (shown(quote, CREDIT).net, shown(quote).net) == (euros("55"), euros("50"))

        ret = open_return(order, asked(quote, CREDIT), clock.now()).ret
        assert ret.refund_method == CREDIT
        assert settled(ret).net == ret.net == euros("55")
        order.refresh_from_db()
        # The bonus was never paid in, so it is not counted as given back.
        assert order.refunded == euros("50")


class ExchangeTest:
    def test_cheaper_goods_are_held_and_the_rest_is_paid(
        self, order: Order, trousers: LineItem
    ) -> None:
        level = StockLevelFactory.create(store=order.store, price_minor=4000, on_hand=1)
        ret = opened(order, swap(trousers, level.variant_id))
        level.refresh_from_db()
        exchange = ret.exchanges.get()

        assert (ret.type, ret.net) == ("exchange", euros("10"))
        assert (level.on_hand, level.reserved, exchange.status) == (1, 1, "reserved")
        # 21 % within 40.00
        assert (exchange.price, exchange.tax) == (euros("40"), euros("6.94"))
        assert level.reservations.get().exchange_line_id == exchange.pk
        assert settled(ret).net == euros("10")
        order.refresh_from_db()
        # 10.00 in money and 40.00 in goods
        assert order.refunded == euros("50")
        assert counters(trousers) == (1, 1, 1, 5000)

    def test_dearer_goods_are_refused_while_nothing_can_be_collected(
        self, order: Order, trousers: LineItem, at: datetime
    ) -> None:
        level = StockLevelFactory.create(store=order.store, price_minor=6000)
        quote = quoted(order, swap(trousers, level.variant_id))
        assert shown(quote).due == euros("10")

        with pytest.raises(PaymentRequired) as refused:
            open_return(order, asked(quote), at)
        assert refused.value.details == {"due": {"amount": "10.00", "currency": "EUR"}}
        assert not order.returns.exists()
        quote.refresh_from_db()
        assert quote.used_at is None

    def test_out_of_stock_leaves_no_trace(
        self, order: Order, shirts: LineItem, trousers: LineItem, at: datetime
    ) -> None:
        level = StockLevelFactory.create(store=order.store, price_minor=2500, on_hand=1)
        quote = quoted(order, wish(trousers), swap(shirts, level.variant_id, 2))

        with pytest.raises(OutOfStock) as refused:
            open_return(order, asked(quote), at)
        assert refused.value.details == {"variant": level.variant_id, "asked": 2, "left": 1}
        assert not order.returns.exists()
        assert (counters(shirts), counters(trousers)) == ((0, 0, 0, 0), (0, 0, 0, 0))
        level.refresh_from_db()
        assert level.reserved == 0
        quote.refresh_from_db()
        assert quote.used_at is None

    def test_refund_and_exchange_make_a_mixed_return(
        self, order: Order, shirts: LineItem, trousers: LineItem
    ) -> None:
        level = StockLevelFactory.create(store=order.store, price_minor=5000)
        ret = opened(order, wish(shirts), swap(trousers, level.variant_id), by=ORIGINAL)

        assert (ret.type, ret.net) == ("mixed", euros("25"))
        assert settled(ret).net == euros("25")
        assert (counters(shirts), counters(trousers)) == ((1, 1, 0, 2500), (1, 1, 1, 5000))

    def test_tax_is_added_where_the_order_adds_it(self) -> None:
        order = OrderFactory.create(tax_included=False, lines=[{"unit_price_minor": 2420}])
        level = StockLevelFactory.create(store=order.store, price_minor=2000)
        ret = opened(order, swap(order.lines.get(), level.variant_id))

        # Paid 24.20 + 4.20 of tax; new 20.00 + 4.20 of tax.
        assert ret.exchanges.get().tax == euros("4.20")
        assert settled(ret).net == ret.net == euros("4.20")

    def test_goods_are_held_in_one_order_whatever_was_asked(
        self, order: Order, shirts: LineItem, trousers: LineItem
    ) -> None:
        """Two shoppers who want the same two variants never wait for each other."""
        for variant in ("b", "a"):
            StockLevelFactory.create(store=order.store, variant_id=variant)
        ret = opened(order, swap(shirts, "b"), swap(trousers, "a"))
        held = ret.exchanges.order_by("id").values_list("variant_id", flat=True)

        assert list(held) == ["a", "b"]
