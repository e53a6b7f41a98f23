from decimal import Decimal

import pytest

from apps.core.money import Money
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.discounts import BlocksPartialReturn
from apps.orders.calculator.facts import (
    Allocation,
    DiscountKind,
    FactsContradict,
    OrderFacts,
    ThresholdDiscount,
)
from apps.orders.calculator.terms import ThresholdRule
from apps.orders.calculator.tests.build import (
    amounts,
    back,
    eur,
    given,
    item,
    line,
    node,
    off,
    order,
    play,
    swap,
)
from apps.orders.calculator.tree import Kind

REQUALIFY = ThresholdRule.REQUALIFY
BLOCK = ThresholdRule.BLOCK


def percent_off(*lines: str, threshold: str = "300.00") -> ThresholdDiscount:
    return ThresholdDiscount(
        id="ten",
        label="10 % off",
        kind=DiscountKind.THRESHOLD,
        lines=lines,
        threshold=eur(threshold),
        percent=Decimal(10),
    )


def fixed_off(*lines: str, threshold: str) -> ThresholdDiscount:
    return ThresholdDiscount(
        id="fix",
        label="12 off",
        kind=DiscountKind.THRESHOLD,
        lines=lines,
        threshold=eur(threshold),
    )


def three_for_two(*lines: str) -> ThresholdDiscount:
    return ThresholdDiscount(
        id="3x2", label="3 for 2", kind=DiscountKind.MULTI_BUY, lines=lines, buy=3, pay=2
    )


def six_at_fifty() -> OrderFacts:
    return order(
        line(quantity=6, price="50.00", discounts=(off("30.00", "ten"),)),
        discounts=(percent_off("a"),),
    )


def big_and_small() -> OrderFacts:
    """295 + 5 = 300 less 10 %: small paid 4.50, big 265.50."""
    return order(
        line("big", price="295.00", discounts=(off("29.50", "ten"),)),
        line("small", price="5.00", discounts=(off("0.50", "ten"),)),
        discounts=(percent_off("big", "small"),),
    )


def nets(results: list[Breakdown]) -> list[str]:
    return [f"{each.net.amount:f}" for each in results]


