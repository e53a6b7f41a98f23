from decimal import Decimal

import pytest

from apps.orders.calculator.checks import NegativeAmount
from apps.orders.calculator.exchange import Difference
from apps.orders.calculator.facts import OrderFacts
from apps.orders.calculator.terms import Bonus, Destination, DifferenceBasis, TenderOrder
from apps.orders.calculator.tests.build import (
    amounts,
    back,
    card,
    credit,
    eur,
    given,
    item,
    line,
    node,
    off,
    order,
    swap,
)
from apps.orders.calculator.tree import Kind

CREDIT = Destination.CREDIT


class ExchangeTest:
    def test_uplift_downsell_and_even(self) -> None:
        facts = order(line(price="45.00"))
        nets = [given(facts, swap("a", item(price))).net for price in ("60.00", "40.00", "45.00")]
        assert nets == [-eur("15.00"), eur("5.00"), eur("0.00")]

    def test_the_old_discount_is_carried_over(self) -> None:
        """40.00 at 25 % off was 30.00; the new one at 50.00 costs 37.50."""
        facts = order(line(price="40.00", discounts=(off("10.00"),)))
        result = given(facts, swap("a", item("50.00")))
        assert result.due == eur("7.50")
        new = node(result, Kind.EXCHANGE)
        assert [str(each.amount.amount) for each in new.children] == ["-50.00", "12.50"]
        assert given(facts, swap("a", item("50.00")), carry_discount=False).due == eur("20.00")

    @pytest.mark.parametrize("returned", [0, 1, 2])
    def test_an_even_exchange_is_even_to_the_cent(self, returned: int) -> None:
        facts = order(
            line(quantity=3, price="5.00", total=eur("10.00"), returned=returned),
        )
        assert not given(facts, swap("a", item("5.00"))).net

    @pytest.mark.parametrize("returned", [0, 1, 2])
    def test_an_even_exchange_is_even_where_tax_is_added(self, returned: int) -> None:
        facts = order(
            line(
                quantity=3,
                price="5.00",
                total=eur("10.00"),
                tax=eur("0.83"),
                tax_rate=Decimal("8.25"),
                returned=returned,
            ),
            tax_included=False,
        )
        even = item("5.00", tax="0.41", rate="8.25")
        assert not given(facts, swap("a", even)).net

    def test_tax_added_goes_with_the_discounted_price(self) -> None:
        """New goods 20.00 less half carried, 10 % tax: 11.00 against 5.50."""
        facts = order(
            line(price="10.00", discounts=(off("5.00"),), tax=eur("0.50")), tax_included=False
        )
        result = given(facts, swap("a", item("20.00", tax="2.00")))
        assert node(result, Kind.EXCHANGE).amount == -eur("11.00")
        assert node(result, Kind.EXCHANGE).tax == -eur("1.00")
        assert result.due == eur("5.50")

    def test_a_line_without_a_list_price_carries_nothing(self) -> None:
        assert given(order(line(price="0")), swap("a", item("8.00"))).due == eur("8.00")

    def test_a_discount_above_the_list_price_makes_the_new_goods_free_at_most(self) -> None:
        facts = order(line(price="5.00", total=-eur("1.00")), line("b", price="20.00"))
        result = given(facts, swap("a", item("8.00")))
        assert result.tree.part(Kind.NEW_GOODS) == eur("0")
        assert result.due == eur("1.00")

    def test_free_new_goods(self) -> None:
        assert given(order(line(price="8.00")), swap("a", item("0"))).refund == eur("8.00")

    def test_a_surcharge_on_the_old_line_is_not_a_discount(self) -> None:
        facts = order(line(price="10.00", total=eur("11.00")))
        assert given(facts, swap("a", item("10.00"))).refund == eur("1.00")

    def test_one_line_into_two_outcomes(self) -> None:
        facts = order(line(quantity=2, price="20.00"))
        result = given(facts, back(), swap("a", item("25.00")))
        assert result.refund == eur("15.00")
        assert result.line_amounts["a"].quantity == 2

    def test_differences_for_the_basket_and_by_item(self) -> None:
        facts = order(line("a", price="20.00"), line("b", price="30.00"), line("c", price="5.00"))
        units = (swap("a", item("25.00")), swap("b", item("18.00")), back("c"))
        basket = given(facts, *units)
        assert basket.differences == (Difference("basket", -eur("12.00")),)
        by_item = given(facts, *units, difference=DifferenceBasis.ITEM)
        assert by_item.differences == (
            Difference("a", eur("5.00")),
            Difference("b", -eur("12.00")),
        )
        assert by_item.net == basket.net == eur("12.00")
        assert given(facts, back("c")).differences == ()

    @pytest.mark.parametrize(("price", "tax"), [("-1.00", "0"), ("1.00", "-0.10")])
    def test_new_goods_never_cost_less_than_nothing(self, price: str, tax: str) -> None:
        with pytest.raises(NegativeAmount):
            given(order(line()), swap("a", item(price, tax=tax)))


