from decimal import Decimal

import pytest

from apps.orders.calculator.checks import NegativeAmount
from apps.orders.calculator.facts import Withheld
from apps.orders.calculator.fees import WithheldAboveValue
from apps.orders.calculator.terms import (
    FeeOverRefund,
    FeePer,
    Restocking,
    RestockingBasis,
    ReturnFee,
)
from apps.orders.calculator.tests.build import (
    amounts,
    back,
    eur,
    given,
    item,
    kept,
    line,
    node,
    off,
    order,
    play,
    swap,
)
from apps.orders.calculator.tree import Kind

FIXED = RestockingBasis.FIXED
OF_LIST = RestockingBasis.PERCENT_OF_LIST
OF_PAID = RestockingBasis.PERCENT_OF_PAID


class ReturnFeeTest:
    def test_once_per_request_with_its_tax(self) -> None:
        facts = order(line("a", price="40.00"), line("b", price="30.00"))
        fee = ReturnFee(amount=eur("4.95"), tax_rate=Decimal(21))
        result = given(facts, back("a"), back("b"), return_fee=fee)
        assert result.refund == eur("65.05")
        assert node(result, Kind.RETURN_FEE).tax == -eur("0.86")
        assert result.tree.tax == -eur("0.86")

    def test_per_parcel(self) -> None:
        fee = ReturnFee(amount=eur("4.95"), per=FeePer.PARCEL, parcels=3)
        result = given(order(line(price="40.00")), back(), return_fee=fee)
        assert node(result, Kind.RETURN_FEE).amount == -eur("14.85")
        assert node(result, Kind.RETURN_FEE).steps == ("3 x 4.95 EUR",)

    def test_parcels_do_not_matter_per_request(self) -> None:
        fee = ReturnFee(amount=eur("4.95"), parcels=3)
        assert given(order(line(price="40.00")), back(), return_fee=fee).refund == eur("35.05")

    def test_waived_when_every_reason_waives_it(self) -> None:
        facts = order(line("a", price="40.00"), line("b", price="30.00"))
        fee = ReturnFee(amount=eur("4.95"))
        both = given(
            facts, back("a", waives_fees=True), back("b", waives_fees=True), return_fee=fee
        )
        assert both.refund == eur("70.00")
        assert node(both, Kind.RETURN_FEE).steps == ("waived: 4.95 EUR",)
        one = given(facts, back("a", waives_fees=True), back("b"), return_fee=fee)
        assert one.refund == eur("65.05")

    def test_none_without_units(self) -> None:
        result = given(order(line()), return_fee=ReturnFee(amount=eur("4.95")))
        assert not result.net
        assert result.tree.children == ()

    def test_above_the_refund_it_stops_at_zero(self) -> None:
        fee = ReturnFee(amount=eur("4.95"), tax_rate=Decimal(21))
        result = given(order(line(price="3.00")), back(), return_fee=fee)
        assert not result.net
        assert node(result, Kind.CAPPED).amount == eur("1.95")
        assert node(result, Kind.CAPPED).tax == eur("0.34")

    def test_above_the_refund_it_is_collected(self) -> None:
        result = given(
            order(line(price="3.00")),
            back(),
            return_fee=ReturnFee(amount=eur("4.95")),
            fee_over_refund=FeeOverRefund.COLLECT,
        )
        assert result.due == eur("1.95")
        assert not result.refund

    def test_in_an_exchange_it_adds_to_what_is_due(self) -> None:
        result = given(
            order(line(price="45.00")),
            swap("a", item("60.00")),
            return_fee=ReturnFee(amount=eur("2.95")),
        )
        assert result.due == eur("17.95")

    @pytest.mark.parametrize(
        "fee",
        [ReturnFee(amount=-eur("1.00")), ReturnFee(amount=eur("1.00"), parcels=-1)],
    )
    def test_never_negative(self, fee: ReturnFee) -> None:
        with pytest.raises(NegativeAmount):
            given(order(line()), back(), return_fee=fee)