class RequalifyTest:
    def test_the_kept_unit_loses_its_discount(self) -> None:
        result = given(six_at_fifty(), back(quantity=5), threshold=REQUALIFY)
        assert node(result, Kind.DISCOUNT_LOST).amount == -eur("5.00")
        assert result.line_amounts["a"].gross == eur("220.00")

    def test_the_last_unit_brings_it_back(self) -> None:
        results = play(six_at_fifty(), (back(quantity=5),), (back(),), threshold=REQUALIFY)
        assert nets(results) == ["220.00", "50.00"]

    def test_returning_all_at_once_is_what_was_paid(self) -> None:
        result = given(six_at_fifty(), back(quantity=6), threshold=REQUALIFY)
        assert result.refund == eur("270.00")
        assert amounts(result, Kind.DISCOUNT_LOST) == []

    def test_a_basket_that_still_qualifies_prorates(self) -> None:
        facts = order(
            line(quantity=6, price="50.00", discounts=(off("30.00", "ten"),)),
            discounts=(percent_off("a", threshold="200.00"),),
        )
        assert given(facts, back(quantity=2), threshold=REQUALIFY).refund == eur("90.00")
        assert given(facts, back(quantity=3), threshold=REQUALIFY).refund == eur("120.00")

    def test_a_small_return_can_cost_more_than_it_gives(self) -> None:
        result = given(big_and_small(), back("small"), threshold=REQUALIFY)
        assert result.due == eur("25.00")
        assert result.line_amounts["small"].gross == eur("4.50")
        assert result.line_amounts["big"].gross == -eur("29.50")
        assert result.line_amounts["big"].quantity == 0

    def test_then_the_rest_comes_back_at_its_new_price(self) -> None:
        results = play(big_and_small(), (back("small"),), (back("big"),), threshold=REQUALIFY)
        assert nets(results) == ["-25.00", "295.00"]
        assert amounts(results[1], Kind.CAPPED) == []

    def test_tax_follows_the_lost_discount(self) -> None:
        """270.00 gross holds 46.86 at 21 %; the lost 5.00 holds 0.87, five units 39.05."""
        facts = order(
            line(quantity=6, price="50.00", discounts=(off("30.00", "ten"),), tax=eur("46.86")),
            discounts=(percent_off("a"),),
        )
        results = play(facts, (back(quantity=5),), (back(),), threshold=REQUALIFY)
        taxes = [each.line_amounts["a"].tax for each in results]
        assert taxes == [eur("38.18"), eur("8.68")]

    def test_tax_added_follows_too(self) -> None:
        facts = order(
            line(quantity=6, price="50.00", discounts=(off("30.00", "ten"),), tax=eur("27.00")),
            discounts=(percent_off("a"),),
            tax_included=False,
        )
        results = play(facts, (back(quantity=5),), (back(),), threshold=REQUALIFY)
        assert nets(results) == ["242.00", "55.00"]

    def test_one_line_split_into_two_requests(self) -> None:
        result = given(six_at_fifty(), back(quantity=2), back(quantity=3), threshold=REQUALIFY)
        assert amounts(result, Kind.LINE) == ["88.00", "132.00"]

    def test_a_fixed_sum_stays_whole_while_it_is_earned(self) -> None:
        """3 x 40 less 12 paid 108; two kept are 80, still from 80 on: 80 - 12 = 68, so 40."""
        facts = order(
            line(quantity=3, price="40.00", discounts=(off("12.00", "fix"),)),
            discounts=(fixed_off("a", threshold="80.00"),),
        )
        results = play(facts, (back(),), (back(),), (back(),), threshold=REQUALIFY)
        assert nets(results) == ["40.00", "28.00", "40.00"]

    def test_a_fixed_sum_moves_to_the_kept_line(self) -> None:
        """a 60 less 6, b 60 less 6; a goes back: b alone earns all 12 and costs 48."""
        facts = order(
            line("a", price="60.00", discounts=(off("6.00", "fix"),)),
            line("b", price="60.00", discounts=(off("6.00", "fix"),)),
            discounts=(fixed_off("a", "b", threshold="60.00"),),
        )
        result = given(facts, back("a"), threshold=REQUALIFY)
        assert result.refund == eur("60.00")
        assert result.line_amounts["b"].gross == eur("6.00")

    def test_other_discounts_stay(self) -> None:
        """2 x 50 less 20 (sale) less 8 (10 % from 80): one kept costs 40, so 72 - 40 = 32."""
        facts = order(
            line(quantity=2, price="50.00", discounts=(off("20.00"), off("8.00", "ten"))),
            discounts=(percent_off("a", threshold="80.00"),),
        )
        assert given(facts, back(), threshold=REQUALIFY).refund == eur("32.00")

    def test_lines_outside_the_offer_are_left_alone(self) -> None:
        facts = order(
            line("a", quantity=2, price="50.00", discounts=(off("10.00", "ten"),)),
            line("b", price="7.00"),
            discounts=(percent_off("a", threshold="100.00"),),
        )
        result = given(facts, back("b"), threshold=REQUALIFY)
        assert result.refund == eur("7.00")
        assert set(result.line_amounts) == {"b"}

    def test_an_exchanged_unit_keeps_the_basket_whole(self) -> None:
        result = given(six_at_fifty(), swap("a", item("50.00")), threshold=REQUALIFY)
        assert not result.net
        assert amounts(result, Kind.DISCOUNT_LOST) == []

    def test_after_an_exchange_a_return_still_requalifies(self) -> None:
        """Six kept in spirit: 45.00 swapped; five of the rest back leave the swapped one."""
        results = play(
            six_at_fifty(), (swap("a", item("50.00")),), (back(quantity=5),), threshold=REQUALIFY
        )
        assert nets(results) == ["0.00", "225.00"]

    def test_offers_without_lines_say_nothing(self) -> None:
        facts = order(line(price="5.00"), discounts=(percent_off(), three_for_two()))
        assert given(facts, back(), threshold=REQUALIFY).refund == eur("5.00")


