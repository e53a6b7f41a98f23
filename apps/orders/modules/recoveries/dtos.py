"""What opens a recovery, and what a shopper says against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.money import Money

if TYPE_CHECKING:
    from apps.orders.models import Return


@dataclass(frozen=True, slots=True)
class Consent:
    """Up to `cap` may be charged to the saved card for the return, until `until`."""

    cap: Money
    until: datetime


@dataclass(frozen=True, slots=True)
class OpenRecovery:
    """`amount` is the advanced value of the lines; without a consent only a link can be paid."""

    ret: "Return"
    cause: str
    amount: Money
    lines: Sequence[UUID]
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """`kind` of choices.Recovery.Contest; `images` are names of stored photos."""

    kind: str
    text: str = ""
    tracking_number: str = ""
    carrier: str = ""
    images: Sequence[str] = ()
