from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.http import QueryDict
from rest_framework import serializers

from apps.api.common.fields import (
    CountryField,
    CurrencyField,
    MetadataField,
    MoneyField,
    StrictBoolField,
    StrictCharField,
    StrictChoiceField,
    StrictDateTimeField,
    StrictDecimalField,
    StrictEmailField,
    StrictIntegerField,
    StrictListField,
    StrictUUIDField,
)
from apps.api.common.forms import Form, QueryForm
from apps.core.money import Money

ID = "01a2144e-efb0-75ed-8f35-36db49f308df"
EUR = {"amount": "12.95", "currency": "EUR"}


@dataclass(frozen=True, slots=True)
class Line:
    line: UUID
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Basket:
    lines: list[Line]
    note: str = ""
    gift: Line | None = None


class LineForm(Form[Line]):
    into = Line
    line = StrictUUIDField()
    quantity = StrictIntegerField(min_value=1, required=False)


class BasketForm(Form[Basket]):
    into = Basket
    lines = LineForm.list_of(max_length=2)
    note = StrictCharField(max_length=10, required=False, allow_blank=True)
    gift = LineForm(required=False, allow_null=True)


def codes(form: serializers.Serializer[Any]) -> Any:
    with pytest.raises(serializers.ValidationError) as refused:
        form.is_valid(raise_exception=True)
    return refused.value.get_codes()


class FormTest:
    def test_answers_with_one_frozen_dataclass(self) -> None:
        judged = BasketForm(data={"lines": [{"line": ID, "quantity": 2}], "gift": None}).judged()

        assert judged == Basket(lines=[Line(UUID(ID), 2)])

    def test_nested_forms_come_judged(self) -> None:
        judged = BasketForm(data={"lines": [{"line": ID}], "gift": {"line": ID}}).judged()

        assert judged.gift == Line(UUID(ID), 1)

    @pytest.mark.parametrize(
        ("data", "refused"),
        [
            ({}, {"lines": ["required"]}),
            ({"lines": []}, {"lines": {"non_field_errors": ["min_length"]}}),
            ({"lines": [{"line": ID}] * 3}, {"lines": {"non_field_errors": ["max_length"]}}),
            ({"lines": [{"line": ID, "x": 1}]}, {"lines": {0: {"x": ["unknown_field"]}}}),
            ({"lines": [[]]}, {"lines": {0: {"non_field_errors": ["invalid"]}}}),
            ({"lines": {}}, {"lines": {"non_field_errors": ["not_a_list"]}}),
            ([], {"non_field_errors": ["invalid"]}),
            (None, {"non_field_errors": ["null"]}),
            (
                {"lines": [{"line": ID}], "note": "x" * 11, "merchant": ID},
                {"merchant": ["unknown_field"], "note": ["max_length"]},
            ),
        ],
    )
    def test_refuses(self, data: Any, refused: Any) -> None:
        assert codes(BasketForm(data=data)) == refused

    def test_names_only_the_first_unknown_fields(self) -> None:
        many = {f"{n}" + "x" * 100: 1 for n in range(100)}
        found = codes(LineForm(data={"line": ID, **many}))

        assert len(found) == 20
        assert all(len(name) == 60 for name in found)

    def test_the_dataclass_must_be_frozen(self) -> None:
        @dataclass
        class Loose:
            note: str

        with pytest.raises(TypeError, match="must be a frozen dataclass"):
            type("LooseForm", (Form,), {"into": Loose})

    def test_read_only_fields_are_never_written(self) -> None:
        class ShownForm(Form[Line]):
            into = Line
            line = StrictUUIDField()
            quantity = StrictIntegerField(read_only=True)

        assert codes(ShownForm(data={"line": ID, "quantity": 9})) == {"quantity": ["unknown_field"]}


@dataclass(frozen=True, slots=True)
class Filters:
    number: str = ""
    quantity: int = 0


class FiltersForm(QueryForm[Filters]):
    into = Filters
    number = serializers.CharField(required=False, max_length=5)
    quantity = serializers.IntegerField(required=False, max_value=9)


class QueryFormTest:
    def test_reads_strings(self) -> None:
        judged = FiltersForm(data=QueryDict("number=A1&quantity=3")).judged()

        assert judged == Filters("A1", 3)

    def test_takes_plain_dictionaries_too(self) -> None:
        assert FiltersForm(data={"quantity": "3"}).judged() == Filters("", 3)

    @pytest.mark.parametrize(
        ("query", "refused"),
        [
            ("number=1&number=2", {"number": ["repeated"]}),
            ("offset=10", {"offset": ["unknown_field"]}),
            ("number=%00", {"number": ["null_characters_not_allowed"]}),
            ("number=123456", {"number": ["max_length"]}),
            ("quantity=" + "9" * 5_000, {"quantity": ["max_string_length"]}),
            ("quantity=x", {"quantity": ["invalid"]}),
        ],
    )
    def test_refuses(self, query: str, refused: Any) -> None:
        assert codes(FiltersForm(data=QueryDict(query))) == refused


