"""Each query finds the fault planted for it with all triggers off, and nothing in a sound world."""

import pytest

from apps.core import clock
from apps.core.tests.faults import drop, found, write
from apps.orders.models import Return
from apps.orders.tests.factories import OrderFactory, ReturnFactory, ReturnLineItemFactory

pytestmark = pytest.mark.django_db
AT = clock.now()


@pytest.fixture
def open_return() -> Return:
    """2 x 25.00 and 1 x 50.00, all of it on its way back."""
    return ReturnFactory.create()


@pytest.fixture
def settled() -> Return:
    ret = ReturnFactory.create(accepted=True)
    ret.settle()
    return ret


class SoundWorldTest:
    def test_nothing_is_found(self, open_return: Return, settled: Return) -> None:
        OrderFactory.create()
        ReturnFactory.create().cancel(AT)
        ReturnFactory.create(received=True).reject_all("worn", AT)

        assert found() == []


class UnitsTest:
    def test_returned_units_that_nobody_sends(self) -> None:
        line = OrderFactory.create().lines.all()[0]
        write("UPDATE orders_lineitem SET returned_quantity = 1 WHERE id = %s", [line.pk])

        assert found() == [("I-05", str(line.pk))]

    def test_counter_of_returned_units(self, open_return: Return) -> None:
        line = open_return.lines.all()[0].line_item
        write("UPDATE orders_lineitem SET returned_quantity = 1 WHERE id = %s", [line.pk])

        assert found() == [("I-05", str(line.pk))]

    def test_refunded_units_that_nobody_settled(self, open_return: Return) -> None:
        line = open_return.lines.all()[0].line_item
        write("UPDATE orders_lineitem SET refunded_quantity = 1 WHERE id = %s", [line.pk])

        assert found() == [("I-05", str(line.pk))]

    def test_counter_of_refunded_units(self, settled: Return) -> None:
        line = settled.lines.all()[0].line_item
        write("UPDATE orders_lineitem SET refunded_quantity = 1 WHERE id = %s", [line.pk])

        assert found() == [("I-05", str(line.pk))]

    def test_units_in_two_returns(self, open_return: Return) -> None:
        """Two were delivered, both are on their way back, and a third is returned."""
        drop("orders_lineitem", "orders_line_units_cap")
        line = open_return.order.lines.all()[0]
        again = ReturnFactory.create(order=open_return.order, lines=[])
        ReturnLineItemFactory.create(ret=again, line_item=line)

        assert found() == [("I-06", str(line.pk))]


class ClosedReturnTest:
    def test_undecided_units(self, open_return: Return) -> None:
        write(
            "UPDATE orders_return SET status = 'cancelled', decided_at = now() WHERE id = %s",
            [open_return.pk],
        )

        assert found() == [("I-11", str(open_return.pk))]

    @pytest.mark.parametrize("status", ["partly_accepted", "rejected", "cancelled"])
    def test_closed_otherwise_than_decided(self, settled: Return, status: str) -> None:
        write("UPDATE orders_return SET status = %s WHERE id = %s", [status, settled.pk])

        assert found() == [("I-11", str(settled.pk))]

    def test_accepted_with_a_rejected_unit(self) -> None:
        ret = ReturnFactory.create(received=True)
        ret.reject_all("worn", AT)
        write("UPDATE orders_return SET status = 'accepted' WHERE id = %s", [ret.pk])

        assert found() == [("I-11", str(ret.pk))]

    def test_no_time(self, settled: Return) -> None:
        write("UPDATE orders_return SET decided_at = NULL WHERE id = %s", [settled.pk])

        assert found() == [("I-11", str(settled.pk))]

    def test_goods_are_held(self) -> None:
        order = OrderFactory.create()
        lines = [{"line_item": order.lines.all()[0], "exchange": {"variant_id": "l"}}]
        ret = ReturnFactory.create(order=order, lines=lines)
        ret.cancel(AT)
        exchange = ret.exchanges.get()
        write("UPDATE orders_exchangelineitem SET status = 'reserved' WHERE id = %s", [exchange.pk])

        assert found() == [("I-38", str(exchange.pk))]
