from datetime import UTC, datetime
from decimal import Decimal

import pytest

from apps.core.status import IllegalTransition
from apps.orders.models import ExchangeLineItem, Return
from apps.orders.tests.factories import (
    ExchangeLineItemFactory,
    StockReservationFactory,
)

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


def kinds(ret: Return) -> list[str]:
    return [event.kind for event in ret.timeline.order_by("sequence")]


def held(quantity: int = 1) -> tuple[ExchangeLineItem, Return]:
    """Goods on hand 10, held for an exchange line."""
    line = ExchangeLineItemFactory.create()
    line.hold()
    StockReservationFactory.create(
        merchant=line.merchant,
        level__store=line.ret.store,
        exchange_line_id=line.pk,
        quantity=quantity,
    )
    return line, line.ret


def stock(ret: Return) -> tuple[int, int]:
    level = ret.store.stock.get()
    return level.on_hand, level.reserved


@pytest.mark.django_db
class ExchangeLineTest:
    def test_from_the_shelf_to_the_shopper(self) -> None:
        line, ret = held()
        assert stock(ret) == (10, 1)
        line.place_order("gid://order/1")
        assert stock(ret) == (9, 0)
        line.fulfil()
        line.refresh_from_db()
        assert (line.status, line.platform_order_id) == ("fulfilled", "gid://order/1")
        assert kinds(ret) == ["exchange.reserved", "exchange.ordered", "exchange.fulfilled"]
        with pytest.raises(IllegalTransition):
            line.cancel()
        assert str(line) == "1 x T-shirt, L"

    def test_out_of_stock_it_is_replaced_by_money(self) -> None:
        line, ret = held()
        line.run_out()
        line.replace()
        assert stock(ret) == (10, 0)
        assert kinds(ret)[1:] == ["exchange.out_of_stock", "exchange.replaced"]

    def test_cancelled_it_gives_the_goods_back(self) -> None:
        line, ret = held()
        line.cancel()
        assert stock(ret) == (10, 0)
        assert kinds(ret)[1:] == ["exchange.cancelled"]

    @pytest.mark.parametrize("end", ["cancel", "reject"])
    def test_units_let_go_let_the_goods_go(self, end: str) -> None:
        line, ret = held()
        if end == "cancel":
            ret.cancel(AT)
        else:
            ret.reject_all("Worn", AT)
        line.refresh_from_db()
        assert line.status == "cancelled"
        assert stock(ret) == (10, 0)

    def test_goods_already_ordered_stay_ordered(self) -> None:
        line, ret = held()
        line.place_order("1")
        ret.reject_all("Worn", AT)
        line.refresh_from_db()
        assert line.status == "ordered"

    def test_the_rate_may_be_unknown(self) -> None:
        assert ExchangeLineItem(tax_rate="").rate is None
        assert ExchangeLineItem(tax_rate="5.5").rate == Decimal("5.5")