CASES: list[tuple[serializers.Field[Any, Any, Any, Any], Any, Any]] = [
    (StrictCharField(max_length=5), " a ", "a"),
    (StrictCharField(max_length=5, lines=True), "a\nb", "a\nb"),
    (StrictCharField(max_length=5, allow_null=True), None, None),
    (StrictIntegerField(), 0, 0),
    (StrictIntegerField(), 2**31 - 1, 2**31 - 1),
    (StrictIntegerField(min_value=-1), -1, -1),
    (StrictBoolField(), True, True),
    (StrictBoolField(), False, False),
    (StrictChoiceField(choices=["a", "b"]), "b", "b"),
    (StrictUUIDField(), ID, UUID(ID)),
    (StrictUUIDField(), ID.upper(), UUID(ID)),
    (StrictEmailField(), " Ana@Tienda.Example ", "ana@tienda.example"),
    (StrictEmailField(allow_blank=True), "", ""),
    (StrictDateTimeField(), "2026-11-25T10:00:00Z", datetime(2026, 11, 25, 10, tzinfo=UTC)),
    (StrictDateTimeField(), "2026-11-25T10:00:00+02:00", datetime(2026, 11, 25, 8, tzinfo=UTC)),
    (StrictDecimalField(least="0", most="100"), "12.5", Decimal("12.5")),
    (StrictDecimalField(least="-1", most="1", places=0), "-1", Decimal(-1)),
    (StrictListField(child=StrictIntegerField(), max_length=2), [1, 2], [1, 2]),
    (CurrencyField(), "JPY", "JPY"),
    (CountryField(), "ES", "ES"),
    (MoneyField(), EUR, Money(1295, "EUR")),
    (MoneyField(), {"amount": "0.00", "currency": "EUR"}, Money(0, "EUR")),
    (MoneyField(), {"amount": "500", "currency": "JPY"}, Money(500, "JPY")),
    (MoneyField(), {"amount": "1.234", "currency": "KWD"}, Money(1234, "KWD")),
    (MoneyField(least=None), {"amount": "-1.00", "currency": "EUR"}, Money(-100, "EUR")),
    (MetadataField(), {"till": "7"}, {"till": "7"}),
]
REFUSED: list[tuple[serializers.Field[Any, Any, Any, Any], Any, str]] = [
    (StrictCharField(max_length=5), 1, "invalid"),
    (StrictCharField(max_length=5), True, "invalid"),
    (StrictCharField(max_length=5), ["a"], "invalid"),
    (StrictCharField(max_length=5), None, "null"),
    (StrictCharField(max_length=5), "", "blank"),
    (StrictCharField(max_length=5), "123456", "max_length"),
    (StrictCharField(max_length=5), "a\nb", "invalid_character"),
    (StrictCharField(max_length=5), "a\x00", "invalid_character"),
    (StrictCharField(max_length=5), "a\ud800", "invalid_character"),
    (StrictCharField(max_length=5, lines=True), "a\x1bb", "invalid_character"),
    (StrictIntegerField(), "1", "invalid"),
    (StrictIntegerField(), True, "invalid"),
    (StrictIntegerField(), Decimal("1.0"), "invalid"),
    (StrictIntegerField(), -1, "min_value"),
    (StrictIntegerField(), 2**31, "max_value"),
    (StrictBoolField(), "true", "invalid"),
    (StrictBoolField(), 1, "invalid"),
    (StrictBoolField(), [], "invalid"),
    (StrictChoiceField(choices=["a", "1"]), 1, "invalid_choice"),
    (StrictChoiceField(choices=["a", "b"]), "c" * 999, "invalid_choice"),
    (StrictUUIDField(), ID.replace("-", ""), "invalid"),
    (StrictUUIDField(), 7, "invalid"),
    (StrictUUIDField(), f"{{{ID}}}", "invalid"),
    (StrictEmailField(), "ana", "invalid_email"),
    (StrictEmailField(), "ana@localhost", "invalid_email"),
    (StrictEmailField(), "a b@tienda.example", "invalid_email"),
    (StrictEmailField(), "a@b@tienda.example", "invalid_email"),
    (StrictEmailField(), "ana@tienda.example\r\nBcc: x@y.z", "invalid_character"),
    (StrictEmailField(), "a@" + "x" * 253, "invalid_email"),
    (StrictEmailField(), "a@b." + "x" * 180 + "." * 80, "invalid_email"),
    (StrictEmailField(max_length=20), "ana@tienda-grande.example", "max_length"),
    (StrictDateTimeField(), "2026-11-25", "no_offset"),
    (StrictDateTimeField(), "2026-11-25T10:00:00", "no_offset"),
    (StrictDateTimeField(), "tomorrow", "invalid"),
    (StrictDateTimeField(), 1_700_000_000, "invalid"),
    (StrictDateTimeField(), "0001-01-01T00:00:00+23:59", "out_of_range"),
    (StrictDateTimeField(), "9999-12-31T23:59:59-23:59", "out_of_range"),
    (StrictDateTimeField(), "2" * 60, "invalid"),
    (StrictDecimalField(least="0", most="100"), 12, "invalid"),
    (StrictDecimalField(least="0", most="100"), "1e2", "invalid"),
    (StrictDecimalField(least="0", most="100"), "NaN", "invalid"),
    (StrictDecimalField(least="0", most="100"), "100.01", "out_of_range"),
    (StrictDecimalField(least="0", most="100"), "-0.01", "out_of_range"),
    (StrictDecimalField(least="0", most="100"), "1.001", "out_of_range"),
    (StrictListField(child=StrictIntegerField(), max_length=2), "12", "not_a_list"),
    (StrictListField(child=StrictIntegerField(), max_length=2), {"a": 1}, "not_a_list"),
    (StrictListField(child=StrictIntegerField(), max_length=2), [1, 2, "x"], "max_length"),
    (StrictListField(child=StrictIntegerField(), max_length=2, min_length=1), [], "min_length"),
    (CurrencyField(), "eur", "invalid_choice"),
    (CurrencyField(), "XXX", "invalid_choice"),
    (CountryField(), "UK", "invalid_choice"),
    (MoneyField(), "12.95", "invalid"),
    (MoneyField(), 12, "invalid"),
    (MoneyField(), {"amount": "12.95"}, "invalid"),
    (MoneyField(), {**EUR, "minor": 1}, "invalid"),
    (MoneyField(), {"amount": 12, "currency": "EUR"}, "invalid"),
    (MoneyField(), {"amount": Decimal("12.95"), "currency": "EUR"}, "invalid"),
    (MoneyField(), {"amount": "12,95", "currency": "EUR"}, "invalid"),
    (MoneyField(), {"amount": "1e2", "currency": "EUR"}, "invalid"),
    (MoneyField(), {"amount": "012.00", "currency": "EUR"}, "invalid"),
    (MoneyField(), {"amount": "9" * 30, "currency": "EUR"}, "invalid"),
    (MoneyField(), {"amount": "12.9", "currency": "EUR"}, "inexact_amount"),
    (MoneyField(), {"amount": "12.955", "currency": "EUR"}, "inexact_amount"),
    (MoneyField(), {"amount": "1.00", "currency": "JPY"}, "inexact_amount"),
    (MoneyField(), {"amount": "9" * 15 + ".00", "currency": "EUR"}, "inexact_amount"),
    (MoneyField(), {"amount": "1.00", "currency": "XXX"}, "unknown_currency"),
    (MoneyField(), {"amount": "1.00", "currency": None}, "invalid"),
    (MoneyField(), {"amount": "-1.00", "currency": "EUR"}, "too_small"),
    (MoneyField(least=1), {"amount": "0.00", "currency": "EUR"}, "too_small"),
    (MetadataField(), [], "invalid"),
    (MetadataField(), {"a": 1}, "invalid"),
    (MetadataField(), {"": "a"}, "invalid"),
    (MetadataField(), {"x" * 41: "a"}, "invalid"),
    (MetadataField(), {"a": "x" * 501}, "invalid"),
    (MetadataField(), {str(n): "a" for n in range(21)}, "invalid"),
]


class StrictFieldsTest:
    @pytest.mark.parametrize(("field", "data", "value"), CASES)
    def test_takes(
        self, field: serializers.Field[Any, Any, Any, Any], data: Any, value: Any
    ) -> None:
        assert field.run_validation(data) == value

    @pytest.mark.parametrize(("field", "data", "code"), REFUSED)
    def test_refuses(
        self, field: serializers.Field[Any, Any, Any, Any], data: Any, code: str
    ) -> None:
        with pytest.raises(serializers.ValidationError) as refused:
            field.run_validation(data)

        found = refused.value.get_codes()
        assert found == [code]

    def test_show(self) -> None:
        assert MoneyField().to_representation(Money(5, "EUR")) == {
            "amount": "0.05",
            "currency": "EUR",
        }
        assert StrictDecimalField(least="0", most="9").to_representation(Decimal("1E+1")) == "10"
        assert MetadataField().to_representation({"till": "7"}) == {"till": "7"}
