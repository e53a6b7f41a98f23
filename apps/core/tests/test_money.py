from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import DomainError
from apps.core.money import (
    MAX_MINOR,
    CurrencyMismatch,
    InexactAmount,
    Money,
    UnknownCurrency,
    half_up,
)

CURRENCIES = st.sampled_from(["JPY", "EUR", "KWD"])
MINORS = st.integers(-(10**12), 10**12)
MONEYS = st.builds(Money, MINORS, CURRENCIES)


class MoneyParsingTest:
    @pytest.mark.parametrize(
        ("amount", "currency", "minor"),
        [
            ("100", "JPY", 100),
            ("100.0", "JPY", 100),
            ("10.05", "EUR", 1005),
            ("-0.01", "EUR", -1),
            ("+3", "EUR", 300),
            ("1.234", "KWD", 1234),
            ("1.2300000", "EUR", 123),
            (7, "EUR", 700),
            (Decimal("1E+2"), "EUR", 10000),
            (Decimal("-0"), "EUR", 0),
        ],
    )
    def test_reads_exact_amounts(
        self, amount: str | Decimal | int, currency: str, minor: int
    ) -> None:
        assert Money.of(amount, currency) == Money(minor, currency)

    @pytest.mark.parametrize(
        ("amount", "currency"),
        [
            ("10.005", "EUR"),
            ("0.5", "JPY"),
            ("1.0000000000000000000000000000000001", "EUR"),
            (Decimal("1.0000000000000000000000000000000001"), "EUR"),
            ("1.2345", "KWD"),
            ("", "EUR"),
            ("1,5", "EUR"),
            ("1e2", "EUR"),
            ("1_000", "EUR"),
            (" 1", "EUR"),
            ("1\n", "EUR"),
            ("\u0661", "EUR"),
            (".5", "EUR"),
            ("NaN", "EUR"),
            (Decimal("NaN"), "EUR"),
            (Decimal("-Infinity"), "EUR"),
            (Decimal("1E+999999"), "EUR"),
            (Decimal("1E-999999"), "EUR"),
            ("1" * 41, "EUR"),
            ("10000000000000.01", "EUR"),
        ],
    )
    def test_refuses_what_is_not_exact(self, amount: str | Decimal, currency: str) -> None:
        with pytest.raises(InexactAmount) as refused:
            Money.of(amount, currency)
        assert refused.value.status == 400
        assert len(str(refused.value.details["amount"])) <= 40

    @pytest.mark.parametrize("amount", [0.5, True, None, b"1"])
    def test_refuses_other_types(self, amount: object) -> None:
        with pytest.raises(InexactAmount):
            Money.of(amount, "EUR")  # type: ignore[arg-type]

    @pytest.mark.parametrize("minor", [1.0, True, "1"])
    def test_holds_whole_minor_units_only(self, minor: object) -> None:
        with pytest.raises(TypeError):
            Money(minor, "EUR")  # type: ignore[arg-type]

    @pytest.mark.parametrize("currency", ["eur", "EU", "", "XXX"])
    def test_refuses_unknown_currencies(self, currency: str) -> None:
        with pytest.raises(UnknownCurrency):
            Money.of("1", currency)
        with pytest.raises(UnknownCurrency):
            Money(1, currency)

    def test_refuses_a_number_too_long_to_print(self) -> None:
        with pytest.raises(InexactAmount):
            Money.of(10**5000, "EUR")

    def test_takes_the_largest_amount(self) -> None:
        assert Money.of("10000000000000.00", "EUR").minor == MAX_MINOR

    @given(MONEYS)
    def test_json_is_exact(self, money: Money) -> None:
        data = money.as_json()
        assert Money.of(data["amount"], data["currency"]) == money

    @pytest.mark.parametrize(
        ("money", "amount", "shown"),
        [
            (Money(-5, "JPY"), "-5", "-5 JPY"),
            (Money(-5, "EUR"), "-0.05", "-0.05 EUR"),
            (Money(1000, "KWD"), "1.000", "1.000 KWD"),
        ],
    )
    def test_shows_its_scale(self, money: Money, amount: str, shown: str) -> None:
        assert money.as_json() == {"amount": amount, "currency": money.currency}
        assert str(money) == shown


