from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from apps.api.returns.forms.evidence import SignedPhotoQuery
from apps.api.returns.forms.lookups import CodeForm, LookupForm, ProofForm
from apps.api.returns.forms.methods import MethodsQuery, MethodsWanted
from apps.api.returns.lookups import Lookup


class LookupFormTest:
    def test_answers_with_one_of_the_two(self) -> None:
        by_email = LookupForm(data={"order_number": " #1 ", "email": "Ana@Shop.example"})
        by_postcode = LookupForm(data={"order_number": "1", "postcode": "48 001"})

        assert by_email.judged() == Lookup("#1", email="ana@shop.example")
        assert by_postcode.judged() == Lookup("1", postcode="48 001")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"order_number": "1"}, "email"),
            ({"order_number": "1", "email": "a@b.example", "postcode": "1"}, "email"),
            ({"email": "a@b.example"}, "order_number"),
            ({"order_number": "", "email": "a@b.example"}, "order_number"),
            ({"order_number": 1001, "email": "a@b.example"}, "order_number"),
            ({"order_number": "1" * 61, "email": "a@b.example"}, "order_number"),
            ({"order_number": "1\x00", "email": "a@b.example"}, "order_number"),
            ({"order_number": "1", "email": "nobody"}, "email"),
            ({"order_number": "1", "postcode": "1" * 13}, "postcode"),
            ({"order_number": "1", "email": "a@b.example", "store": "x"}, "store"),
        ],
    )
    def test_refuses(self, body: dict[str, Any], field: str) -> None:
        with pytest.raises(ValidationError) as refused:
            LookupForm(data=body).judged()

        assert list(refused.value.detail) == [field]


class CodeFormTest:
    def test_takes_six_digits(self) -> None:
        assert CodeForm(data={"code": "012345"}).judged().code == "012345"

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", 123456, None])
    def test_refuses(self, code: Any) -> None:
        with pytest.raises(ValidationError):
            CodeForm(data={"code": code}).judged()


class ProofFormTest:
    def test_takes_a_token(self) -> None:
        assert ProofForm(data={"token": "t" * 43}).judged().token == "t" * 43

    @pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": "t" * 65}, {"email": "a@b.c"}])
    def test_refuses(self, body: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            ProofForm(data=body).judged()


class QueryTest:
    def test_methods_near_a_postcode(self) -> None:
        judged = MethodsQuery(data={"postcode": "48001", "language": "es"}).judged()

        assert judged == MethodsWanted("es", "48001")

    @pytest.mark.parametrize(
        "query",
        [
            {"expires": "x", "signature": "0" * 64},
            {"expires": str(2**41), "signature": "0" * 64},
            {"expires": "1", "signature": "0" * 63},
            {"expires": "1", "signature": "G" * 64},
            {"expires": "1"},
        ],
    )
    def test_a_signed_link_is_whole(self, query: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            SignedPhotoQuery(data=query).judged()
