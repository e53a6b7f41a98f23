"""Each setting of the store reaches the sum: two lines of 50.00, figures by hand."""

import json
from typing import Any

import pytest

from apps.accounts.mixins.preferences import PreferenceFields
from apps.accounts.models import StorePreferences
from apps.core.money import CurrencyMismatch, Money
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.calculate import calculate
from apps.orders.calculator.facts import (
    Allocation,
    DiscountKind,
    ExchangeItem,
    LineFacts,
    OrderFacts,
    ShippingFacts,
    TenderFacts,
    ThresholdDiscount,
    UnitRequest,
    Wish,
)
from apps.orders.calculator.terms import Destination, FeePer, Terms
from apps.orders.dtos import MethodChoice
from apps.orders.modules.discounts.terms import FrozenTerms

FROZEN = {
    "shipping_rule",
    "threshold_rule",
    "fee_over_refund",
    "tender_order",
    "restocking_kind",
    "restocking_fixed_minor",
    "restocking_percent",
    "bonus_kind",
    "bonus_flat_minor",
    "bonus_percent",
    "difference_basis",
}
NOT_MONEY = {
    "window_start",
    "return_window_days",
    "exchange_window_days",
    "refund_methods",
    "exchanges_enabled",
    "auto_approve",
    "auto_accept_on_receipt",
    "lookup",
    "proof_first",
    "not_shipped_cancel_days",
    "branding",
    "policy_url",
    "credit_at",
}


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def line(key: str, **more: Any) -> LineFacts:
    return LineFacts(
        **{
            "id": key,
            "label": key,
            "quantity": 1,
            "unit_price": eur(5000),
            "total": eur(5000),
            "tax": eur(0),
            **more,
        }
    )


def order(*lines: LineFacts, **more: Any) -> OrderFacts:
    whole = Money.total((each.total for each in lines), "EUR") + eur(600)
    card = TenderFacts(id="card", kind="card", captured=whole - eur(2500), refunded=eur(0))
    credit = TenderFacts(
        id="credit", kind="credit", captured=eur(2500), refunded=eur(0), is_credit=True
    )
    shipping = ShippingFacts(paid=eur(600), tax=eur(0), refunded=eur(0))
    return OrderFacts(
        **{
            "currency": "EUR",
            "tax_included": True,
            "lines": lines,
            "tenders": (credit, card),
            "shipping": shipping,
            **more,
        }
    )


SHOES, HAT = UnitRequest(line_id="shoes", quantity=1), UnitRequest(line_id="hat", quantity=1)
TWO = order(line("shoes"), line("hat"))


def frozen(*, price: Money | None = None, per_parcel: bool = False, **settings: Any) -> FrozenTerms:
    method = MethodChoice(name="Post", price=price, per_parcel=per_parcel)
    terms = FrozenTerms.freeze(StorePreferences(**settings), method, 2, "EUR")
    return FrozenTerms(json.loads(json.dumps(terms.stored)))


def paid(
    *units: UnitRequest,
    of: OrderFacts = TWO,
    to: str = "original",
    **settings: Any,
) -> Breakdown:
    return calculate(of, units or (SHOES, HAT), frozen(**settings).for_method(to))


class EveryPreferenceTest:
    def test_each_is_either_frozen_or_not_of_money(self) -> None:
        """A new preference must be put in one of the two lists, and tested when it is money."""
        assert set(PreferenceFields.synced_fields()) == FROZEN | NOT_MONEY

    @pytest.mark.parametrize(
        ("rule", "both", "one"),
        [
            ("never", 10_000, 5000),
            ("when_all_returned", 10_600, 5000),
            ("share_by_value", 10_600, 5300),
        ],
    )
    def test_shipping(self, rule: str, both: int, one: int) -> None:
        assert paid(shipping_rule=rule).net == eur(both)
        assert paid(SHOES, shipping_rule=rule).net == eur(one)

    @pytest.mark.parametrize(("rule", "net"), [("prorate", 22_500), ("requalify", 22_000)])
    def test_threshold(self, rule: str, net: int) -> None:
        """6 x 50, 10 % off from 300, 5 come back."""
        item = line(
            "shoes",
            quantity=6,
            total=eur(27_000),
            discounts=(Allocation(label="10 %", amount=eur(3000), ref="d"),),
        )
        offer = ThresholdDiscount(
            id="d",
            label="10 %",
            kind=DiscountKind.THRESHOLD,
            lines=("shoes",),
            threshold=eur(30_000),
        )
        five = UnitRequest(line_id="shoes", quantity=5)
        sale = order(item, discounts=(offer,))
        assert paid(five, of=sale, threshold_rule=rule).net == eur(net)

    def test_restocking(self) -> None:
        assert paid(SHOES, restocking_kind="none", restocking_fixed_minor=9).net == eur(5000)
        assert paid(SHOES, restocking_kind="fixed", restocking_fixed_minor=250).net == eur(4750)
        dear = order(line("shoes", unit_price=eur(8000)))
        percent: dict[str, Any] = {
            "restocking_percent": "12.50",
            "of": dear,
            "shipping_rule": "never",
        }
        assert paid(SHOES, restocking_kind="percent_of_list", **percent).net == eur(4000)
        assert paid(SHOES, restocking_kind="percent_of_paid", **percent).net == eur(4375)

    def test_the_return_fee_is_per_request_or_per_parcel(self) -> None:
        assert paid(SHOES, price=eur(495)).net == eur(4505)
        assert paid(SHOES, price=eur(495), per_parcel=True).net == eur(4010)
        assert frozen(price=eur(0)).for_method("original").return_fee is None

    def test_a_fee_above_the_refund(self) -> None:
        assert paid(SHOES, price=eur(6000), fee_over_refund="cap").net == eur(0)
        assert paid(SHOES, price=eur(6000), fee_over_refund="collect").net == eur(-1000)

    @pytest.mark.parametrize(
        ("rule", "legs"),
        [("credit_first", [2500, 2500]), ("pro_rata", [1179, 3821])],
    )
    def test_tenders(self, rule: str, legs: list[int]) -> None:
        """50.00 from 25.00 credit and 81.00 card: 50 x 25 / 106 is 11.79."""
        assert [leg.amount.minor for leg in paid(SHOES, tender_order=rule).legs] == legs

    @pytest.mark.parametrize(("basis", "refs"), [("basket", ["basket"]), ("item", ["shoes"])])
    def test_the_basis_of_the_difference(self, basis: str, refs: list[str]) -> None:
        goods = ExchangeItem(
            variant_id="v", label="Boots", unit_price=eur(6000), quantity=1, tax=eur(0)
        )
        swap = UnitRequest(line_id="shoes", quantity=1, wish=Wish.EXCHANGE, exchange=goods)
        result = paid(swap, difference_basis=basis)
        assert [each.ref for each in result.differences] == refs
        assert result.differences[0].amount == eur(1000)