class BonusTest:
    def mixed(self) -> OrderFacts:
        return order(
            line("a", price="60.00"),
            line("b", price="40.00"),
            tenders=(credit("25.00"), card("75.00")),
        )

    def test_percent_on_credit(self) -> None:
        result = given(
            order(line(price="60.00")),
            back(),
            bonus=Bonus(percent=Decimal(10)),
            destination=CREDIT,
        )
        assert result.refund == eur("66.00")
        assert [leg.amount for leg in result.legs] == [eur("60.00")]
        assert result.given_back == eur("60.00")

    @pytest.mark.parametrize("destination", [Destination.ORIGINAL, Destination.BANK])
    def test_never_in_cash(self, destination: Destination) -> None:
        result = given(
            order(line(price="60.00")),
            back(),
            bonus=Bonus(flat=eur("5.00")),
            destination=destination,
        )
        assert result.refund == eur("60.00")

    @pytest.mark.parametrize(
        ("how", "bonus"),
        [(TenderOrder.CREDIT_FIRST, "3.50"), (TenderOrder.PRO_RATA, "4.50")],
    )
    def test_never_on_goods_paid_with_credit(self, how: TenderOrder, bonus: str) -> None:
        """Of 60.00, 35.00 (credit first) or 45.00 (pro rata) was real money."""
        result = given(
            self.mixed(),
            back("a"),
            bonus=Bonus(percent=Decimal(10)),
            destination=CREDIT,
            tender_order=how,
        )
        assert amounts(result, Kind.BONUS) == [bonus]

    def test_all_credit_earns_none(self) -> None:
        result = given(
            order(line(price="20.00"), tenders=(credit("20.00"),)),
            back(),
            bonus=Bonus(flat=eur("5.00")),
            destination=CREDIT,
        )
        assert result.refund == eur("20.00")

    def test_in_an_exchange_it_only_lowers_what_is_due(self) -> None:
        facts = order(line(price="45.00"))
        bonus = Bonus(flat=eur("5.00"))
        dues = [
            given(facts, swap("a", item(price)), bonus=bonus).net
            for price in ("60.00", "47.00", "40.00")
        ]
        assert dues == [-eur("10.00"), eur("0.00"), eur("5.00")]

    def test_refunded_units_earn_none_beside_an_exchange(self) -> None:
        facts = order(line("a", price="10.00"), line("b", price="90.00"))
        result = given(
            facts, swap("a", item("150.00")), back("b"), bonus=Bonus(percent=Decimal(10))
        )
        assert amounts(result, Kind.BONUS) == ["1.00"]
        assert result.due == eur("49.00")

    def test_goods_only(self) -> None:
        result = given(order(line()), bonus=Bonus(flat=eur("5.00")), destination=CREDIT)
        assert not result.net

    def test_none_of_nothing(self) -> None:
        result = given(order(line()), back(), bonus=Bonus(), destination=CREDIT)
        assert amounts(result, Kind.BONUS) == []

    @pytest.mark.parametrize("bonus", [Bonus(flat=-eur("1.00")), Bonus(percent=Decimal("-0.5"))])
    def test_never_negative(self, bonus: Bonus) -> None:
        with pytest.raises(NegativeAmount):
            given(order(line()), back(), bonus=bonus)
