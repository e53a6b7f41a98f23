"""Which offer of a quote a card is given for, and to which words."""

from dataclasses import dataclass

from apps.api.common.fields import StrictCharField, StrictChoiceField
from apps.api.common.forms import Form
from apps.api.returns.forms.returns import METHODS


@dataclass(frozen=True, slots=True)
class CardWanted:
    refund_method: str
    consent_version: str


class CardForm(Form[CardWanted]):
    into = CardWanted
    refund_method = StrictChoiceField(choices=METHODS)
    consent_version = StrictCharField(max_length=20)