class MoneyRoundingTest:
    @pytest.mark.parametrize(
        ("value", "rounded"),
        [
            ("0.5", 1),
            ("1.5", 2),
            ("2.5", 3),
            ("-0.5", -1),
            ("-2.5", -3),
            ("0.49", 0),
            ("-1.49", -1),
        ],
    )
    def test_halves_go_away_from_zero(self, value: str, rounded: int) -> None:
        assert half_up(Fraction(value)) == rounded

    @given(st.fractions(-1000, 1000))
    def test_is_symmetric_and_within_a_half(self, value: Fraction) -> None:
        assert half_up(-value) == -half_up(value)
        assert abs(half_up(value) - value) <= Fraction(1, 2)

    def test_rounds_long_prices(self) -> None:
        assert Money.rounded(Decimal("1.005"), "EUR") == Money(101, "EUR")
        assert Money.rounded(Decimal("0.5"), "JPY") == Money(1, "JPY")
        assert Money.rounded(Fraction(1, 3), "KWD") == Money(333, "KWD")

    def test_percent(self) -> None:
        assert Money.of("23.90", "EUR").percent(Decimal(25)) == Money.of("5.98", "EUR")
        assert Money.of("-10.00", "EUR").percent(Decimal("0.5")) == Money.of("-0.05", "EUR")

    def test_shares_of_a_third(self) -> None:
        ten = Money.of("10.00", "EUR")
        assert [ten.share(n, 3).minor for n in range(4)] == [0, 333, 667, 1000]


class MoneyAllocationTest:
    def test_order_discount_over_three_lines(self) -> None:
        parts = Money.of("10.00", "EUR").allocate([2999, 1550, 725])
        assert [str(part.amount) for part in parts] == ["5.69", "2.94", "1.37"]

    def test_ties_go_to_the_earlier_part(self) -> None:
        assert [part.minor for part in Money(100, "JPY").allocate([1, 1, 1])] == [34, 33, 33]

    def test_negative_wholes(self) -> None:
        assert [part.minor for part in Money(-100, "JPY").allocate([1, 1, 1])] == [-34, -33, -33]

    def test_weights_of_zero_share_evenly(self) -> None:
        assert [part.minor for part in Money(5, "EUR").allocate([0, 0])] == [3, 2]

    @pytest.mark.parametrize("weights", [[], [1, -1]])
    def test_refuses_weights_that_mean_nothing(self, weights: list[int]) -> None:
        with pytest.raises(ValueError, match="non-empty list of non-negative"):
            Money(1, "EUR").allocate(weights)

    @given(MONEYS, st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
    def test_parts_sum_and_stay_within_one_unit(self, money: Money, weights: list[int]) -> None:
        parts = money.allocate(weights)
        assert Money.total(parts, money.currency) == money
        assert parts == money.allocate(weights)
        if whole := sum(weights):
            for part, weight in zip(parts, weights, strict=True):
                assert abs(part.minor - Fraction(money.minor * weight, whole)) < 1
                assert weight or not part


class MoneyArithmeticTest:
    @given(MINORS, MINORS, CURRENCIES)
    def test_adds_and_takes_away(self, one: int, two: int, currency: str) -> None:
        a, b = Money(one, currency), Money(two, currency)
        assert a + b - b == a
        assert -a + a == Money.zero(currency)
        assert a * 3 == a + a + a
        assert (a < b, a <= b, a > b, a >= b) == (one < two, one <= two, one > two, one >= two)
        assert bool(a) == (one != 0)

    def test_bounds(self) -> None:
        one, two, zero = Money(1, "EUR"), Money(2, "EUR"), Money.zero("EUR")
        assert two.capped(one) == one
        assert one.capped(two) == one
        assert (-one).at_least_zero() == zero
        assert one.at_least_zero() == one

    @pytest.mark.parametrize(
        "combine",
        [
            lambda a, b: a + b,
            lambda a, b: a - b,
            lambda a, b: a < b,
            lambda a, b: a <= b,
            lambda a, b: a > b,
            lambda a, b: a >= b,
            lambda a, b: a.capped(b),
            lambda a, b: Money.total([a, b], a.currency),
        ],
    )
    def test_never_across_currencies(self, combine: Callable[[Money, Money], object]) -> None:
        with pytest.raises(CurrencyMismatch) as refused:
            combine(Money(1, "EUR"), Money(1, "USD"))
        assert isinstance(refused.value, DomainError)
        assert "expected" in str(refused.value)

    def test_times_a_fraction_is_refused(self) -> None:
        with pytest.raises(TypeError):
            Money(1, "EUR") * 1.5  # type: ignore[operator]

    def test_equal_amounts_of_two_currencies_differ(self) -> None:
        assert Money(1, "EUR") != Money(1, "USD")
        assert len({Money(1, "EUR"), Money(1, "EUR"), Money(1, "USD")}) == 2