class RestockingTest:
    @pytest.mark.parametrize(
        ("restocking", "fee"),
        [
            (Restocking(basis=FIXED, fixed=eur("1.50")), "-3.00"),
            (Restocking(basis=FIXED), "0.00"),
            (Restocking(basis=OF_LIST, percent=Decimal("12.5")), "-5.00"),
            (Restocking(basis=OF_PAID, percent=Decimal("12.5")), "-4.00"),
        ],
    )
    def test_per_item(self, restocking: Restocking, fee: str) -> None:
        """Two of three at 20.00 list, 16.00 paid."""
        facts = order(line(quantity=3, price="20.00", discounts=(off("12.00"),)))
        result = given(facts, back(quantity=2), restocking=restocking)
        assert amounts(result, Kind.RESTOCKING) == [fee]

    def test_never_above_the_value_of_the_line(self) -> None:
        facts = order(line("a", price="2.00"), line("b", price="40.00"))
        restocking = Restocking(basis=FIXED, fixed=eur("5.00"))
        result = given(facts, back("a"), back("b"), restocking=restocking)
        assert amounts(result, Kind.RESTOCKING) == ["-2.00", "-5.00"]
        first = result.tree.children[1].children[0]
        assert first.steps == ("5.00 EUR stops at the value of the goods",)
        assert result.refund == eur("35.00")

    def test_waived_by_reason_per_unit(self) -> None:
        facts = order(line("a", price="20.00"), line("b", price="40.00"))
        restocking = Restocking(basis=FIXED, fixed=eur("5.00"))
        result = given(facts, back("a", waives_fees=True), back("b"), restocking=restocking)
        assert amounts(result, Kind.RESTOCKING) == ["0.00", "-5.00"]

    def test_it_carries_the_tax_of_the_line(self) -> None:
        facts = order(line(price="50.00", tax=eur("8.68")))
        restocking = Restocking(basis=OF_PAID, percent=Decimal(10))
        result = given(facts, back(), restocking=restocking)
        assert node(result, Kind.RESTOCKING).tax == -eur("0.87")
        assert result.line_amounts["a"].withheld == -eur("5.00")
        assert result.line_amounts["a"].gross == eur("50.00")
        assert result.value_of("a", 1) == eur("45.00")

    @pytest.mark.parametrize(
        "restocking",
        [
            Restocking(basis=FIXED, fixed=-eur("1.00")),
            Restocking(basis=OF_LIST, percent=Decimal(-1)),
        ],
    )
    def test_never_negative(self, restocking: Restocking) -> None:
        with pytest.raises(NegativeAmount):
            given(order(line()), back(), restocking=restocking)


class WithheldTest:
    def test_a_kept_sum_is_a_signed_taxed_line(self) -> None:
        facts = order(line(price="50.00", tax=eur("8.68")))
        result = given(facts, back(withheld=(kept("10.00"),)))
        assert result.refund == eur("40.00")
        damage = node(result, Kind.WITHHELD)
        assert (damage.label, damage.amount, damage.tax) == ("Damage", -eur("10.00"), -eur("1.74"))

    def test_it_is_never_paid_with_the_last_unit(self) -> None:
        facts = order(line(quantity=3, total=eur("10.00")))
        results = play(facts, (back(withheld=(kept("2.00"),)),), (back(),), (back(),))
        assert [each.refund for each in results] == [eur("1.33"), eur("3.34"), eur("3.33")]

    def test_with_restocking_it_stays_within_the_line(self) -> None:
        restocking = Restocking(basis=FIXED, fixed=eur("5.00"))
        result = given(
            order(line(price="10.00")), back(withheld=(kept("8.00"),)), restocking=restocking
        )
        assert amounts(result, Kind.RESTOCKING) == ["-2.00"]
        assert not result.net

    def test_more_than_the_value_is_refused_with_both_figures(self) -> None:
        with pytest.raises(WithheldAboveValue) as refused:
            given(order(line(price="10.00")), back(withheld=(kept("8.00"), kept("3.00"))))
        assert refused.value.details == {
            "line": "a",
            "withheld": {"amount": "11.00", "currency": "EUR"},
            "value": {"amount": "10.00", "currency": "EUR"},
        }

    def test_a_sum_above_zero_is_given_on_top_and_capped(self) -> None:
        extra = Withheld(label="Sorry", amount=eur("3.00"))
        facts = order(line("a", price="10.00"), line("b", price="1.00"))
        result = given(facts, back(withheld=(extra,)))
        assert result.refund == eur("11.00")
        assert node(result, Kind.CAPPED).amount == -eur("2.00")
