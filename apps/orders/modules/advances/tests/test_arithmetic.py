"""What goes out when, and what an advance comes to; figures worked out by hand."""

from datetime import UTC, datetime

import pytest

from apps.core.money import Money
from apps.orders.modules.advances.arithmetic import Claim, Ending, ending, parts_of, spread
from apps.orders.modules.advances.consent import ENDS, consent_text


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def limits(*amounts: str) -> dict[str, Money]:
    rungs = ("pay_now", "pay_at_scan", "pay_at_delivery", "pay_at_inspection")
    return dict(zip(rungs, map(eur, amounts), strict=True))


def claim(value: str, goods: str = "0") -> Claim:
    return Claim("rejected", ("line",), eur(value), eur(goods))


def ended(out: str, *claims: Claim, nothing: bool = False) -> Ending:
    """Of 65.05 granted."""
    return ending(eur("65.05"), eur(out), claims, nothing_accepted=nothing)


def comes_to(pay: str, short: str, unpaid: str, kept: str) -> Ending:
    return Ending(eur(pay), eur(short), eur(unpaid), eur(kept))


class PartsTest:
    @pytest.mark.parametrize(
        ("of", "value", "expected"),
        [
            (("80", "80", "80", "80"), "80", [("pay_now", "80")]),
            (("40", "80", "80", "80"), "80", [("pay_now", "40"), ("pay_at_scan", "40")]),
            (
                ("0", "50", "60", "100"),
                "100",
                [("pay_at_scan", "50"), ("pay_at_delivery", "10"), ("pay_at_inspection", "40")],
            ),
            (("40", "80", "80", "80"), "30", [("pay_now", "30")]),
            (("0", "0", "0", "80"), "70", [("pay_at_inspection", "70")]),
        ],
    )
    def test_by_rung(
        self, of: tuple[str, ...], value: str, expected: list[tuple[str, str]]
    ) -> None:
        found = parts_of(limits(*of), eur(value), whole=False)

        assert [(each.rung, each.amount) for each in found] == [
            (rung, eur(amount)) for rung, amount in expected
        ]

    def test_goods_are_not_split(self) -> None:
        (part,) = parts_of(limits("40", "60", "80", "80"), eur("80"), whole=True)

        assert (part.rung, part.amount) == ("pay_at_delivery", eur("80"))


class EndingTest:
    def test_all_is_kept(self) -> None:
        assert ended("65.05") == comes_to("0", "0", "0", "65.05")

    def test_the_rest_is_paid(self) -> None:
        assert ended("32.53") == comes_to("32.52", "0", "0", "65.05")

    def test_the_fee_is_not_owed(self) -> None:
        assert ended("65.05", claim("30")) == comes_to("0", "30", "0", "35.05")

    def test_nothing_accepted_owes_all_of_it(self) -> None:
        assert ended("65.05", claim("70"), nothing=True) == comes_to("0", "65.05", "0", "0")

    def test_never_more_than_was_granted(self) -> None:
        assert ended("65.05", claim("70")) == comes_to("0", "65.05", "0", "0")

    def test_what_waits_is_taken_first(self) -> None:
        assert ended("50.00", claim("30")) == comes_to("0", "14.95", "15.05", "35.05")

    def test_goods_that_never_left_are_neither_kept_nor_owed(self) -> None:
        """65.05 of which 40.00 were goods for a unit of 50.00: 10.00 of money is owed."""
        assert ended("65.05", claim("50", "40")) == comes_to("0", "10", "40", "15.05")

    def test_nor_are_they_paid_where_nothing_went_out(self) -> None:
        assert ended("0", claim("50", "40")) == comes_to("15.05", "0", "50", "15.05")
        assert ended("0", claim("50", "40"), nothing=True) == comes_to("0", "0", "65.05", "0")


class SpreadTest:
    def test_by_what_each_is_worth(self) -> None:
        assert spread(eur("10"), [claim("30"), claim("20", "10")]) == [eur("7.50"), eur("2.50")]

    def test_over_nothing(self) -> None:
        assert spread(eur("0"), []) == []


class ConsentTest:
    @pytest.mark.parametrize("language", ENDS)
    def test_names_sum_day_and_end_in_every_language(self, language: str) -> None:
        """The card may be charged for 60 days after the goods had to be back."""
        text = consent_text(language, eur("65.05"), datetime(2026, 12, 26, tzinfo=UTC))

        assert text.count("65.05 EUR") == 2
        assert "2026-12-26" in text
        assert "2027-02-24" in text

    def test_the_words_of_a_quote_from_before_stay_as_they_were(self) -> None:
        at = datetime(2026, 12, 26, tzinfo=UTC)
        text = consent_text("en", eur("1"), at, "2026-11")

        assert text.endswith("Return fees are not charged again.")

    def test_in_english_otherwise(self) -> None:
        at = datetime(2026, 12, 26, tzinfo=UTC)

        assert consent_text("it", eur("1"), at) == consent_text("en", eur("1"), at)
