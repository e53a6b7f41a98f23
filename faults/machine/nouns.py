"""What the machine believes: orders, returns, parcels, payments and credit, in whole cents."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.core.ids import uuid7
from apps.integrations.dtos import OrderSnapshot
from faults.machine.arithmetic import Sum, Terms, Till

UNKNOWN = UUID(int=0)


@dataclass
class Order:
    """`told` is the snapshot as the shop tells it now, `news` the older ones."""

    id: UUID
    till: Till
    paid: int
    told: object = None
    news: list[OrderSnapshot] = field(default_factory=list)


@dataclass
class Unit:
    line: int
    quantity: int
    id: UUID = UNKNOWN
    reception: str = "awaiting"
    decision: str = "pending"

    @property
    def is_open(self) -> bool:
        return self.decision in ("pending", "for_review")


@dataclass
class Parcel:
    status: str = "pending"
    labels: Counter[str] = field(default_factory=Counter)
    expires_at: datetime | None = None
    last_scan: datetime | None = None
    left: bool = False


@dataclass
class Return:
    order: Order
    units: list[Unit]
    status: str
    method: str
    terms: Terms
    requested_at: datetime
    opened_at: datetime | None
    expires_at: datetime | None
    id: UUID = UNKNOWN
    travels: bool = True
    received: bool = False
    sum: Sum | None = None
    has_account: bool = False
    parcel: Parcel | None = None

    @property
    def is_final(self) -> bool:
        return self.status in ("accepted", "partly_accepted", "rejected", "cancelled")


@dataclass
class Payment:
    order: Order
    ret: Return | None
    gateway: str
    purpose: str
    amount: int
    tender: int | None
    born: datetime
    id: UUID = UNKNOWN
    status: str = "pending"
    has_account: bool = False
    replaces: "Payment | None" = None
    replaced: bool = False
    batch: "Batch | None" = None
    two_persons: bool = False

    @property
    def is_claim(self) -> bool:
        """A refund by hand, whose claim and debt are its own."""
        return self.purpose == "manual" and self.replaces is None


@dataclass
class Batch:
    payments: list[Payment]
    id: UUID = UNKNOWN
    status: str = "draft"

    @property
    def total(self) -> int:
        return sum(payment.amount for payment in self.payments)


@dataclass
class Credit:
    ret: Return
    expires_at: datetime
    id: UUID = UNKNOWN
    issued: int = 0
    spent: int = 0
    voided: int = 0
    expired: int = 0
    closed: bool = False
    key: UUID = field(default_factory=uuid7)

    @property
    def balance(self) -> int:
        return self.issued - self.spent - self.voided - self.expired
