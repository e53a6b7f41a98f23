"""New goods that ran out at the shop after the return was settled with them: their value is paid,
once, by reversing what was posted for the goods. Figures worked out by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from apps.core import clock, findings
from apps.core.tests.faults import write
from apps.orders.dtos import MethodChoice
from apps.orders.models import Return
from apps.orders.services import open_return
from apps.orders.services.clockwork import ran_out
from apps.orders.tests import instant as at_once
from apps.orders.tests.factories import OrderFactory, StockLevelFactory
from apps.orders.tests.instant import CONSENT, decided, instant_order, shortfalls
from apps.orders.tests.journeys import asked, opened, quoted, settled, swap
from apps.payments import services
from apps.payments.models import LedgerAccount, Payment
from apps.payments.services.replacing import promise_instead

pytestmark = pytest.mark.django_db
FREE = MethodChoice(code="post_office", kind="drop_off")


def at_fifty(price: int) -> Return:
    """Goods of 50.00 swapped for others, a standard return, accepted and promised."""
    order = OrderFactory.create(lines=[{"unit_price_minor": 5000}])
    level = StockLevelFactory.create(store=order.store, price_minor=price)
    ret = opened(order, swap(order.lines.get(), level.variant_id))
    settled(ret)
    services.promise_refund(ret.pk, clock.now())
    return ret


def at_once_fifty(price: int = 5000) -> Return:
    """The same as an instant return, whose goods went out at opening."""
    at_once.steps(("pay_now", 100))
    order = instant_order(5000)
    level = StockLevelFactory.create(store=order.store, price_minor=price)
    quote = quoted(order, swap(order.lines.get(), level.variant_id), method=FREE)
    ret = open_return(order, asked(quote, method=FREE, consent=CONSENT), clock.now()).ret
    for part in at_once.advance_of(ret).parts.released():
        services.promise_advance(part.pk, clock.now())
    return ret


def run_out(ret: Return) -> list[str]:
    """The shop has none; what is promised instead."""
    goods = ret.exchanges.select_related("ret__order", "merchant").get()
    assert ran_out(goods, clock.now())
    return [str(each.amount) for each in promise_instead(goods.pk, clock.now())]


def unpaid(at: datetime) -> list[str]:
    query = "payments.goods_replaced_by_nothing"
    return [each.subject for each in findings.find(at) if each.query == query]


def balances(ret: Return) -> dict[str, str]:
    rows = LedgerAccount.objects.for_merchant(ret.merchant).exclude(balance_minor=0)
    assert sum(row.balance_minor for row in rows) == 0
    return {row.kind: f"{row.balance.amount:f}" for row in rows}


class ReplacedGoodsTest:
    def test_an_even_exchange_is_paid_whole_and_once(self) -> None:
        ret = at_fifty(5000)
        assert balances(ret) == {}

        assert run_out(ret) == ["50.00 EUR"]

        goods = ret.exchanges.get()
        again = promise_instead(goods.pk, clock.now())
        assert goods.status == "replaced"
        assert again == list(Payment.objects.for_return(ret))
        assert balances(ret) == {"refunds_granted": "50.00", "refunds_payable": "-50.00"}
        assert ret.order.tenders.get().refunded_minor == 5000
        assert ret.order.lines.get().exchanged_quantity == 0
        assert not ran_out(goods, clock.now())
        assert findings.find(clock.now(), ret.merchant_id) == []

    def test_of_cheaper_goods_the_rest_went_out_before(self) -> None:
        ret = at_fifty(3000)
        before = {"exchange_goods": "-30.00", "refunds_granted": "50.00"}
        assert balances(ret) == {**before, "refunds_payable": "-20.00"}

        assert run_out(ret) == ["30.00 EUR"]

        paid = Payment.objects.for_return(ret)
        assert [str(each.amount) for each in paid] == ["20.00 EUR", "30.00 EUR"]
        assert balances(ret) == {"refunds_granted": "50.00", "refunds_payable": "-50.00"}

    def test_the_shopper_who_chose_credit_gets_credit(self) -> None:
        ret = at_fifty(5000)
        ret.exchanges.update(fallback="credit")

        run_out(ret)

        (payment,) = Payment.objects.for_return(ret)
        assert payment.gateway == "store_credit"
        assert ret.timeline.get(kind="exchange.replaced").payload["refund"] == {
            "amount": "50.00",
            "currency": "EUR",
        }

    def test_nothing_is_paid_where_the_shop_gave_it_back_itself(self) -> None:
        ret = at_fifty(5000)
        ret.order.tenders.update(at_shop_minor=1)
        goods = ret.exchanges.select_related("ret__order", "merchant").get()

        assert not ran_out(goods, clock.now())
        assert ret.exchanges.get().status == "reserved"


class UnpaidTest:
    @pytest.mark.parametrize("fifty", [at_fifty, at_once_fifty])
    def test_money_that_no_payment_pays_is_found(self, fifty: Callable[[int], Return]) -> None:
        ret, control = fifty(5000), fifty(5000)
        run_out(control)
        goods = ret.exchanges.select_related("ret__order", "merchant").get()
        assert ran_out(goods, clock.now())

        late = clock.now() + timedelta(minutes=16)
        assert (unpaid(clock.now()), unpaid(late)) == ([], [str(goods.pk)])
        promise_instead(goods.pk, clock.now())
        assert unpaid(late) == []

    def test_none_is_looked_for_where_nothing_is_due(self) -> None:
        """Only what was paid on top goes back; the advance waits; it was called off."""
        never_paid = at_fifty(5000), at_once_fifty(5000), at_fifty(5000)
        for ret in never_paid:
            goods = ret.exchanges.select_related("ret__order", "merchant").get()
            assert ran_out(goods, clock.now())
        dearer, _, called_off = never_paid
        write(
            "UPDATE orders_exchangelineitem SET replacement = jsonb_set(replacement,"
            " '{refund,amount}', '\"0.00\"') WHERE ret_id = %s",
            [dearer.pk],
        )
        write("UPDATE orders_advancepart SET status = 'waiting', released_at = NULL")
        write("UPDATE orders_return SET status = 'cancelled' WHERE id = %s", [called_off.pk])

        assert unpaid(clock.now() + timedelta(minutes=16)) == []


class ReplacedAtOnceTest:
    def test_the_goods_of_an_advance_are_reversed(self) -> None:
        ret = at_once_fifty()
        assert balances(ret) == {"exchange_goods": "-50.00", "refunds_granted": "50.00"}

        assert run_out(ret) == ["50.00 EUR"]

        assert balances(ret) == {"refunds_granted": "50.00", "refunds_payable": "-50.00"}
        decided(ret, "accepted")
        advance = at_once.advance_of(ret)
        assert (str(advance.kept), str(advance.short)) == ("50.00 EUR", "0.00 EUR")

    def test_money_for_goods_that_do_not_come_back_is_owed(self) -> None:
        ret = at_once_fifty()
        run_out(ret)

        decided(ret, "missing")

        assert shortfalls(ret) == [("not_returned", "50.00")]

    def test_called_off_it_is_not_paid(self) -> None:
        ret = at_once_fifty()
        run_out(ret)

        services.unwind_return(ret, "", clock.now())
        services.post_end(ret.pk, clock.now())

        assert balances(ret) == {}
        assert ret.order.tenders.get().refunded_minor == 0
        assert findings.find(clock.now(), ret.merchant_id) == []