class MultiBuyTest:
    def test_one_by_one(self) -> None:
        facts = order(
            line(quantity=3, price="30.00", discounts=(off("30.00", "3x2"),)),
            discounts=(three_for_two("a"),),
        )
        results = play(facts, (back(),), (back(),), (back(),), threshold=REQUALIFY)
        assert nets(results) == ["0.00", "30.00", "30.00"]

    def test_the_cheapest_is_free(self) -> None:
        """50 + 40 + 10 (free): the 50 goes back, 40 + 10 are kept and paid: 90 - 50 = 40."""
        facts = order(
            line("a", price="50.00"),
            line("b", price="40.00"),
            line("c", price="10.00", discounts=(off("10.00", "3x2"),)),
            discounts=(three_for_two("a", "b", "c"),),
        )
        result = given(facts, back("a"), threshold=REQUALIFY)
        assert result.refund == eur("40.00")
        assert result.line_amounts["c"].gross == -eur("10.00")

    def test_six_with_three_back_still_have_one_free(self) -> None:
        facts = order(
            line(quantity=6, price="30.00", discounts=(off("60.00", "3x2"),)),
            discounts=(three_for_two("a"),),
        )
        for rule in ThresholdRule:
            assert given(facts, back(quantity=3), threshold=rule).refund == eur("60.00")

    def test_never_more_than_was_given_at_sale(self) -> None:
        """Only 10.00 was given at sale for 6; 3 kept would deserve 30.00 but keep 10.00."""
        facts = order(
            line(quantity=6, price="30.00", discounts=(off("10.00", "3x2"),)),
            discounts=(three_for_two("a"),),
        )
        assert given(facts, back(quantity=3), threshold=REQUALIFY).refund == eur("90.00")

    @pytest.mark.parametrize(("buy", "pay"), [(0, 0), (2, 2), (2, -1)])
    def test_an_offer_that_gives_nothing_away(self, buy: int, pay: int) -> None:
        with pytest.raises(FactsContradict):
            ThresholdDiscount(
                id="x", label="x", kind=DiscountKind.MULTI_BUY, lines=(), buy=buy, pay=pay
            )


class RequalifyRoundingTest:
    def test_prices_of_one_yen_never_turn_negative(self) -> None:
        """4 x 1 yen for 1: each two of buy-2-pay-0 are free, so three kept cost 1, two none."""
        yen = Money(3, "JPY")
        facts = order(
            line(
                quantity=4,
                currency="JPY",
                price="1",
                discounts=(Allocation(label="2 for 0", amount=yen, ref="2x0"),),
            ),
            discounts=(
                ThresholdDiscount(
                    id="2x0",
                    label="2 for 0",
                    kind=DiscountKind.MULTI_BUY,
                    lines=("a",),
                    buy=2,
                    pay=0,
                ),
            ),
        )
        results = play(facts, (back(),), (back(),), (back(quantity=2),), threshold=REQUALIFY)
        assert nets(results) == ["0", "1", "0"]

    def test_a_charge_below_zero_moves_as_it_is(self) -> None:
        """A voucher sold as a line of -1.00 beside 2 x 60.00 less 12.00 from 60.00."""
        facts = order(
            line("a", quantity=2, price="60.00", discounts=(off("12.00", "fix"),)),
            line("v", price="0", total=-eur("1.00")),
            discounts=(fixed_off("a", "v", threshold="50.00"),),
        )
        results = play(facts, (back("a"),), (back("a"), back("v")), threshold=REQUALIFY)
        assert nets(results) == ["60.00", "47.00"]
        assert given(facts, back("v")).due == eur("1.00")

    def test_two_offers_on_one_line(self) -> None:
        """2 x 50: 3.00 and 10 % off: paid 87.30. One kept loses both and costs 50.00."""
        facts = order(
            line(quantity=2, price="50.00", discounts=(off("3.00", "fix"), off("9.70", "ten"))),
            discounts=(fixed_off("a", threshold="80.00"), percent_off("a", threshold="90.00")),
        )
        results = play(facts, (back(),), (back(),), threshold=REQUALIFY)
        assert nets(results) == ["37.30", "50.00"]


