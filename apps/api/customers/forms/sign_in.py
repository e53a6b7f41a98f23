from dataclasses import dataclass
from uuid import UUID

from apps.api.common.fields import StrictCharField, StrictEmailField, StrictUUIDField
from apps.api.common.forms import Form


@dataclass(frozen=True, slots=True)
class Address:
    email: str


class AddressForm(Form[Address]):
    into = Address
    email = StrictEmailField()


@dataclass(frozen=True, slots=True)
class Answer:
    code_id: UUID
    code: str


class AnswerForm(Form[Answer]):
    into = Answer
    code_id = StrictUUIDField()
    code = StrictCharField(max_length=6, min_length=6)
