"""What opens the portal: data of the order, then the code of a mail."""

from dataclasses import dataclass
from typing import Any, override

from rest_framework import serializers

from apps.api.common.fields import StrictCharField, StrictEmailField
from apps.api.common.forms import Form
from apps.api.returns.lookups import Lookup


@dataclass(frozen=True, slots=True)
class ProofWanted:
    token: str


@dataclass(frozen=True, slots=True)
class Code:
    code: str


class LookupForm(Form[Lookup]):
    """The number with or without its `#`, and one of e-mail and postcode."""

    into = Lookup
    order_number = StrictCharField(max_length=60)
    email = StrictEmailField(required=False)
    postcode = StrictCharField(max_length=12, required=False)

    @override
    def build(self, values: dict[str, Any]) -> Lookup:
        if ("email" in values) == ("postcode" in values):
            message = "Give either the e-mail or the postcode of the order."
            raise serializers.ValidationError({"email": [message]}, code="one_of_two")
        return super().build(values)


class ProofForm(Form[ProofWanted]):
    """`token` is that of a look-up, or of a session that is to be proved."""

    into = ProofWanted
    token = StrictCharField(max_length=64)


class CodeForm(Form[Code]):
    into = Code
    code = StrictCharField(max_length=6, min_length=6)

    def validate_code(self, code: str) -> str:
        if not (code.isascii() and code.isdigit()):
            raise serializers.ValidationError("Six digits.", code="invalid")
        return code
