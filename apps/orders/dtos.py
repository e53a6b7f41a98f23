"""What callers hand to orders: requests and decisions, judged for form but not yet for sense."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.core.money import Money


@dataclass(frozen=True, slots=True)
class UnitWish:
    """Units that a shopper picks of one order line; `variant_id` names the goods wanted instead."""

    line_id: UUID
    quantity: int
    wish: str
    reason: str = ""
    sub_reason: str = ""
    comment: str = ""
    images: tuple[str, ...] = ()
    variant_id: str = ""
    fallback: str = "refund"


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """A return method as deliveries priced it for this order; an empty code means none."""

    id: UUID | None = None
    code: str = ""
    name: str = ""
    kind: str = ""
    price: Money | None = None
    per_parcel: bool = False
    keeps_goods: bool = False


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """`filed_by` shopper is bound by the rules; staff and api are only advised by them."""

    units: tuple[UnitWish, ...]
    method: MethodChoice
    filed_by: str
    parcels: int = 1


@dataclass(frozen=True, slots=True)
class OpenReturn:
    """Turns a quote into a return; `refund_method` is one of the quote's options, `method` the
    quote's return method as it is priced now. With a `consent` it is instant; `iban` is then the
    account of a bank transfer. `collects`: who opens it has the shopper pay what is due."""

    quote_id: UUID
    refund_method: str
    method: MethodChoice
    filed_by: str
    external_id: str = ""
    note: str = ""
    consent: "ConsentGiven | None" = None
    iban: str = ""
    collects: bool = False


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """Said to the words of `version`, read in `language`: the return is to be instant."""

    version: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Offered:
    """What goes out at one rung of an advance."""

    rung: str
    amount: Money


@dataclass(frozen=True, slots=True)
class AdvanceGrant:
    """An advance whose exposure is reserved: `key` names the holds, `text` was agreed to."""

    key: UUID
    assessment_id: UUID
    parts: tuple[Offered, ...]
    consent: ConsentGiven
    text: str
    cap: Money
    deadline: datetime
    charge_until: datetime
    cover_ends_at: datetime


@dataclass(frozen=True, slots=True)
class UnitDecision:
    """`outcome` is accepted, rejected, missing or for_review; no quantity means the whole line."""

    line_id: UUID
    outcome: str
    quantity: int | None = None
    reason: str = ""
    images: tuple[str, ...] = ()
    grade: str = ""
    disposition: str = ""
