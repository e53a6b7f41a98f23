"""What may be asked, and what a quote says of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.money import CurrencyMismatch, Money
from apps.orders.calculator.checks import QuantityNotPositive
from apps.orders.dtos import MethodChoice, QuoteRequest
from apps.orders.models import LineItem, Order, Quote
from apps.orders.services import quote_return
from apps.orders.services.picking import (
    MoreUnitsThanLeft,
    NoUnits,
    ReasonNeedsMore,
    UnknownLine,
    UnknownReason,
    UnknownVariant,
)
from apps.orders.services.quoting import NotEligible
from apps.orders.tests.factories import (
    OrderFactory,
    PolicyFactory,
    PolicyRuleFactory,
    ReturnReasonFactory,
    StockLevelFactory,
)
from apps.orders.tests.journeys import (
    CREDIT,
    FREE,
    ORIGINAL,
    SHOPPER,
    STAFF,
    euros,
    opened,
    priced,
    quoted,
    shown,
    swap,
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


def refused[E: DomainError](kind: type[E], order: Order, *units: Any, **named: Any) -> E:
    """The refusal; nothing was written."""
    with pytest.raises(kind) as caught:
        quoted(order, *units, **named)
    assert not Quote.objects.exists()
    return caught.value


def codes(refusal: NotEligible) -> list[str]:
    units: Any = refusal.details["units"]
    return [unit["code"] for unit in units]


class WishesTest:
    def test_nothing_asked(self, order: Order) -> None:
        refused(NoUnits, order)

    def test_a_line_of_another_order_is_unknown(self, order: Order) -> None:
        sibling = OrderFactory.create(store=order.store).lines.all()[0]
        foreign = OrderFactory.create().lines.all()[0]
        for line in (sibling, foreign, LineItem(pk=uuid4())):
            refusal = refused(UnknownLine, order, wish(line))
            assert (refusal.status, refusal.details) == (404, {"line": str(line.pk)})

    @pytest.mark.parametrize("quantities", [(3,), (2, 1)])
    def test_more_than_bought(
        self, order: Order, shirts: LineItem, quantities: tuple[int, ...]
    ) -> None:
        units = [wish(shirts, quantity) for quantity in quantities]
        refusal = refused(MoreUnitsThanLeft, order, *units)
        assert refusal.details == {"line": str(shirts.pk), "asked": 3, "left": 2}

    @pytest.mark.parametrize("quantities", [(0,), (-1,), (3, -1)])
    def test_no_whole_unit(
        self, order: Order, shirts: LineItem, quantities: tuple[int, ...]
    ) -> None:
        refused(QuantityNotPositive, order, *[wish(shirts, each) for each in quantities])

    def test_units_of_a_live_return_are_gone(self, order: Order, shirts: LineItem) -> None:
        opened(order, wish(shirts, 2))
        order = Order.objects.get(pk=order.pk)
        with pytest.raises(MoreUnitsThanLeft):
            quoted(order, wish(shirts))

    def test_reasons_are_the_stores_own(self, order: Order, shirts: LineItem) -> None:
        theirs = ReturnReasonFactory.create(code="theirs")
        deleted = ReturnReasonFactory.create(store=order.store, code="gone")
        deleted.delete()
        for code in (theirs.code, deleted.code, "never"):
            for unit in (wish(shirts, reason=code), wish(shirts, sub_reason=code)):
                refusal = refused(UnknownReason, order, unit)
                assert refusal.details == {"reason": code}

    @pytest.mark.parametrize(
        ("needs", "given", "lacking"),
        [
            ({"needs_text": True}, {}, "text"),
            ({"needs_text": True}, {"images": ("a.jpg",)}, "text"),
            ({"needs_photo": True}, {}, "photo"),
            ({"needs_photo": True}, {"comment": "Torn"}, "photo"),
            ({"needs_photo": True, "needs_text": True}, {"comment": "Torn"}, "photo"),
        ],
    )
    def test_a_reason_may_ask_for_more(
        self,
        order: Order,
        shirts: LineItem,
        needs: dict[str, bool],
        given: dict[str, Any],
        lacking: str,
    ) -> None:
        ReturnReasonFactory.create(store=order.store, code="torn", **needs)
        refusal = refused(ReasonNeedsMore, order, wish(shirts, reason="torn", **given))
        assert refusal.details == {"reason": "torn", "needs": lacking}

        full = wish(shirts, reason="torn", comment="Torn", images=("a.jpg",))
        quote = quoted(order, full)
        quote.refresh_from_db()
        assert quote.request["units"][0]["images"] == ["a.jpg"]

    def test_new_goods_are_the_stores_own(self, order: Order, shirts: LineItem) -> None:
        theirs = StockLevelFactory.create(variant_id="theirs")
        for variant in (theirs.variant_id, "never", ""):
            refusal = refused(UnknownVariant, order, swap(shirts, variant))
            assert refusal.details == {"variant": variant}

    def test_a_sub_reason_alone_waives_the_fee(self, order: Order, shirts: LineItem) -> None:
        ReturnReasonFactory.create(store=order.store, code="fault")
        ReturnReasonFactory.create(store=order.store, code="broken", waives_fee=True)
        units = wish(shirts, reason="fault", sub_reason="broken")

        assert shown(quoted(order, units, method=priced("2.95"))).net == euros("25")


class EligibilityTest:
    def test_the_last_day_counts_whole(self) -> None:
        """Day 30 is 1 April in Madrid, which ends at 22:00 UTC since summer time began."""
        order = OrderFactory.create(delivered_at=datetime(2026, 3, 2, 10, tzinfo=UTC))
        request = QuoteRequest((wish(order.lines.all()[0]),), FREE, SHOPPER)
        end = datetime(2026, 4, 1, 22, tzinfo=UTC)

        assert quote_return(order, request, end - timedelta(seconds=1)).currency == "EUR"
        with pytest.raises(NotEligible) as late:
            quote_return(order, request, end)
        assert codes(late.value) == ["window_closed"]

    def test_final_sale_is_named_with_its_line(self, order: Order) -> None:
        order = OrderFactory.create(lines=[{}, {"is_final_sale": True}])
        fine, final = order.lines.all()
        refusal = refused(NotEligible, order, wish(fine), wish(final))
        assert refusal.details == {
            "units": [
                {
                    "line": str(final.pk),
                    "code": "final_sale",
                    "message": "This item was sold as final sale.",
                }
            ]
        }

    def test_what_binds_shoppers_only_advises_staff(self) -> None:
        order = OrderFactory.create(lines=[{"is_final_sale": True}])
        line = order.lines.get()

        assert shown(quoted(order, wish(line), filed_by=STAFF)).net == euros("25")

    def test_exchanges_can_be_switched_off(self, shirts: LineItem, order: Order) -> None:
        preferences = order.store.preferences
        preferences.exchanges_enabled = False
        preferences.save()
        level = StockLevelFactory.create(store=order.store)
        refusal = refused(NotEligible, order, swap(shirts, level.variant_id))
        assert codes(refusal) == ["exchange_not_offered"]

    def test_a_rule_waives_the_fee_and_tells_its_version(
        self, order: Order, shirts: LineItem
    ) -> None:
        policy = PolicyFactory.create(store=order.store, published=True, version=7)
        PolicyRuleFactory.create(policy=policy, action="waive_fee", conditions=[])
        quote = quoted(order, wish(shirts), method=priced("2.95"))

        assert (shown(quote).net, quote.policy_version) == (euros("25"), 7)


class QuoteTest:
    def test_it_keeps_what_was_asked_and_shown(self, order: Order, shirts: LineItem) -> None:
        at = clock.now()
        method = MethodChoice(uuid4(), "post", "Post", "own_label", Money.of("2.95", "EUR"))
        quote = quoted(order, wish(shirts, comment="Too wide"), method=method)
        quote.refresh_from_db()

        assert [option["method"] for option in quote.options] == list(
            order.store.preferences.refund_methods
        )
        assert timedelta(minutes=29) < quote.expires_at - at <= timedelta(minutes=31)
        assert (quote.used_at, quote.policy_version, quote.order_version) == (None, 0, 1)
        assert (quote.merchant_id, quote.store_id) == (order.merchant_id, order.store_id)
        assert quote.terms["fee_minor"] == 295
        assert quote.request == {
            "units": [
                {
                    "line_id": str(shirts.pk),
                    "quantity": 1,
                    "wish": "refund",
                    "reason": "",
                    "sub_reason": "",
                    "comment": "Too wide",
                    "images": [],
                    "variant_id": "",
                    "fallback": "refund",
                }
            ],
            "method": str(method.id),
            "parcels": 1,
            "filed_by": "shopper",
        }

    def test_a_store_that_names_no_method_refunds_as_paid_or_as_credit(self) -> None:
        store = StoreFactory.create(preferences__refund_methods=[])
        order = OrderFactory.create(store=store)
        quote = quoted(order, wish(order.lines.all()[0]))

        assert [option["method"] for option in quote.options] == [ORIGINAL, CREDIT]

    def test_a_fee_in_another_currency_is_refused(self, order: Order, shirts: LineItem) -> None:
        dollars = MethodChoice(price=Money.of("3", "USD"))

        refused(CurrencyMismatch, order, wish(shirts), method=dollars)

    def test_a_fee_above_the_refund_stops_at_it(self, order: Order, shirts: LineItem) -> None:
        offer = shown(quoted(order, wish(shirts), method=priced("40")))

        assert (offer.refund, offer.due) == (euros("0"), euros("0"))
