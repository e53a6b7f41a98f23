"""The figures that must hold, each worked out by hand."""

from decimal import Decimal

import pytest

from apps.core.money import Money
from apps.orders.calculator.facts import DiscountKind, ThresholdDiscount
from apps.orders.calculator.taxes import tax_inside
from apps.orders.calculator.tenders import Leg
from apps.orders.calculator.terms import Bonus, ReturnFee, TenderOrder, ThresholdRule
from apps.orders.calculator.tests.build import (
    back,
    card,
    credit,
    eur,
    given,
    item,
    line,
    off,
    order,
    play,
    swap,
)
from apps.orders.calculator.tree import Kind


class VectorTest:
    @pytest.mark.parametrize(
        ("total", "currency", "steps", "refunds"),
        [
            ("10.00", "EUR", (1, 1, 1), ["3.33", "3.34", "3.33"]),
            ("100", "JPY", (1, 2), ["33", "67"]),
            ("1.000", "KWD", (1, 1, 1), ["0.333", "0.334", "0.333"]),
        ],
    )
    def test_units_one_by_one(
        self, total: str, currency: str, steps: tuple[int, ...], refunds: list[str]
    ) -> None:
        facts = order(line(quantity=3, currency=currency, total=Money.of(total, currency)))
        results = play(facts, *((back(quantity=step),) for step in steps))
        assert [f"{each.refund.amount:f}" for each in results] == refunds

    def test_ten_shirts_at_a_quarter_off(self) -> None:
        facts = order(line(quantity=10, price="23.90", discounts=(off("59.75"),)))
        assert given(facts, back(quantity=10)).refund == eur("179.25")

    def test_order_discount_over_three_lines(self) -> None:
        parts = eur("10.00").allocate([2999, 1550, 725])
        assert parts == [eur("5.69"), eur("2.94"), eur("1.37")]
        facts = order(
            line("a", price="29.99", discounts=(off("5.69"),)),
            line("b", price="15.50", discounts=(off("2.94"),)),
            line("c", price="7.25", discounts=(off("1.37"),)),
        )
        refunds = [given(facts, back(key)).refund for key in "abc"]
        assert refunds == [eur("24.30"), eur("12.56"), eur("5.88")]

    @pytest.mark.parametrize(
        ("rule", "refund"),
        [(ThresholdRule.PRORATE, "225.00"), (ThresholdRule.REQUALIFY, "220.00")],
    )
    def test_threshold_of_300_with_one_of_six_kept(self, rule: ThresholdRule, refund: str) -> None:
        ten = ThresholdDiscount(
            id="ten",
            label="10 % from 300",
            kind=DiscountKind.THRESHOLD,
            lines=("a",),
            threshold=eur(300),
            percent=Decimal(10),
        )
        facts = order(
            line(quantity=6, price="50.00", discounts=(off("30.00", "ten"),)), discounts=(ten,)
        )
        assert given(facts, back(quantity=5), threshold=rule).refund == eur(refund)

    @pytest.mark.parametrize(
        ("rule", "refund"), [(ThresholdRule.PRORATE, "20.00"), (ThresholdRule.REQUALIFY, "0.00")]
    )
    def test_buy_three_pay_two_with_one_back(self, rule: ThresholdRule, refund: str) -> None:
        offer = ThresholdDiscount(
            id="3x2", label="3 for 2", kind=DiscountKind.MULTI_BUY, lines=("a",), buy=3, pay=2
        )
        facts = order(
            line(quantity=3, price="30.00", discounts=(off("30.00", "3x2"),)), discounts=(offer,)
        )
        assert given(facts, back(), threshold=rule).refund == eur(refund)

    def test_tax_inside_fifty_at_21_percent(self) -> None:
        tax = tax_inside(eur("50.00"), Decimal(21))
        assert tax == eur("8.68")
        result = given(order(line(price="50.00", tax=tax)), back())
        assert result.line_amounts["a"].tax == eur("8.68")
        assert result.line_amounts["a"].net == eur("41.32")

    def test_exchange_with_fee_and_bonus(self) -> None:
        result = given(
            order(line(price="45.00")),
            swap("a", item("60.00")),
            return_fee=ReturnFee(amount=eur("2.95")),
            bonus=Bonus(flat=eur("5.00")),
        )
        assert result.due == eur("12.95")
        assert result.net == -eur("12.95")
        assert not result.refund
        assert result.legs == ()

    @pytest.mark.parametrize(
        ("how", "legs"),
        [
            (TenderOrder.CREDIT_FIRST, (("credit", "25.00"), ("card", "35.00"))),
            (TenderOrder.PRO_RATA, (("credit", "15.00"), ("card", "45.00"))),
        ],
    )
    def test_two_tenders(self, how: TenderOrder, legs: tuple[tuple[str, str], ...]) -> None:
        facts = order(
            line("a", price="60.00"),
            line("b", price="40.00"),
            tenders=(credit("25.00"), card("75.00")),
        )
        result = given(facts, back("a"), tender_order=how)
        assert result.legs == tuple(Leg(key, eur(amount)) for key, amount in legs)

    def test_recovery_of_one_of_two_lines(self) -> None:
        facts = order(line("a", price="40.00"), line("b", price="30.00"))
        fee = ReturnFee(amount=eur("4.95"))
        result = given(facts, back("a"), back("b"), return_fee=fee)
        assert result.refund == eur("65.05")
        assert result.recoverable({"b": 1}) == eur("30.00")
        assert result.recoverable({"a": 1, "b": 1}) == eur("65.05")
        assert result.tree.part(Kind.FEES) == -eur("4.95")
