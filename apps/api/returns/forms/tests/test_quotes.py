from typing import Any
from uuid import UUID, uuid4

import pytest
from rest_framework.exceptions import ValidationError

from apps.api.returns.forms.quotes import QuoteForm
from apps.orders.dtos import UnitWish

LINE = "01890a5d-ac96-774b-bcce-b302099a8057"


def judged(**body: Any) -> Any:
    return QuoteForm(data={"units": [{"line": LINE, "quantity": 2}], **body}).judged()


def codes_of(error: ValidationError) -> str:
    return str(error.get_codes())


class QuoteFormTest:
    def test_answers_with_wishes(self) -> None:
        photo = str(uuid4())
        wanted = judged(
            units=[
                {"line": LINE, "quantity": 1, "images": [photo], "reason": "r", "sub_reason": "s"},
                {
                    "line": LINE,
                    "quantity": 1,
                    "wish": "exchange",
                    "variant_id": "L",
                    "fallback": "credit",
                },
            ],
            method="post",
            parcels=2,
        )

        assert wanted.units == (
            UnitWish(UUID(LINE), 1, "refund", "r", "s", images=(photo,)),
            UnitWish(UUID(LINE), 1, "exchange", variant_id="L", fallback="credit"),
        )
        assert (wanted.method, wanted.parcels) == ("post", 2)
        assert wanted.photos == {UUID(photo)}

    def test_what_may_be_left_out(self) -> None:
        wanted = judged()

        assert wanted.units == (UnitWish(UUID(LINE), 2, "refund"),)
        assert (wanted.method, wanted.parcels, wanted.photos) == ("", 1, set())

    @pytest.mark.parametrize(
        ("unit", "code"),
        [
            ({"quantity": 0}, "min_value"),
            ({"quantity": -1}, "min_value"),
            ({"quantity": 100_001}, "max_value"),
            ({"quantity": 1.5}, "invalid"),
            ({"quantity": "1"}, "invalid"),
            ({"line": "1"}, "invalid"),
            ({"wish": "gift"}, "invalid_choice"),
            ({"comment": "x" * 1_001}, "max_length"),
            ({"comment": "a\x07"}, "invalid_character"),
            ({"images": [LINE] * 6}, "max_length"),
            ({"images": ["../x"]}, "invalid"),
            ({"wish": "exchange"}, "variant_of_exchange"),
            ({"variant_id": "L"}, "variant_of_exchange"),
            ({"fallback": "cash"}, "invalid_choice"),
            ({"price": "1.00"}, "unknown_field"),
        ],
    )
    def test_refuses_a_unit(self, unit: dict[str, Any], code: str) -> None:
        with pytest.raises(ValidationError) as refused:
            judged(units=[{"line": LINE, "quantity": 1, **unit}])

        assert code in codes_of(refused.value)

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"units": []}, "min_length"),
            ({"units": [{"line": LINE, "quantity": 1}] * 51}, "max_length"),
            ({"units": "x"}, "not_a_list"),
            ({"units": [{"line": LINE, "quantity": 1, "images": [LINE] * 5}] * 5}, "too_many"),
            ({"parcels": 0}, "min_value"),
            ({"parcels": 21}, "max_value"),
            ({"method": "x" * 41}, "max_length"),
            ({"order": LINE}, "unknown_field"),
        ],
    )
    def test_refuses_a_request(self, body: dict[str, Any], code: str) -> None:
        with pytest.raises(ValidationError) as refused:
            judged(**body)

        assert code in codes_of(refused.value)
