"""Days of a month, VAT by country, and sums that close to the cent whatever the fees."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.billing.calculator.periods import (
    days_covered,
    days_in,
    month_after,
    months_from,
    prorated,
)
from apps.billing.calculator.totals import VatRow, shared, totals_of
from apps.billing.calculator.vat import InvalidVatNumber, checked_vat_number, rate_of, treatment_of
from apps.core.money import Money

FULL, NONE = Decimal("21.00"), Decimal("0.00")
OCTOBER, FEBRUARY = date(2026, 10, 1), date(2028, 2, 1)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


class PeriodTest:
    def test_length_and_next(self) -> None:
        assert [days_in(month) for month in (OCTOBER, FEBRUARY, date(2026, 2, 1))] == [31, 29, 28]
        assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)

    @pytest.mark.parametrize(
        ("starts", "ends", "days"),
        [
            (date(2026, 1, 1), None, 31),
            (date(2026, 10, 31), None, 1),
            (date(2026, 11, 1), None, 0),
            (date(2026, 1, 1), date(2026, 10, 1), 0),
            (date(2026, 1, 1), date(2026, 10, 2), 1),
            (date(2026, 10, 5), date(2026, 10, 5), 0),
            (date(2026, 10, 5), date(2027, 1, 1), 27),
        ],
    )
    def test_days_covered(self, starts: date, ends: date | None, days: int) -> None:
        assert days_covered(OCTOBER, starts, ends) == days

    def test_prorated(self) -> None:
        """99.00 over 31 days: 10 days 31.935, 21 days 67.064, both half-up; a month is whole."""
        assert [prorated(eur(9900), OCTOBER, days) for days in (0, 10, 21, 31)] == [
            eur(0),
            eur(3194),
            eur(6706),
            eur(9900),
        ]

    def test_months_that_are_over(self) -> None:
        assert months_from(date(2026, 10, 15), date(2027, 1, 1)) == [
            OCTOBER,
            date(2026, 11, 1),
            date(2026, 12, 1),
        ]
        assert months_from(OCTOBER, date(2026, 10, 31)) == []


class VatTest:
    @pytest.mark.parametrize(
        ("country", "postcode", "number", "treatment", "rate"),
        [
            ("ES", "48001", "ESB12345674", "domestic", FULL),
            ("ES", "48001", "", "domestic", FULL),
            ("ES", "35001", "ESB12345674", "export", NONE),
            ("ES", " 38001", "", "export", NONE),
            ("ES", "51001", "", "export", NONE),
            ("ES", "52001", "", "export", NONE),
            ("DE", "35001", "DE136695976", "reverse_charge", NONE),
            ("DE", "10115", "", "eu_no_number", FULL),
            ("GB", "SW1A 1AA", "", "export", NONE),
            ("CH", "8001", "CHE-116.281.710", "export", NONE),
        ],
    )
    def test_who_is_charged_what(
        self, country: str, postcode: str, number: str, treatment: str, rate: Decimal
    ) -> None:
        found = treatment_of(country, postcode, number)

        assert found == treatment
        assert rate_of("service", found) == rate
        assert rate_of("outside", found) == NONE

    @pytest.mark.parametrize(
        ("country", "written", "kept"),
        [
            ("ES", "b12345674", "ESB12345674"),
            ("ES", "ES B12345674", "ESB12345674"),
            ("DE", "DE 136 695 976", "DE136695976"),
            ("GR", "094259216", "EL094259216"),
            ("GR", "EL094259216", "EL094259216"),
            ("FR", "", ""),
            ("US", "12-3456789", "12-3456789"),
        ],
    )
    def test_numbers_as_they_are_kept(self, country: str, written: str, kept: str) -> None:
        assert checked_vat_number(country, written) == kept

    @pytest.mark.parametrize(
        ("country", "number"),
        [("ES", "B12345678"), ("DE", "DE136695977"), ("FR", "ESB12345674"), ("IT", "1")],
    )
    def test_numbers_that_are_none(self, country: str, number: str) -> None:
        with pytest.raises(InvalidVatNumber):
            checked_vat_number(country, number)


class TotalsTest:
    def test_vat_once_on_the_sum(self) -> None:
        """Three of 0.33: 0.0693 each would be 0.21 in all; 21 % of 0.99 is 0.2079, so 0.21."""
        totals = totals_of([(eur(33), FULL)] * 3, "EUR")

        assert (totals.net, totals.vat, totals.total) == (eur(99), eur(21), eur(120))
        assert totals.line_vat == (eur(7), eur(7), eur(7))

    def test_the_odd_cent_goes_to_the_largest_remainder(self) -> None:
        """21 % of 0.10, 0.20, 0.33: 0.021, 0.042, 0.0693 of 0.1323; floors 2, 4, 6, one left."""
        totals = totals_of([(eur(10), FULL), (eur(20), FULL), (eur(33), FULL)], "EUR")

        assert totals.line_vat == (eur(2), eur(4), eur(7))

    def test_rates_apart(self) -> None:
        totals = totals_of([(eur(100), FULL), (eur(25000), NONE)], "EUR")

        assert totals.by_rate == (
            VatRow(FULL, eur(100), eur(21)),
            VatRow(NONE, eur(25000), eur(0)),
        )

    def test_nothing_below_the_vat(self) -> None:
        with pytest.raises(ValueError, match="above zero"):
            shared(eur(1), [eur(0)])

    @given(
        st.lists(
            st.tuples(
                st.integers(-(10**9), 10**9), st.sampled_from([FULL, NONE, Decimal("10.00")])
            ),
            max_size=40,
        )
    )
    def test_any_fees_close_to_the_cent(self, fees: list[tuple[int, Decimal]]) -> None:
        """What the database asks too, of any lines whose base is not below zero in any rate."""
        lines = [(eur(minor), rate) for minor, rate in fees]
        for rate in {rate for _, rate in fees}:
            short = -sum(minor for minor, each in fees if each == rate)
            lines.append((eur(max(short, 0)), rate))
        totals = totals_of(lines, "EUR")

        assert totals.total == totals.net + totals.vat
        assert totals.net.minor == sum(net.minor for net, _ in lines)
        for row in totals.by_rate:
            places = [place for place, line in enumerate(lines) if line[1] == row.rate]
            assert sum(totals.line_vat[place].minor for place in places) == row.vat.minor
            assert abs(row.vat.minor * 100 - row.base.minor * row.rate) <= 50
            for place in places:
                exact = row.vat.minor * lines[place][0].minor
                assert not row.base or abs(
                    totals.line_vat[place].minor * row.base.minor - exact
                ) < (row.base.minor)

    @given(st.integers(0, 10**7), st.lists(st.integers(1, 10**6), max_size=12))
    def test_credit_notes_take_back_the_very_vat(self, first: int, rest: list[int]) -> None:
        parts = [first, *rest]
        charged = totals_of([(eur(sum(parts)), FULL)], "EUR").vat
        before: dict[Decimal, VatRow] = {}
        for part in parts:
            row = totals_of([(eur(part), FULL)], "EUR", before).by_rate[0]
            assert abs(row.vat.minor - row.base.percent(FULL).minor) <= 1
            known = before.get(FULL, VatRow(FULL, eur(0), eur(0)))
            before[FULL] = VatRow(FULL, known.base + row.base, known.vat + row.vat)

        assert before[FULL].vat == charged
