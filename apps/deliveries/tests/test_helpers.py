import pytest
from django.core.exceptions import ValidationError

from apps.deliveries.dtos import address_of
from apps.deliveries.helpers import specificity, validate_regions
from apps.deliveries.providers.base import event_hash
from apps.integrations.dtos import Address


class SpecificityTest:
    @pytest.mark.parametrize(
        ("regions", "country", "postcode", "closeness"),
        [
            (["*"], "JP", "", 0),
            (["EU"], "ES", "48001", 1),
            (["EU"], "CH", "8001", None),
            (["ES"], "ES", "48001", 2),
            (["FR", "ES"], "ES", "48001", 2),
            (["ES-07"], "ES", "07 001", 4),
            (["ES-07"], "ES", "48001", None),
            (["ES-07"], "FR", "07001", None),
            (["*", "EU", "ES-35"], "ES", "35001", 4),
            (["FR"], "ES", "48001", None),
        ],
    )
    def test_closest_region_counts(
        self, regions: list[str], country: str, postcode: str, closeness: int | None
    ) -> None:
        assert specificity(regions, country, postcode) == closeness


def accepted(regions: object) -> bool:
    try:
        validate_regions(regions)
    except ValidationError:
        return False
    return True


class ValidateRegionsTest:
    @pytest.mark.parametrize("regions", [["*"], ["EU", "ES"], ["ES-07", "GB-BT"]])
    def test_takes_what_it_knows(self, regions: list[str]) -> None:
        assert accepted(regions)

    @pytest.mark.parametrize("regions", [[], "ES", None, ["es"], [""], ["ES-"], [7], ["Spain"]])
    def test_refuses_the_rest(self, regions: object) -> None:
        assert not accepted(regions)


class EventHashTest:
    def test_equal_parts_equal_id_and_no_part_runs_into_the_next(self) -> None:
        assert event_hash("ab", "c") == event_hash("ab", "c")
        assert event_hash("ab", "c") != event_hash("a", "bc")


class AddressOfTest:
    def test_knows_its_keys_and_ignores_others(self) -> None:
        address = address_of({"name": "Ana", "city": None, "planet": "Earth"})
        assert address == Address(name="Ana")
