"""From quote to return: what holds, what has changed, and who may."""

from datetime import timedelta

import pytest

from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.orders.dtos import OpenReturn, QuoteRequest, UnitDecision
from apps.orders.models import LineItem, Order, Quote, Return, ReturnLineItem
from apps.orders.services import open_return
from apps.orders.services.opening import QuoteChanged, QuoteExpired, UnknownQuote, file_return
from apps.orders.services.picking import MoreUnitsThanLeft
from apps.orders.services.quoting import MethodNotOffered, NotEligible, price
from apps.orders.tests.factories import (
    OrderFactory,
    PolicyFactory,
    PolicyRuleFactory,
    QuoteFactory,
)
from apps.orders.tests.journeys import (
    CREDIT,
    DAY,
    FREE,
    ORIGINAL,
    SHOPPER,
    STAFF,
    asked,
    euros,
    opened,
    priced,
    quoted,
    settled,
    shown,
    wish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    order: Order = OrderFactory.create()
    return order


@pytest.fixture
def shirts(order: Order) -> LineItem:
    return order.lines.all()[0]


@pytest.fixture
def quote(order: Order, shirts: LineItem) -> Quote:
    """One T-shirt for 25.00, free of charge."""
    return quoted(order, wish(shirts))


def new_quote(order: Order, request: OpenReturn) -> Quote:
    """The quote that the refusal names; but for it nothing was written."""
    order = Order.objects.get(pk=order.pk)
    with pytest.raises(QuoteChanged) as changed:
        open_return(order, request, clock.now())
    fresh = Quote.objects.exclude(pk=request.quote_id).get()
    old = Quote.objects.get(pk=request.quote_id)
    assert changed.value.details == {
        "quote": str(fresh.pk),
        "expires_at": fresh.expires_at.isoformat(),
        "options": fresh.options,
    }
    assert (old.used_at, fresh.used_at) == (None, None)
    assert fresh.request == old.request
    assert not Return.objects.exists()
    assert not ReturnLineItem.objects.exists()
    assert [line.returned_quantity for line in order.lines.all()] == [0, 0]
    return fresh


class ChangedQuoteTest:
    def test_the_method_became_dearer(self, order: Order, quote: Quote) -> None:
        fresh = new_quote(order, asked(quote, method=priced("4.95")))
        assert shown(fresh).net == euros("20.05")

        ret = open_return(order, asked(fresh, method=priced("4.95")), clock.now()).ret
        assert settled(ret).net == ret.net == euros("20.05")

    def test_the_store_takes_a_restocking_fee_now(self, order: Order, quote: Quote) -> None:
        preferences = order.store.preferences
        preferences.restocking_kind, preferences.restocking_fixed_minor = "fixed", 100
        preferences.save()

        assert shown(new_quote(order, asked(quote))).net == euros("24")

    def test_the_store_does_not_refund_that_way_any_more(self, order: Order, quote: Quote) -> None:
        preferences = order.store.preferences
        preferences.refund_methods = [CREDIT]
        preferences.save()
        fresh = new_quote(order, asked(quote))

        assert [option["method"] for option in fresh.options] == [CREDIT]

    def test_the_order_was_edited(self, order: Order, quote: Quote, shirts: LineItem) -> None:
        shirts.total_minor = shirts.paid_minor = 4000
        shirts.save()

        assert shown(new_quote(order, asked(quote))).net == euros("20")

    def test_a_stale_instance_is_read_again(
        self, order: Order, quote: Quote, shirts: LineItem
    ) -> None:
        stale = Order.objects.with_items().get(pk=order.pk)
        shirts.total_minor = shirts.paid_minor = 4000
        shirts.save()

        with pytest.raises(QuoteChanged):
            open_return(stale, asked(quote), clock.now())

    def test_another_method_than_the_one_asked_for_may_change(
        self, order: Order, quote: Quote
    ) -> None:
        preferences = order.store.preferences
        preferences.bonus_kind, preferences.bonus_flat_minor = "flat", 500
        preferences.save()
        order = Order.objects.get(pk=order.pk)

        assert open_return(order, asked(quote, ORIGINAL), clock.now()).ret.net == euros("25")

    def test_a_window_that_closed_is_told_as_such(self, order: Order, quote: Quote) -> None:
        Order.objects.filter(pk=order.pk).update(delivered_at=clock.now() - 32 * DAY)
        with pytest.raises(NotEligible):
            open_return(order, asked(quote), clock.now())

        quote.refresh_from_db()
        assert (quote.used_at, Quote.objects.count()) == (None, 1)

    def test_units_gone_to_another_return_are_told_as_such(
        self, order: Order, quote: Quote, shirts: LineItem
    ) -> None:
        opened(order, wish(shirts, 2))
        with pytest.raises(MoreUnitsThanLeft) as refused:
            open_return(order, asked(quote), clock.now())

        assert refused.value.details == {"line": str(shirts.pk), "asked": 1, "left": 0}


class UnusableQuoteTest:
    def test_half_an_hour_and_no_longer(self, order: Order, quote: Quote) -> None:
        with pytest.raises(QuoteExpired):
            open_return(order, asked(quote), quote.expires_at)
        assert not order.returns.exists()

        last = quote.expires_at - timedelta(microseconds=1)
        assert open_return(order, asked(quote), last).ret.status == "in_progress"

    def test_once_and_no_more(self, order: Order, quote: Quote) -> None:
        open_return(order, asked(quote), clock.now())
        with pytest.raises(QuoteExpired) as refused:
            open_return(order, asked(quote), clock.now())

        assert refused.value.details == {"quote": str(quote.pk)}
        assert order.returns.count() == 1

    def test_of_another_order_or_merchant_it_is_unknown(self, order: Order) -> None:
        sibling = OrderFactory.create(store=order.store)
        for foreign in (quoted(sibling, wish(sibling.lines.all()[0])), QuoteFactory.create()):
            with pytest.raises(UnknownQuote) as refused:
                open_return(order, asked(foreign), clock.now())
            assert refused.value.status == 404
            foreign.refresh_from_db()
            assert foreign.used_at is None

    def test_a_method_that_was_not_shown_is_refused(self, order: Order) -> None:
        preferences = order.store.preferences
        preferences.refund_methods = [ORIGINAL]
        preferences.save()
        quote = quoted(order, wish(order.lines.all()[0]))
        with pytest.raises(MethodNotOffered):
            open_return(order, asked(quote, CREDIT), clock.now())
        quote.refresh_from_db()
        assert quote.used_at is None

    def test_a_quote_for_staff_takes_no_shopper_past_the_rules(self) -> None:
        order = OrderFactory.create(lines=[{"is_final_sale": True}])
        quote = quoted(order, wish(order.lines.get()), filed_by=STAFF)
        with pytest.raises(NotEligible):
            open_return(order, asked(quote), clock.now())

        assert open_return(order, asked(quote, filed_by=STAFF), clock.now()).ret.filed_by == STAFF


class ApprovalByHandTest:
    @pytest.fixture
    def order(self) -> Order:
        store = StoreFactory.create(preferences__with_approval_by_hand=True)
        order: Order = OrderFactory.create(store=store)
        return order

    def test_the_request_waits_and_is_approved(self, order: Order, quote: Quote) -> None:
        ret = open_return(order, asked(quote), clock.now()).ret
        assert (ret.status, ret.opened_at) == ("requested", None)
        at = ret.requested_at + DAY
        ret.approve(at)

        assert (ret.status, ret.opened_at, ret.expires_at) == ("in_progress", at, at + 28 * DAY)
        assert settled(ret).net == euros("25")
        kinds = [event.kind for event in ret.timeline.order_by("sequence")]
        assert kinds[:2] == ["return.requested", "return.approved"]

    def test_refused_it_gives_the_units_back(self, order: Order, quote: Quote) -> None:
        ret = open_return(order, asked(quote), clock.now()).ret
        ret.refuse("Worn", clock.now())

        assert [line.returned_quantity for line in order.lines.all()] == [0, 0]

    def test_staff_need_no_approval(self, order: Order, shirts: LineItem) -> None:
        quote = quoted(order, wish(shirts), filed_by=STAFF)
        ret = open_return(order, asked(quote, filed_by=STAFF), clock.now()).ret

        assert (ret.status, ret.opened_at) == ("in_progress", ret.requested_at)


class FiledReturnTest:
    def test_a_rule_holds_it_and_is_remembered(self, order: Order, shirts: LineItem) -> None:
        policy = PolicyFactory.create(store=order.store, published=True, version=3)
        PolicyRuleFactory.create(policy=policy, action="pause", conditions=[])
        ret = opened(order, wish(shirts))

        assert (ret.status, ret.policy_version) == ("requested", 3)

    def test_units_are_counted_again_where_they_are_taken(
        self, order: Order, shirts: LineItem
    ) -> None:
        """The last net, for a caller who priced before the lock; then SQL's own CHECK."""
        request = QuoteRequest((wish(shirts, 2),), FREE, SHOPPER)
        at = clock.now()
        before = price(order, request, at)
        wanted = OpenReturn(order.pk, ORIGINAL, FREE, SHOPPER)
        file_return(order, before, wanted, at)
        with pytest.raises(MoreUnitsThanLeft):
            file_return(order, before, wanted, at)

    def test_a_note_and_the_callers_own_id_are_kept(self, order: Order, quote: Quote) -> None:
        request = asked(quote, note="Please hurry", external_id="RMA-7")
        ret = open_return(order, request, clock.now()).ret

        assert ret.external_id == "RMA-7"
        assert [(note["text"], note["author"]) for note in ret.notes] == [("Please hurry", "")]

    def test_numbers_tell_nothing(self, order: Order) -> None:
        first, second = (opened(order, wish(order.lines.all()[0])).number for _ in range(2))

        assert first != second
        assert len(first) == len("R-00000-00000")
        assert set(first[2:]) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")

    def test_a_later_change_of_preferences_moves_no_settled_sum(
        self, order: Order, quote: Quote
    ) -> None:
        ret = open_return(order, asked(quote), clock.now()).ret
        preferences = order.store.preferences
        preferences.restocking_kind, preferences.restocking_fixed_minor = "fixed", 100
        preferences.save()

        assert settled(Return.objects.get(pk=ret.pk)).net == euros("25")

    def test_a_rejected_unit_can_be_asked_for_again(
        self, order: Order, quote: Quote, shirts: LineItem
    ) -> None:
        ret = open_return(order, asked(quote), clock.now()).ret
        ret.decide([UnitDecision(ret.lines.get().pk, "rejected", reason="Worn")], clock.now())

        assert settled(opened(order, wish(shirts, 2))).net == euros("50")
