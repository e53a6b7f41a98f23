from dataclasses import dataclass

from apps.api.common.fields import StrictCharField
from apps.api.common.forms import Form


@dataclass(frozen=True, slots=True)
class Tracking:
    number: str
    carrier: str = ""


class TrackingForm(Form[Tracking]):
    into = Tracking
    number = StrictCharField(max_length=60)
    carrier = StrictCharField(max_length=60, required=False, allow_blank=True)
