from typing import Any
from uuid import UUID

import pytest
from rest_framework.exceptions import ValidationError

from apps.api.customers.forms.sign_in import Address, AddressForm, Answer, AnswerForm
from apps.api.customers.forms.tracking import Tracking, TrackingForm

ID = "01a2144e-efb0-75ed-8f35-36db49f308df"


class SignInFormsTest:
    def test_answer_with_dataclasses(self) -> None:
        assert AddressForm(data={"email": "Ana@Shop.Example"}).judged() == Address(
            "ana@shop.example"
        )
        assert AnswerForm(data={"code_id": ID, "code": "012345"}).judged() == Answer(
            UUID(ID), "012345"
        )
        assert TrackingForm(data={"number": "ZX1"}).judged() == Tracking("ZX1", "")

    @pytest.mark.parametrize(
        ("form", "data"),
        [
            (AddressForm, {}),
            (AddressForm, {"email": "ana"}),
            (AnswerForm, {"code_id": ID, "code": 12345}),
            (AnswerForm, {"code_id": ID, "code": "1"}),
            (AnswerForm, {"code_id": "x", "code": "012345"}),
            (TrackingForm, {"number": ""}),
            (TrackingForm, {"number": "x" * 61}),
        ],
    )
    def test_refuse(self, form: Any, data: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            form(data=data).judged()
