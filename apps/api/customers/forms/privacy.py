from dataclasses import dataclass

from apps.api.common.fields import StrictChoiceField
from apps.api.common.forms import Form
from apps.orders.modules.privacy import choices

Kind = choices.PrivacyRequest.Kind


@dataclass(frozen=True, slots=True)
class Wish:
    kind: str


class WishForm(Form[Wish]):
    into = Wish
    kind = StrictChoiceField(choices=[Kind.EXPORT, Kind.ERASURE])
