"""Fields and bodies that several forms of this host share."""

from dataclasses import dataclass
from typing import Any

from apps.api.common.fields import StrictCharField
from apps.api.common.forms import Form

LONGEST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Nothing:
    """A call that says all by being made."""


class NothingForm(Form[Nothing]):
    into = Nothing


def words(length: int = LONGEST_TEXT, **kwargs: Any) -> Any:
    """Text of people, with line breaks; optional unless said otherwise."""
    return StrictCharField(max_length=length, lines=True, **{"required": False, **kwargs})
