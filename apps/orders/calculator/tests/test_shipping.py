from dataclasses import replace

import pytest

from apps.core.money import Money
from apps.orders.calculator.facts import DutiesFacts, OrderFacts, ShippingFacts
from apps.orders.calculator.terms import ShareRule
from apps.orders.calculator.tests.build import (
    amounts,
    back,
    eur,
    given,
    item,
    line,
    node,
    order,
    play,
    swap,
)
from apps.orders.calculator.tree import Kind

BY_VALUE = ShareRule.SHARE_BY_VALUE
WHEN_ALL = ShareRule.WHEN_ALL_RETURNED


def shipped(refunded: str = "0", duties: str | None = None) -> OrderFacts:
    """20 + 2 x 5 = 30 of goods, 4.99 of shipping with 0.87 of tax in it."""
    return order(
        line("a", price="20.00"),
        line("b", quantity=2, price="5.00"),
        shipping=ShippingFacts(paid=eur("4.99"), tax=eur("0.87"), refunded=eur(refunded)),
        duties=None if duties is None else DutiesFacts(paid=eur(duties), refunded=eur("0")),
    )


class ShippingTest:
    def test_the_last_unit_across_several_returns(self) -> None:
        results = play(shipped(), (back("a"),), (back("b"),), (back("b"),))
        assert [amounts(each, Kind.SHIPPING) for each in results] == [[], [], ["4.99"]]
        assert node(results[2], Kind.SHIPPING).tax == eur("0.87")

    def test_announced_elsewhere_is_not_returned(self) -> None:
        facts = shipped()
        waiting = replace(facts.lines[1], returned=2, refunded_units=0)
        facts = replace(facts, lines=(facts.lines[0], waiting))
        assert amounts(given(facts, back("a")), Kind.SHIPPING) == []

    def test_never(self) -> None:
        result = given(shipped(), back("a"), back("b", 2), shipping=ShareRule.NEVER)
        assert result.refund == eur("30.00")

    def test_what_went_back_before_is_left_out(self) -> None:
        result = given(shipped("2.00"), back("a"), back("b", 2))
        assert node(result, Kind.SHIPPING).amount == eur("2.99")
        assert node(result, Kind.SHIPPING).tax == eur("0.52")

    def test_all_of_it_went_back_before(self) -> None:
        result = given(shipped("4.99"), back("a"), back("b", 2))
        assert amounts(result, Kind.SHIPPING) == []

    def test_share_by_value_closes_exactly(self) -> None:
        """4.99 x 20/30 = 3.33; x 25/30 = 4.16; the rest 0.83."""
        results = play(shipped(), (back("a"),), (back("b"),), (back("b"),), shipping=BY_VALUE)
        assert [amounts(each, Kind.SHIPPING) for each in results] == [["3.33"], ["0.83"], ["0.83"]]

    def test_a_share_never_exceeds_what_is_left(self) -> None:
        result = given(shipped("3.00"), back("a"), shipping=BY_VALUE)
        assert amounts(result, Kind.SHIPPING) == ["1.99"]

    def test_exchanged_units_are_still_with_the_shopper(self) -> None:
        for rule in (BY_VALUE, WHEN_ALL):
            results = play(shipped(), (swap("a", item("20.00")),), (back("b", 2),), shipping=rule)
            assert amounts(results[0], Kind.SHIPPING) == []
            expected = ["1.66"] if rule is BY_VALUE else []
            assert amounts(results[1], Kind.SHIPPING) == expected

    def test_worthless_goods_carry_no_share(self) -> None:
        facts = order(
            line("a", quantity=2, price="0"),
            shipping=ShippingFacts(paid=eur("3.00"), tax=eur("0"), refunded=eur("0")),
        )
        results = play(facts, (back("a"),), (back("a"),), shipping=BY_VALUE)
        assert [each.refund for each in results] == [eur("0"), eur("3.00")]

    def test_no_units_no_shipping(self) -> None:
        facts = order(
            line("a", returned=1),
            shipping=ShippingFacts(paid=eur("3.00"), tax=eur("0"), refunded=eur("0")),
        )
        assert not given(facts).net


class DutiesTest:
    @pytest.mark.parametrize(
        ("rule", "parts"),
        [
            (BY_VALUE, [["2.00"], ["1.00"]]),
            (WHEN_ALL, [[], ["3.00"]]),
            (ShareRule.NEVER, [[], []]),
        ],
    )
    def test_by_rule(self, rule: ShareRule, parts: list[list[str]]) -> None:
        results = play(shipped(duties="3.00"), (back("a"),), (back("b", 2),), duties=rule)
        assert [amounts(each, Kind.DUTIES) for each in results] == parts

    def test_they_carry_no_tax(self) -> None:
        result = given(shipped(duties="3.00"), back("a"))
        assert node(result, Kind.DUTIES).tax is None
        assert node(result, Kind.DUTIES).without_tax == Money.of("2.00", "EUR")
