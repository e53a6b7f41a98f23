from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.integrations import payloads
from apps.integrations.dtos import Address
from apps.integrations.payloads import MalformedPayload


class RequiredTest:
    @pytest.mark.parametrize("value", ["x", 0, False, [], {}])
    def test_what_is_there_is_given(self, value: Any) -> None:
        assert payloads.required({"id": value}, "id") == value

    @pytest.mark.parametrize("payload", [{}, {"id": None}, {"id": ""}])
    def test_what_is_not_there_is_named(self, payload: dict[str, Any]) -> None:
        with pytest.raises(MalformedPayload) as refused:
            payloads.required(payload, "id")

        assert (refused.value.status, refused.value.details) == (400, {"missing": "id"})


class TextTest:
    @pytest.mark.parametrize(
        ("payload", "expected"), [({}, ""), ({"a": None}, ""), ({"a": 7}, "7"), ({"a": "x"}, "x")]
    )
    def test_absent_is_empty(self, payload: dict[str, Any], expected: str) -> None:
        assert payloads.text(payload, "a") == expected

    def test_a_name_of_two_parts_or_one(self) -> None:
        assert payloads.full_name({"first_name": "Ana", "last_name": "López"}) == "Ana López"
        assert payloads.full_name({"last_name": "López"}) == "López"
        assert payloads.full_name({}) == ""


class MoneyTest:
    @pytest.mark.parametrize(
        ("payload", "currency", "minor"),
        [
            ({"total": "12.95"}, "EUR", 1295),
            ({"total": "-12.95"}, "EUR", -1295),
            ({"total": "500"}, "JPY", 500),
            ({"total": "1.005"}, "KWD", 1005),
            ({"total": 3}, "EUR", 300),
            ({"total": ""}, "EUR", 0),
            ({"total": None}, "EUR", 0),
            ({}, "EUR", 0),
        ],
    )
    def test_exact_at_the_currencys_scale(
        self, payload: dict[str, Any], currency: str, minor: int
    ) -> None:
        assert payloads.money(payload, "total", currency) == Money(minor, currency)

    @pytest.mark.parametrize(
        ("value", "currency"),
        [("12.955", "EUR"), ("1.5", "JPY"), ("NaN", "EUR"), ("1e400", "EUR"), ("many", "EUR")],
    )
    def test_never_rounded(self, value: str, currency: str) -> None:
        with pytest.raises(DomainError):
            payloads.money({"total": value}, "total", currency)


class MomentTest:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-03-02T08:05:00Z", datetime(2026, 3, 2, 8, 5, tzinfo=UTC)),
            ("2026-03-02T08:05:00", datetime(2026, 3, 2, 8, 5, tzinfo=UTC)),
            (
                "2026-03-02T08:05:00-05:00",
                datetime(2026, 3, 2, 8, 5, tzinfo=timezone(-timedelta(hours=5))),
            ),
        ],
    )
    def test_always_with_a_zone(self, text: str, expected: datetime) -> None:
        assert payloads.moment(text) == expected
        assert payloads.moment_or_none({"at": text}, "at") == expected

    def test_absent_is_never(self) -> None:
        assert payloads.moment_or_none({"at": None}, "at") is None
        assert payloads.moment_or_none({}, "at") is None

    @pytest.mark.parametrize("text", ["yesterday", "2026-02-30T00:00:00Z", "x" * 99])
    def test_what_is_no_time_is_named_in_short(self, text: str) -> None:
        with pytest.raises(MalformedPayload) as refused:
            payloads.moment(text)

        assert refused.value.details == {"time": text[:40]}


class AddressTest:
    NAMES = {"street": "address1", "city": "city", "postcode": "zip", "country": "country_code"}
    PAYLOAD = {"address1": " Calle Mayor 1 ", "city": "Bilbao", "zip": 48001, "country_code": "ES"}

    def test_the_platforms_keys_become_ours(self) -> None:
        named = {"first_name": "Ana", "last_name": "López"}

        assert payloads.address({**self.PAYLOAD, **named}, self.NAMES) == Address(
            name="Ana López",
            street="Calle Mayor 1",
            city="Bilbao",
            postcode="48001",
            country="ES",
        )

    def test_a_name_of_its_own_comes_first(self) -> None:
        payload = {**self.PAYLOAD, "first_name": "Ana", "name": "Casa López"}

        assert payloads.address(payload, {**self.NAMES, "name": "name"}).name == "Casa López"