class BlockTest:
    def test_a_partial_return_is_refused(self) -> None:
        with pytest.raises(BlocksPartialReturn) as refused:
            given(six_at_fifty(), back(quantity=5), threshold=BLOCK)
        assert refused.value.details == {"discount": "10 % off"}

    def test_multi_buy_is_refused(self) -> None:
        facts = order(
            line(quantity=3, price="30.00", discounts=(off("30.00", "3x2"),)),
            discounts=(three_for_two("a"),),
        )
        with pytest.raises(BlocksPartialReturn):
            given(facts, back(), threshold=BLOCK)

    def test_all_of_it_or_a_swap_passes(self) -> None:
        assert given(six_at_fifty(), back(quantity=6), threshold=BLOCK).refund == eur("270.00")
        assert not given(six_at_fifty(), swap("a", item("50.00")), threshold=BLOCK).net

    def test_other_goods_pass_even_after_the_offer_was_lost(self) -> None:
        facts = order(
            line("a", quantity=6, price="50.00", discounts=(off("30.00", "ten"),), returned=5),
            line("b", price="8.00"),
            discounts=(percent_off("a"),),
        )
        assert given(facts, back("b"), threshold=BLOCK).refund == eur("8.00")


class GiftTest:
    def order(self) -> OrderFacts:
        gift = ThresholdDiscount(
            id="gift",
            label="Free mug from 100",
            kind=DiscountKind.GIFT,
            lines=("a",),
            threshold=eur("100.00"),
            gifts=("mug",),
        )
        return order(
            line("a", quantity=2, price="60.00"),
            line("mug", price="9.00", total=eur("0"), is_gift=True, tax_rate=Decimal(21)),
            discounts=(gift,),
        )

    @pytest.mark.parametrize("rule", list(ThresholdRule))
    def test_a_kept_gift_is_deducted(self, rule: ThresholdRule) -> None:
        result = given(self.order(), back("a"), threshold=rule)
        assert result.refund == eur("51.00")
        gift = node(result, Kind.GIFT_KEPT)
        assert gift.amount == -eur("9.00")
        assert gift.tax == -eur("1.56")

    def test_a_gift_that_comes_along_is_not(self) -> None:
        result = given(self.order(), back("a"), back("mug"))
        assert result.refund == eur("60.00")
        assert amounts(result, Kind.GIFT_KEPT) == []

    def test_a_gift_that_comes_later_is_given_back(self) -> None:
        results = play(self.order(), (back("a"),), (back("mug"),), (back("a"),))
        assert nets(results) == ["51.00", "9.00", "60.00"]
        assert node(results[1], Kind.GIFT_KEPT).label == "Gift brought back: item mug"

    def test_a_gift_returned_alone_gives_nothing(self) -> None:
        assert not given(self.order(), back("mug")).net

    def test_a_gift_of_no_offer_belongs_to_the_whole_order(self) -> None:
        facts = order(
            line("a", quantity=2, price="60.00"),
            line("mug", price="9.00", total=eur("0"), is_gift=True),
        )
        assert given(facts, back("a")).refund == eur("60.00")
        assert given(facts, back("a", 2)).refund == eur("111.00")

    def test_only_what_was_not_paid_is_deducted(self) -> None:
        facts = order(
            line("a", price="60.00"),
            line("mug", price="9.00", total=eur("1.00"), is_gift=True),
        )
        assert given(facts, back("a")).refund == eur("52.00")

    def test_tax_is_added_to_the_gift_where_prices_are_net(self) -> None:
        facts = order(
            line("a", price="60.00"),
            line("mug", price="9.00", total=eur("0"), is_gift=True, tax_rate=Decimal(10)),
            tax_included=False,
        )
        result = given(facts, back("a"))
        assert result.refund == eur("50.10")
        assert node(result, Kind.GIFT_KEPT).tax == -Money(90, "EUR")
