"""A recovery on paper: whole cents and dates, and nothing of the product's own.

It knows what the shopper was promised (the days, the cap) and what really happened (charges,
payments, scans), and says when a charge may be made and how much must have gone back.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

DAY = timedelta(days=1)


@dataclass
class Parcel:
    scanned_at: datetime | None = None
    landed_at: datetime | None = None
    label_failed: bool = False

    @property
    def travels(self) -> bool:
        if self.scanned_at is None:
            return False
        return self.landed_at is None or self.landed_at < self.scanned_at

    @property
    def forbids_charges(self) -> bool:
        return self.travels or (self.label_failed and self.landed_at is None)


@dataclass
class Charge:
    number: int
    amount: int
    at: datetime
    reference: str
    is_open: bool = True
    succeeded: bool = False

    @property
    def counts(self) -> bool:
        return self.is_open or self.succeeded


@dataclass
class Consent:
    cap: int
    until: datetime


@dataclass
class Debt:
    due: int
    opened_at: datetime
    charges: list[Charge] = field(default_factory=list)
    paid: dict[str, int] = field(default_factory=dict)
    warned: list[datetime] = field(default_factory=list)
    is_contested: bool = False
    is_closed: bool = False

    @property
    def came(self) -> int:
        return sum(self.paid.values())

    @property
    def must_go_back(self) -> int:
        """All of it once nothing is owed, else what is above the debt (I-35, I-37)."""
        return self.came if self.is_closed else max(self.came - self.due, 0)

    @property
    def owed(self) -> int:
        return 0 if self.is_closed else max(self.due - self.came, 0)

    def warn(self, at: datetime) -> None:
        assert at >= self.opened_at + 7 * DAY, "warned before the objection was over (I-26)"
        self.warned.append(at)


@dataclass
class Paper:
    parcel: Parcel
    consent: Consent
    debts: dict[Any, Debt]

    def charge(self, key: Any, charge: Charge) -> None:
        """Somebody is about to call the bank: raises AssertionError when that is wrong."""
        debt = self.debts[key]
        self._in_time(debt, charge.at)
        assert not self.parcel.forbids_charges, "charged while the parcel forbids it"
        assert not debt.is_contested, "charged while it is contested"
        assert not debt.is_closed, "charged after it was closed"
        assert not any(each.is_open for each in debt.charges), "two charges in flight (I-36)"
        assert charge.number not in {each.number for each in debt.charges}, "charged twice"
        assert len(debt.charges) < 3, "a fourth charge (I-36)"
        assert 0 < charge.amount <= debt.owed, "charged more than is owed (I-35)"
        taken = sum(
            each.amount for other in self.debts.values() for each in other.charges if each.counts
        )
        assert taken + charge.amount <= self.consent.cap, "above the consent (I-36)"
        debt.charges.append(charge)

    def _in_time(self, debt: Debt, at: datetime) -> None:
        assert at >= debt.opened_at + 7 * DAY, "charged before the objection was over (I-26)"
        assert at <= self.consent.until, "charged after the consent ended (I-36)"
        assert debt.warned, "charged without a warning"
        assert at >= max(debt.warned) + 3 * DAY, "charged too soon after the warning"
        if debt.charges:
            assert at <= debt.charges[0].at + 15 * DAY, "charged after fifteen days (I-36)"
