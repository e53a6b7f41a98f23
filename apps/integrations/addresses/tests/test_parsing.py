"""The deterministic reader: the scored set as a whole, and what is no matter of scores."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.integrations.addresses import choices, countries
from apps.integrations.addresses.deriving import not_derivable
from apps.integrations.addresses.dtos import FIELDS, MOST_OF_A_FIELD, ParsedAddress
from apps.integrations.addresses.parsing import parse
from apps.integrations.addresses.tests import scoring

PAGE = Path(__file__).parents[4] / "docs" / "addresses.md"
# Just under what it reads today: 207 of 220, and 1,728 of 1,760 fields.
FLOOR, FLOOR_OF_FIELDS = 0.93, 0.975


class ScoreTest:
    def test_reads_as_well_as_it_did(self) -> None:
        scores = scoring.score()
        whole = scores.pop("all")

        assert whole.addresses >= 200
        assert len(scores) == 10
        assert min(each.share for each in scores.values()) >= 0.85
        assert whole.share >= FLOOR
        assert whole.share_of_fields >= FLOOR_OF_FIELDS
        # Whoever is sure must be right.
        assert whole.sure_right / whole.sure >= 0.94
        assert whole.sure / whole.addresses >= 0.8

    def test_the_page_says_so(self) -> None:
        rows = PAGE.read_text(encoding="utf-8").splitlines()

        assert all(scoring.line(*each) in rows for each in scoring.score().items())

    def test_what_it_made_is_in_the_text(self) -> None:
        for case in scoring.cases():
            told = parse(case.text, case.hint)
            made_up = not_derivable(told.address, case.text, case.hint)
            assert told.is_unsure or not made_up, case.text


class ParseTest:
    @given(
        st.text("aZéß1º ,.-/#()\n\u200bnKPs", max_size=40),
        st.sampled_from(["", "ES", "FR", "GB", "US", "NL", "AT", "ZZ"]),
    )
    def test_never_fails(self, text: str, hint: str) -> None:
        told = parse(text, hint)

        assert told.source == choices.Source.PARSER
        assert all(len(getattr(told.address, name)) <= MOST_OF_A_FIELD for name in FIELDS)

    @pytest.mark.parametrize(
        ("text", "hint", "look_at"),
        [
            ("", "ES", ("street", "number", "postcode", "city")),
            ("Calle Mayor 3, 28013 Madrid", "ES", ()),
            # No such province begins with 99; the town is no region of Spain's.
            ("Calle Mayor 3, 99013 Madrid, Lugano", "ES", ("region",)),
            ("350 Main St, New York, CA 10118", "US", ("postcode", "region")),
            ("1 High Street, London", "GB", ("postcode",)),
            ("Calle Mayor 3, 28013 Madrid, Francia", "ES", ("street", "country")),
            ("Hauptstr. 5, 8010 Graz", "AT", ("street", "number", "city")),
            ("5 12345 Xyz", "", ("street", "number", "city", "country")),
            ("Flat 2, Oxford OX1 4AB", "GB", ("street",)),
        ],
    )
    def test_says_what_to_look_at(self, text: str, hint: str, look_at: tuple[str, ...]) -> None:
        assert parse(text, hint).look_at == look_at

    @pytest.mark.parametrize(
        ("text", "hint", "city", "street"),
        [
            ("Calle Mayor 3 Madrid 28013", "ES", "Madrid", "Calle Mayor"),
            ("Calle Mayor 28013", "ES", "", "Calle Mayor"),
            ("Madrid, 28013, Calle Mayor 3", "ES", "Madrid", "Calle Mayor"),
            ("Calle Mayor 3, Madrid", "ES", "Madrid", "Calle Mayor"),
            ("LS1 4DL", "GB", "", ""),
            ("12 High St N Leeds LS1 4DL", "GB", "Leeds", "High St N"),
            ("PO Box 12, Ann Lee, Flat 3, Leeds LS1 4DL", "GB", "Leeds", "PO Box"),
            ("Nowhere At All, Ann Lee, Leeds LS1 4DL", "GB", "Leeds", "Ann Lee"),
        ],
    )
    def test_reads_what_comes_in_another_order(
        self, text: str, hint: str, city: str, street: str
    ) -> None:
        told = parse(text, hint).address

        assert (told.city, told.street) == (city, street)


class DerivingTest:
    TEXT = "C/ Mayor 3, 28013 Madrid"

    @pytest.mark.parametrize(
        ("fields", "bad"),
        [
            ({"street": "Calle Mayor", "region": "Madrid", "country": "ES"}, set()),
            ({"street": "Mayor Mayor"}, {"street"}),
            ({"number": "28"}, {"number"}),
            ({"postcode": "28014"}, {"postcode"}),
            ({"postcode": "28013", "country": "BE"}, {"postcode", "country"}),
            ({"region": "Toledo"}, {"region"}),
            ({"country": "FR"}, {"country"}),
            ({"city": "Мадрид"}, {"city"}),
        ],
    )
    def test_knows_what_was_made_up(self, fields: dict[str, str], bad: set[str]) -> None:
        assert not_derivable(ParsedAddress(**fields), self.TEXT, "ES") == bad

    def test_a_country_nobody_named_needs_its_postcode(self) -> None:
        text = "Hauptstrasse 5, 8010 Graz"
        told = ParsedAddress(street="Hauptstr 5", postcode="8010", country="AT")

        assert not_derivable(told, "Hauptstr. 5, 8010 Graz", "") == set()
        assert not_derivable(ParsedAddress(country="AT"), text, "") == {"country"}

    def test_a_compound_may_be_written_out(self) -> None:
        told = ParsedAddress(street="Hauptstraße", number="5")

        assert not_derivable(told, "Hauptstr. 5", "DE") == set()


class CountriesTest:
    def test_unknown_ones_are_open(self) -> None:
        assert countries.is_postcode("ZZ", "anything")
        assert countries.regions("ZZ") == {}
        assert countries.region_of("FR", "75001") == ""
        assert countries.agrees("FR", "75001", "Paris")
