"""What underwriting is told and what it answers; nothing here knows an Order row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.core.money import Money
from apps.underwriting import choices


@dataclass(frozen=True, slots=True)
class UnderwriteRequest:
    """`value` is what would be advanced; `lines` are ids of order lines that come back, none for
    all. `carrier` is the code of the way of return, `iban` in clear, empty when money goes back
    where it came from. `request_id` names what is decided on: each call for it is a new version."""

    request_id: UUID
    value: Money
    lines: tuple[UUID, ...] = ()
    carrier: str = ""
    is_tracked: bool = True
    iban: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who asks, in clear; never stored, only keyed hashes and signals of it are."""

    email: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    country: str = ""
    iban: str = ""
    is_email_verified: bool = False


@dataclass(frozen=True, slots=True)
class Goods:
    categories: tuple[str, ...] = ()
    carrier: str = ""
    is_tracked: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """The shopper at this merchant: other orders and returns (of each at most 50 are counted),
    units of those returns, and returns that were opened and never sent."""

    orders: int = 0
    first_order_at: datetime | None = None
    returns: int = 0
    units_missing: int = 0
    units_rejected: int = 0
    open_returns: int = 0
    returns_today: int = 0
    returns_this_month: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What the order's own app tells: everything about this merchant and this order."""

    merchant_id: UUID
    store_id: UUID
    order_id: UUID
    is_instant: bool
    merchant_cap: Money
    goods: Goods
    history: History
    contact: Contact


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How earlier advances of the shopper ended at this merchant."""

    settled: int = 0
    recovered: int = 0
    disputed: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Platform:
    """The shopper across all merchants, in buckets only."""

    orders_today: str = choices.Bucket.NONE
    recovered: str = choices.Bucket.NONE
    lost: str = choices.Bucket.NONE
    people_at_address: str = choices.Bucket.NONE
    people_at_destination: str = choices.Bucket.NONE
    is_destination_for_review: bool = False


@dataclass(frozen=True, slots=True)
class AddressSignals:
    country: str = ""
    is_missing: bool = False
    is_po_box: bool = False


@dataclass(frozen=True, slots=True)
class EmailSignals:
    is_missing: bool = False
    is_disposable: bool = False
    is_tagged: bool = False
    is_random: bool = False
    is_verified: bool = True
    has_phone: bool = True


@dataclass(frozen=True, slots=True)
class ListHits:
    """Kinds of the entries that match."""

    blocked: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Room:
    """What a cap leaves; of caps across merchants rounded down to a quarter of the cap."""

    scope: str
    left: Money


@dataclass(frozen=True, slots=True)
class Facts:
    """All that `decide` reads; it is stored with the decision and replayed by the simulator."""

    value: Money
    is_instant: bool = True
    goods: Goods = field(default_factory=Goods)
    history: History = field(default_factory=History)
    outcomes: Outcomes = field(default_factory=Outcomes)
    platform: Platform = field(default_factory=Platform)
    address: AddressSignals = field(default_factory=AddressSignals)
    email: EmailSignals = field(default_factory=EmailSignals)
    lists: ListHits = field(default_factory=ListHits)
    rooms: tuple[Room, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says: points add up to the score; `best` is the best rung it still allows."""

    code: str
    points: int = 0
    best: str = choices.Rung.PAY_NOW


@dataclass(frozen=True, slots=True)
class Cap:
    amount: Money
    count: int


@dataclass(frozen=True, slots=True)
class Sums:
    """The policy's sums in one currency: `most` is the limit of each early rung, ascending."""

    value_steps: tuple[Money, ...]
    most_asked: Money
    most: Mapping[str, Money]
    caps: Mapping[str, Cap]


@dataclass(frozen=True, slots=True)
class Step:
    """Up to this score `percent` goes out at `rung`, the rest at the next one."""

    up_to: int
    rung: str
    percent: int = 100


@dataclass(frozen=True, slots=True)
class LossRate:
    """Up to this score so many of 10,000 advances are lost."""

    up_to: int
    basis_points: int


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """A policy as the engine reads it. Weights are percents by family, 100 where none is named;
    `countries` is empty when all are covered."""

    steps: tuple[Step, ...]
    sums: Mapping[str, Sums]
    weights: Mapping[str, int] = field(default_factory=dict)
    countries: frozenset[str] = frozenset()
    risky_countries: frozenset[str] = frozenset()
    excluded_categories: frozenset[str] = frozenset()
    risky_categories: frozenset[str] = frozenset()
    risky_carriers: frozenset[str] = frozenset()
    most_per_day: int = 3
    loss_rates: tuple[LossRate, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`limits` by rung, ascending: what may be out once that has happened; the last is all of it.
    `rung` is the first whose limit is above zero."""

    rung: str
    limits: Mapping[str, Money]
    score: int
    findings: tuple[Finding, ...]

    @property
    def is_offered(self) -> bool:
        return self.rung != choices.Rung.PAY_AT_INSPECTION


@dataclass(frozen=True, slots=True)
class Reservation:
    """`reference` names the advance: reserving twice under one is reserving once."""

    reference: UUID
    amount: Money
    rung: str = choices.Rung.PAY_NOW
