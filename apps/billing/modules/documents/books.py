"""The books of a merchant over a period, as a document: no reading and no drawing here."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.core.money import Money

HEADS = ("account", "currency", "at", "movement", "of", "debit", "credit", "balance")


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry: debit above zero, credit below; `balance` is what the account came to by it."""

    at: datetime
    kind: str
    source_type: str
    source_id: UUID
    amount: Money
    balance: Money

    @property
    def debit(self) -> Money:
        return self.amount.at_least_zero()

    @property
    def credit(self) -> Money:
        return (-self.amount).at_least_zero()

    @property
    def source(self) -> str:
        """`invoice 01a2144e`: the noun, and enough of its id to find it."""
        return f"{self.source_type.rpartition('.')[2]} {str(self.source_id)[:8]}"


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Balances are debit less credit; `closing` is that of the last movement."""

    kind: str
    title: str
    nature: str
    opening: Money
    movements: tuple[Movement, ...]

    @property
    def currency(self) -> str:
        return self.opening.currency

    @property
    def debit(self) -> Money:
        return Money.total((each.debit for each in self.movements), self.currency)

    @property
    def credit(self) -> Money:
        return Money.total((each.credit for each in self.movements), self.currency)

    @property
    def closing(self) -> Money:
        return self.opening + self.debit - self.credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`since` included, `until` not; accounts without a balance and without a movement left out."""

    merchant: str
    seller: dict[str, str]
    since: datetime
    until: datetime
    accounts: tuple[AccountPage, ...]


def csv_of(statement: Statement) -> bytes:
    """UTF-8 with a head; an opening and a closing row stand around the movements of an account."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(HEADS)
    for page in statement.accounts:
        named = (page.kind, page.currency)
        rows.writerow(
            (*named, statement.since.isoformat(), "opening", "", "", "", _sum(page.opening))
        )
        for each in page.movements:
            sides = (_sum(each.debit), _sum(each.credit), _sum(each.balance))
            source = f"{each.source_type} {each.source_id}"
            rows.writerow((*named, each.at.isoformat(), each.kind, source, *sides))
        sides = (_sum(page.debit), _sum(page.credit), _sum(page.closing))
        rows.writerow((*named, statement.until.isoformat(), "closing", "", *sides))
    return out.getvalue().encode()


def _sum(amount: Money) -> str:
    return f"{amount.amount}"
