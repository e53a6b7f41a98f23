from dataclasses import replace
from decimal import Decimal

import pytest

from apps.core.money import Money
from apps.orders.calculator.facts import FactsContradict
from apps.orders.calculator.tests.build import (
    amounts,
    back,
    card,
    eur,
    given,
    line,
    node,
    off,
    order,
    play,
)
from apps.orders.calculator.tree import Kind


class ReturnedGoodsTest:
    def test_tree_of_a_discounted_part(self) -> None:
        """3 of 4 shirts, 23.90 each, 23.90 and 6.00 off: paid 65.70, so 49.275 -> 49.28."""
        facts = order(line(quantity=4, price="23.90", discounts=(off("23.90"), off("6.00"))))
        result = given(facts, back(quantity=3))
        [shirts] = result.tree.children[0].children
        assert [str(each.amount.amount) for each in shirts.children] == [
            "71.70",
            "-17.93",
            "-4.50",
            "0.01",
        ]
        assert shirts.children[-1].kind is Kind.ROUNDING
        assert shirts.amount == eur("49.28")
        assert shirts.steps == ("65.70 x 3/4 - 65.70 x 0/4 = 49.28 - 0.00",)

    def test_a_total_that_list_price_does_not_explain_is_shown(self) -> None:
        result = given(order(line(price="10.00", total=eur("9.50"))), back())
        assert node(result, Kind.ROUNDING).amount == -eur("0.50")
        assert result.refund == eur("9.50")

    def test_included_tax_is_a_part_of_the_gross(self) -> None:
        """21 % in 10.00 is 1.74, one third of it 0.58, and 0.58 + 0.58 + 0.58 = 1.74."""
        facts = order(line(quantity=3, total=eur("10.00"), tax=eur("1.74")))
        results = play(facts, (back(),), (back(),), (back(),))
        lines = [each.line_amounts["a"] for each in results]
        assert [str(each.tax.amount) for each in lines] == ["0.58", "0.58", "0.58"]
        assert [str(each.net.amount) for each in lines] == ["2.75", "2.76", "2.75"]
        assert all(each.net + each.tax == each.gross for each in lines)

    def test_added_tax_moves_beside_the_net(self) -> None:
        """10.00 net and 0.83 tax over three units: 3.33 + 0.28, 3.34 + 0.27, 3.33 + 0.28."""
        facts = order(line(quantity=3, total=eur("10.00"), tax=eur("0.83")), tax_included=False)
        results = play(facts, (back(),), (back(),), (back(),))
        assert [str(each.refund.amount) for each in results] == ["3.61", "3.61", "3.61"]
        lines = [each.line_amounts["a"] for each in results]
        assert [str(each.net.amount) for each in lines] == ["3.33", "3.34", "3.33"]
        assert amounts(results[0], Kind.TAX) == ["0.28"]

    def test_one_line_in_two_requests_counts_on(self) -> None:
        facts = order(line(quantity=3, total=eur("10.00")))
        result = given(facts, back(), back(quantity=2))
        assert amounts(result, Kind.LINE) == ["3.33", "6.67"]
        assert result.line_amounts["a"].quantity == 3
        assert result.line_amounts["a"].gross == eur("10.00")

    def test_requests_keep_their_order(self) -> None:
        facts = order(line("a", price="1.00"), line("b", price="2.00"))
        result = given(facts, back("b"), back("a"))
        assert amounts(result, Kind.LINE) == ["2.00", "1.00"]

    def test_announced_units_are_not_yet_refunded_units(self) -> None:
        """Another live return holds one unit, but its money has not gone out."""
        pending = line(quantity=3, total=eur("10.00"), returned=1, refunded_units=0)
        assert given(order(pending), back(quantity=2)).refund == eur("6.67")
        settled = replace(pending, refunded_units=1, refunded=eur("3.33"))
        assert given(order(settled), back(quantity=2)).refund == eur("6.67")

    def test_money_only_refund_first_then_the_goods(self) -> None:
        facts = order(
            line(price="10.00", refunded=eur("4.00"), tax=eur("1.74")),
            tenders=(card("10.00", "4.00"),),
        )
        result = given(facts, back())
        assert result.refund == eur("6.00")
        assert node(result, Kind.CAPPED).amount == -eur("4.00")
        assert result.line_amounts["a"].tax == eur("1.04")

    def test_a_line_refunded_in_full_gives_nothing(self) -> None:
        facts = order(line(refunded=eur("12.00")), tenders=(card("100.00"),))
        result = given(facts, back())
        assert not result.net
        assert node(result, Kind.CAPPED).amount == -eur("10.00")

    def test_a_line_cap_is_shared_by_its_requests(self) -> None:
        facts = order(line(quantity=2, refunded=eur("5.00")), tenders=(card("20.00"),))
        assert amounts(given(facts, back(), back()), Kind.LINE) == ["10.00", "5.00"]

    def test_rejected_units_are_simply_not_asked_for(self) -> None:
        facts = order(line(quantity=3, total=eur("10.00")))
        preview = given(facts, back(quantity=3))
        accepted = given(facts, back(quantity=2))
        assert preview.refund - accepted.refund == eur("3.33")
        kept_one = replace(facts.lines[0], returned=3, refunded_units=2, refunded=eur("6.67"))
        assert kept_one.left == 0

    def test_free_goods_give_nothing(self) -> None:
        facts = order(line(price="10.00", total=eur("0"), discounts=(off("10.00"),)))
        assert not given(facts, back()).net

    def test_yen_have_no_decimals(self) -> None:
        facts = order(line(quantity=7, currency="JPY", total=Money(1000, "JPY"), price="150"))
        result = given(facts, back(quantity=3))
        assert result.refund == Money(429, "JPY")
        assert node(result, Kind.ROUNDING).amount == Money(-21, "JPY")

    @pytest.mark.parametrize(
        "counts",
        [
            {"returned": 4},
            {"returned": -1},
            {"returned": 1, "refunded_units": 2},
            {"returned": 1, "exchanged": 2},
            {"exchanged": -1},
        ],
    )
    def test_counts_that_contradict(self, counts: dict[str, int]) -> None:
        with pytest.raises(FactsContradict):
            replace(line(quantity=3), **counts)  # type: ignore[arg-type]

    def test_the_rate_is_only_used_where_nothing_was_stored(self) -> None:
        stored = line(price="50.00", tax=eur("8.68"), tax_rate=Decimal(10))
        facts = order(stored)
        assert facts.tax_of(stored, eur("25.00")) == eur("4.34")
        free = line(price="0", tax_rate=Decimal(21))
        assert facts.tax_of(free, eur("50.00")) == eur("8.68")
        assert facts.tax_within(free, eur("50.00")) == eur("8.68")
        added = replace(facts, tax_included=False)
        assert added.tax_of(free, eur("50.00")) == eur("10.50")
        assert not added.tax_of(replace(free, tax_rate=None), eur("50.00"))
        assert not facts.tax_of(replace(free, tax_rate=None), eur("50.00"))
