"""Tenders, the order's cap, and refusals."""

from dataclasses import replace
from decimal import Decimal

import pytest

from apps.core.money import CurrencyMismatch, Money
from apps.orders.calculator.calculate import OverAsk, calculate
from apps.orders.calculator.checks import (
    ExchangeIncomplete,
    QuantityNotPositive,
    TooManyUnits,
    UnknownLine,
)
from apps.orders.calculator.facts import OrderFacts, UnitRequest, Wish
from apps.orders.calculator.tenders import Leg
from apps.orders.calculator.terms import Bonus, Destination, ReturnFee, TenderOrder, Terms
from apps.orders.calculator.tests.build import (
    back,
    card,
    credit,
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

PRO_RATA = TenderOrder.PRO_RATA


class TenderTest:
    def paid(self) -> OrderFacts:
        return order(
            line(quantity=10, price="10.00"),
            tenders=(card("30.00", key="one"), credit("25.00"), card("45.00", key="two")),
        )

    def test_credit_first_then_as_configured(self) -> None:
        results = play(self.paid(), (back(quantity=2),), (back(quantity=6),))
        assert results[0].legs == (Leg("credit", eur("20.00")),)
        assert results[1].legs == (
            Leg("credit", eur("5.00")),
            Leg("one", eur("30.00")),
            Leg("two", eur("25.00")),
        )

    def test_pro_rata_to_what_is_left(self) -> None:
        results = play(self.paid(), (back(quantity=3),), (back(quantity=7),), tender_order=PRO_RATA)
        assert [leg.amount for leg in results[0].legs] == [
            eur("9.00"),
            eur("7.50"),
            eur("13.50"),
        ]
        assert [leg.amount for leg in results[1].legs] == [
            eur("21.00"),
            eur("17.50"),
            eur("31.50"),
        ]

    @pytest.mark.parametrize("how", list(TenderOrder))
    def test_an_empty_payment_gives_no_leg(self, how: TenderOrder) -> None:
        facts = order(line(), tenders=(card("9.00", "9.00", "old"), card("10.00")))
        assert given(facts, back(), tender_order=how).legs == (Leg("card", eur("10.00")),)


class CapTest:
    @pytest.mark.parametrize("how", list(TenderOrder))
    def test_a_suggestion_is_held_visibly(self, how: TenderOrder) -> None:
        facts = order(line(price="50.00", tax=eur("8.68")), tenders=(card("50.00", "20.00"),))
        result = given(facts, back(), tender_order=how)
        assert result.refund == eur("30.00")
        cut = node(result, Kind.CAPPED)
        assert (cut.amount, cut.tax) == (-eur("20.00"), -eur("3.47"))
        assert cut.steps == ("captured and not yet given back: 30.00 EUR",)

    def test_nothing_captured_gives_nothing(self) -> None:
        for how in TenderOrder:
            result = given(order(line(), tenders=()), back(), tender_order=how)
            assert not result.net
            assert result.legs == ()

    def test_over_refunded_payments_count_against_the_order(self) -> None:
        facts = order(line(), tenders=(card("10.00", "14.00", "one"), card("10.00")))
        assert given(facts, back()).refund == eur("6.00")

    def test_value_given_back_elsewhere_counts(self) -> None:
        facts = order(line(), elsewhere=eur("7.50"))
        assert given(facts, back()).refund == eur("2.50")

    def test_exchange_value_is_value_given_back(self) -> None:
        facts = order(line(price="45.00"), tenders=(card("45.00", "45.00"),))
        result = given(facts, swap("a", item("45.00")))
        assert result.due == eur("45.00")
        assert not result.given_back

    def test_given_back_counts_new_goods(self) -> None:
        result = given(order(line(price="45.00")), swap("a", item("40.00")))
        assert result.refund == eur("5.00")
        assert result.given_back == eur("45.00")


class AskedTest:
    def test_by_hand_above_and_below_the_suggestion(self) -> None:
        facts = order(line("a", price="10.00"), line("b", price="5.00"))
        for amount, rest in (("12.00", "2.00"), ("0.00", "-10.00")):
            result = calculate(facts, (back("a"),), Terms(), asked=eur(amount))
            assert result.refund == eur(amount)
            assert node(result, Kind.BY_HAND).amount == eur(rest)

    def test_the_suggestion_itself_needs_no_correction(self) -> None:
        result = calculate(order(line()), (back(),), Terms(), asked=eur("10.00"))
        assert [each.kind for each in result.tree.children] == [Kind.GOODS]

    def test_money_only(self) -> None:
        result = calculate(order(line()), (), Terms(), asked=eur("4.00"))
        assert result.refund == eur("4.00")
        assert result.line_amounts == {}
        assert result.legs == (Leg("card", eur("4.00")),)

    @pytest.mark.parametrize("amount", ["6.01", "-0.01"])
    def test_over_ask_is_refused_with_both_figures(self, amount: str) -> None:
        facts = order(line(), tenders=(card("10.00", "4.00"),))
        with pytest.raises(OverAsk) as refused:
            calculate(facts, (back(),), Terms(), asked=eur(amount))
        assert refused.value.details == {
            "asked": {"amount": amount, "currency": "EUR"},
            "cap": {"amount": "6.00", "currency": "EUR"},
        }

    def test_new_goods_take_their_part_of_the_cap(self) -> None:
        facts = order(line(price="45.00"))
        with pytest.raises(OverAsk):
            calculate(facts, (swap("a", item("40.00")),), Terms(), asked=eur("5.01"))

    def test_no_bonus_beside_a_sum_set_by_hand(self) -> None:
        terms = Terms(bonus=Bonus(flat=eur("5.00")), destination=Destination.CREDIT)
        result = calculate(order(line()), (back(),), terms, asked=eur("10.00"))
        assert result.refund == eur("10.00")
        assert not result.tree.part(Kind.BONUS)

    def test_in_another_currency(self) -> None:
        with pytest.raises(CurrencyMismatch):
            calculate(order(line()), (), Terms(), asked=Money.of("1.00", "USD"))


class RefusalTest:
    @pytest.mark.parametrize(
        ("units", "refusal"),
        [
            ((back("z"),), UnknownLine),
            ((back("a", 0),), QuantityNotPositive),
            ((back("a", -1),), QuantityNotPositive),
            ((back("a", True),), QuantityNotPositive),
            ((UnitRequest(line_id="a", quantity=1.5),), QuantityNotPositive),  # type: ignore[arg-type]
            ((back("a", 3),), TooManyUnits),
            ((back("a", 2), back("a", 1)), TooManyUnits),
            ((back("a", wish=Wish.EXCHANGE),), ExchangeIncomplete),
            ((back("a", exchange=item("1.00")),), ExchangeIncomplete),
            ((swap("a", item("1.00", quantity=0)),), QuantityNotPositive),
        ],
    )
    def test_units(self, units: tuple[UnitRequest, ...], refusal: type[Exception]) -> None:
        facts = order(line(quantity=3, returned=1))
        with pytest.raises(refusal):
            given(facts, *units)

    def test_too_many_says_how_many_are_left(self) -> None:
        with pytest.raises(TooManyUnits) as refused:
            given(order(line(quantity=3, returned=1)), back(quantity=3))
        assert refused.value.details == {"line": "a", "asked": 3, "left": 2}

    def test_mixed_currencies(self) -> None:
        usd = Money.of("1.00", "USD")
        facts = order(line())
        for broken in (
            replace(facts, currency="USD"),
            replace(facts, elsewhere=usd),
            replace(facts, lines=(replace(facts.lines[0], refunded=usd),)),
        ):
            with pytest.raises(CurrencyMismatch):
                given(broken, back())
        with pytest.raises(CurrencyMismatch):
            given(facts, back(), return_fee=ReturnFee(amount=usd, tax_rate=Decimal(21)))
        with pytest.raises(CurrencyMismatch):
            given(facts, swap("a", replace(item("1.00"), unit_price=usd)))