class BonusTest:
    def test_a_flat_one_is_for_credit_and_never_cash(self) -> None:
        flat: dict[str, Any] = {
            "bonus_kind": "flat",
            "bonus_flat_minor": 300,
            "bonus_percent": "50",
        }
        assert paid(SHOES, to="store_credit", **flat).net == eur(5300)
        assert paid(SHOES, to="original", **flat).net == eur(5000)
        assert paid(SHOES, to="bank_transfer", **flat).net == eur(5000)

    def test_a_percentage_counts_real_money_only(self) -> None:
        """Of 50.00 given back 25.00 were paid with credit: 10 % of the other 25.00."""
        percent: dict[str, Any] = {
            "bonus_kind": "percent",
            "bonus_percent": "10",
            "bonus_flat_minor": 9999,
        }
        assert paid(SHOES, to="store_credit", **percent).net == eur(5250)

    def test_for_new_goods_it_lowers_what_is_due(self) -> None:
        """60.00 - 50.00 - 3.00 bonus."""
        goods = ExchangeItem(
            variant_id="v", label="Boots", unit_price=eur(6000), quantity=1, tax=eur(0)
        )
        swap = UnitRequest(line_id="shoes", quantity=1, wish=Wish.EXCHANGE, exchange=goods)
        flat: dict[str, Any] = {"bonus_kind": "flat", "bonus_flat_minor": 300}
        assert paid(swap, **flat).due == eur(700)

    def test_none_is_none(self) -> None:
        assert paid(SHOES, to="store_credit", bonus_flat_minor=300).net == eur(5000)


class FrozenTermsTest:
    @pytest.mark.parametrize(
        ("method", "destination"),
        [
            ("original", Destination.ORIGINAL),
            ("elsewhere", Destination.ORIGINAL),
            ("bank_transfer", Destination.BANK),
            ("store_credit", Destination.CREDIT),
        ],
    )
    def test_the_method_sets_where_it_goes(self, method: str, destination: Destination) -> None:
        assert frozen().for_method(method).destination is destination

    def test_a_round_trip_through_json_changes_nothing(self) -> None:
        settings: dict[str, Any] = {
            "price": eur(495),
            "per_parcel": True,
            "restocking_kind": "percent_of_list",
            "restocking_percent": "12.50",
            "bonus_kind": "percent",
            "bonus_percent": "7.5",
        }
        terms = frozen(**settings)
        again = FrozenTerms(json.loads(json.dumps(terms.stored)))
        assert again.for_method("original") == terms.for_method("original")
        fee = again.for_method("original").return_fee
        assert fee is not None
        assert (fee.per, fee.parcels, fee.label) == (FeePer.PARCEL, 2, "Post")

    def test_plain_terms_take_and_give_nothing(self) -> None:
        plain = FrozenTerms.plain("EUR").for_method("elsewhere")
        assert (plain.return_fee, plain.restocking, plain.bonus) == (None, None, None)
        assert calculate(TWO, (SHOES, HAT), plain).net == eur(10_000)

    def test_the_stores_defaults_are_the_calculator_s(self) -> None:
        assert frozen().for_method("original") == Terms()

    def test_a_method_priced_in_another_currency_is_refused(self) -> None:
        with pytest.raises(CurrencyMismatch):
            frozen(price=Money(495, "USD"))
