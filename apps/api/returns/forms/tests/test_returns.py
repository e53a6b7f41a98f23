from typing import Any
from uuid import UUID

import pytest
from rest_framework.exceptions import ValidationError

from apps.api.returns.forms.returns import (
    Nothing,
    NothingForm,
    ReturnForm,
    ReturnWanted,
    Tracking,
    TrackingForm,
)

QUOTE = "01890a5d-ac96-774b-bcce-b302099a8057"
IBAN = "ES91 2100 0418 4502 0005 1332"
TRANSFER = {"refund_method": "bank_transfer", "iban": IBAN, "holder": "Ana López"}


def judged(**body: Any) -> ReturnWanted:
    wanted: ReturnWanted = ReturnForm(
        data={"quote": QUOTE, "refund_method": "original", **body}
    ).judged()
    return wanted


class ReturnFormTest:
    def test_answers_with_the_quote_and_the_way(self) -> None:
        assert judged() == ReturnWanted(UUID(QUOTE), "original")
        assert judged(**TRANSFER) == ReturnWanted(UUID(QUOTE), "bank_transfer", IBAN, "Ana López")

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({"quote": "x"}, "quote", "invalid"),
            ({"quote": 1}, "quote", "invalid"),
            ({"refund_method": "elsewhere"}, "refund_method", "invalid_choice"),
            ({"refund_method": None}, "refund_method", "null"),
            ({"iban": IBAN}, "iban", "account_of_transfer"),
            ({**TRANSFER, "refund_method": "store_credit"}, "iban", "account_of_transfer"),
            ({"refund_method": "bank_transfer"}, "iban", "account_of_transfer"),
            ({**TRANSFER, "iban": "ES00"}, "iban", "invalid_iban"),
            ({**TRANSFER, "iban": "BR1800360305000010009795493C1"}, "iban", "iban_outside_sepa"),
            ({**TRANSFER, "holder": "x" * 71}, "holder", "max_length"),
            ({**TRANSFER, "holder": ""}, "holder", "blank"),
            ({"amount": {"amount": "1.00", "currency": "EUR"}}, "amount", "unknown_field"),
        ],
    )
    def test_refuses(self, body: dict[str, Any], field: str, code: str) -> None:
        with pytest.raises(ValidationError) as refused:
            judged(**body)
        codes: Any = refused.value.get_codes()

        assert codes[field] == [code]


class TrackingFormTest:
    def test_answers_with_number_and_carrier(self) -> None:
        form = TrackingForm(data={"number": "1Z999", "carrier": "UPS"})

        assert form.judged() == Tracking("1Z999", "UPS")
        assert TrackingForm(data={"number": "1Z999"}).judged() == Tracking("1Z999")

    @pytest.mark.parametrize(
        "body", [{}, {"number": ""}, {"number": 1}, {"number": "x" * 61}, {"number": "a\x00"}]
    )
    def test_refuses(self, body: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            TrackingForm(data=body).judged()


class NothingFormTest:
    def test_takes_nothing(self) -> None:
        assert NothingForm(data={}).judged() == Nothing()
        with pytest.raises(ValidationError):
            NothingForm(data={"status": "accepted"}).judged()
