"""What callers hand to payments, and what gateways answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from apps.core.money import Money
from apps.integrations.asking import PlatformCredit


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway says of one payment; `outcome` is one of choices.Payment.Outcome."""

    outcome: str
    provider_ref: str = ""
    failure_code: str = ""
    # Where the shopper is asked to act: the page and its end.
    link: str = ""
    link_until: datetime | None = None
    # Of credit given at the shop: what it is known by there.
    credit: PlatformCredit | None = None


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A checked account: `iban` without blanks, `bic` empty where the bank is not known."""

    iban: str
    bic: str
    holder: str

    @property
    def last_four(self) -> str:
        return self.iban[-4:]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualRefundRequest:
    """A refund on an order decided by staff and made elsewhere; `reference` says where."""

    order_id: UUID
    amount: Money
    reference: str
    note: str
    requested_by: UUID | None = None
    tender_id: UUID | None = None


class Recovering(Protocol):
    """A recovery of orders as money sees it; each step may be told twice."""

    def charge_started(self, attempt: int, at: datetime) -> object: ...

    def collected(
        self, amount: Money, reference: str, at: datetime, attempt: int | None = None
    ) -> object: ...

    def charge_failed(self, code: str, at: datetime, attempt: int | None = None) -> object: ...

    def needs_shopper(self, at: datetime, attempt: int | None = None) -> object: ...

    def link_ready(self, url: str, expires_at: datetime, at: datetime) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedRefund:
    """Asked of a vendor: `source` is its id of the payment, `reference` our key and its name."""

    source: str
    amount: Money
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRefund:
    """A refund as a vendor tells it; `outcome` is one of choices.Payment.Outcome, `reference` our
    key where we asked for it, `source` the payment that it goes back to."""

    id: str
    outcome: str
    amount: Money
    reference: str = ""
    source: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideSeen:
    """A refund that we did not make; `sources` are the provider's ids of the payment it is of."""

    merchant_id: UUID
    gateway: str
    environment: str
    id: str
    sources: tuple[str, ...]
    amount: Money


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a provider's balance report that is about a refund; below zero money left.

    `source` is the payment that it goes back to and `reference` our key, where the line says so.
    """

    refund: str
    amount: Money
    at: datetime
    source: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class OddLine:
    """A line of a balance report that is about we do not know what.

    `kind` is one that we do not know, empty where the line cannot be read; `line` names it there.
    """

    line: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class BalanceReport:
    """What refunds moved, and what nobody understood; all of it is told until `until`."""

    until: datetime
    movements: tuple[Movement, ...]
    odd: tuple[OddLine, ...]
