from dataclasses import replace
from decimal import Decimal

import pytest

from apps.orders.calculator.breakdown import Breakdown, NotInBreakdown
from apps.orders.calculator.facts import ShippingFacts
from apps.orders.calculator.terms import Bonus, ReturnFee
from apps.orders.calculator.tests.build import (
    back,
    eur,
    given,
    item,
    kept,
    line,
    off,
    order,
    swap,
)
from apps.orders.calculator.tree import Json, Kind, Node, PartsDoNotSum, entries, items


def whole_story() -> Breakdown:
    facts = order(
        line("a", quantity=3, price="20.00", discounts=(off("6.00"),), tax=eur("9.37")),
        line("b", price="45.00"),
        shipping=ShippingFacts(paid=eur("4.99"), tax=eur("0.87"), refunded=eur("0")),
    )
    return given(
        facts,
        back("a", 2, withheld=(kept("1.00"),)),
        swap("b", item("60.00")),
        return_fee=ReturnFee(amount=eur("2.95"), tax_rate=Decimal(21)),
        bonus=Bonus(flat=eur("5.00")),
    )


class WordsTest:
    def test_a_refund(self) -> None:
        facts = order(line(quantity=3, price="23.90", discounts=(off("17.93"),), label="shirt"))
        result = given(facts, back(), return_fee=ReturnFee(amount=eur("2.95")))
        assert result.in_words() == (
            "Net 14.97 EUR",
            "  Returned goods 17.92 EUR",
            "    1 x shirt 17.92 EUR [53.77 x 1/3 - 53.77 x 0/3 = 17.92 - 0.00]",
            "      1 x 23.90 EUR 23.90 EUR",
            "      Sale -5.98 EUR",
            "  Fees -2.95 EUR",
            "    Return fee -2.95 EUR",
            "To refund 14.97 EUR",
        )

    def test_tax_and_a_payment_due(self) -> None:
        facts = order(line(price="50.00", tax=eur("8.68")))
        words = given(facts, swap("a", item("60.00"))).in_words()
        assert words[2].startswith("    1 x item a 50.00 EUR (tax 8.68)")
        assert words[-1] == "To pay 10.00 EUR"


class JsonTest:
    def test_round_trip_is_exact(self) -> None:
        result = whole_story()
        again = Breakdown.from_json(result.as_json())
        assert again == result
        assert again.as_json() == result.as_json()

    def test_money_is_text_with_its_currency(self) -> None:
        data = given(order(line()), back()).as_json()
        assert data["net"] == data["refund"] == {"amount": "10.00", "currency": "EUR"}
        assert data["due"] == {"amount": "0.00", "currency": "EUR"}
        assert data["legs"] == [
            {"tender": "card", "amount": {"amount": "10.00", "currency": "EUR"}}
        ]

    def test_a_changed_figure_is_noticed(self) -> None:
        data = given(order(line()), back()).as_json()
        entries(data["tree"])["amount"] = {"amount": "10.01", "currency": "EUR"}
        with pytest.raises(PartsDoNotSum):
            Breakdown.from_json(data)

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            ("destination", 1),
            ("legs", {}),
            ("lines", []),
            ("tree", None),
            ("lines", {"a": {"quantity": "1"}}),
        ],
    )
    def test_other_shapes_are_refused(self, place: str, value: Json) -> None:
        data = given(order(line()), back()).as_json()
        data[place] = value
        with pytest.raises(TypeError):
            Breakdown.from_json(data)

    def test_children_are_a_list(self) -> None:
        tree = given(order(line()), back()).as_json()["tree"]
        assert len(items(entries(tree)["children"])) == 1


class NodeTest:
    def test_parts_must_sum(self) -> None:
        part = Node(Kind.LIST_PRICE, "1 x 10", eur("10.00"))
        with pytest.raises(PartsDoNotSum, match=r"10\.00 EUR is not 9\.99 EUR"):
            Node(Kind.LINE, "line", eur("9.99"), (part,))

    def test_without_tax(self) -> None:
        part = Node(Kind.LINE, "line", eur("50.00"), tax=eur("8.68"))
        assert part.without_tax == eur("41.32")
        assert replace(part, tax=None).without_tax == eur("50.00")


class RecoverableTest:
    def test_values_of_units_telescope(self) -> None:
        result = given(order(line(quantity=3, total=eur("10.00"))), back(quantity=3))
        values = [result.value_of("a", 1, already) for already in range(3)]
        assert values == [eur("3.33"), eur("3.34"), eur("3.33")]

    def test_fees_on_the_line_were_not_advanced(self) -> None:
        result = whole_story()
        assert result.line_amounts["a"].withheld == -eur("1.00")
        assert result.value_of("a", 2) == eur("35.00")
        assert result.recoverable({"a": 1}) == eur("17.50")

    def test_an_exchange_is_recovered_by_value(self) -> None:
        result = whole_story()
        assert result.recoverable({"b": 1}) == eur("45.00")
        assert result.recoverable({}) == eur("0")

    @pytest.mark.parametrize(
        ("key", "quantity", "already"), [("z", 1, 0), ("a", 3, 0), ("a", 1, 2), ("a", 1, -1)]
    )
    def test_other_units_are_refused(self, key: str, quantity: int, already: int) -> None:
        with pytest.raises(NotInBreakdown):
            whole_story().value_of(key, quantity, already)

    def test_no_units_have_no_value(self) -> None:
        assert not whole_story().value_of("a", 0)
