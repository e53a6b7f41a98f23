"""A merchant's books over a period: what each account opened with, every movement, its close."""

from collections import defaultdict
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any
from uuid import UUID

from apps.billing.helpers import seller
from apps.billing.modules.documents.books import AccountPage, Movement, Statement
from apps.core.errors import DomainError
from apps.core.money import Money
from apps.payments.choices import Ledger
from apps.payments.models import LedgerAccount, LedgerEntry

if TYPE_CHECKING:
    from apps.accounts.models import Merchant

type Row = dict[str, Any]

MOST_MOVEMENTS = 10_000
ACCOUNT_COLUMNS = ("id", "kind", "nature", "currency", "opening_minor")
COLUMNS = (
    *("account_id", "amount_minor", "transaction__at", "transaction__kind"),
    *("transaction__source_type", "transaction__source_id"),
)


class StatementTooLong(DomainError):
    code = "statement_too_long"
    title = "The period has more movements than one statement holds; take a shorter one"
    status = 409


def statement_of(merchant: "Merchant", since: datetime, until: datetime) -> Statement:
    """`since` included, `until` not. Raises StatementTooLong above 10,000 movements."""
    entries = LedgerEntry.objects.for_merchant(merchant).filter(
        transaction__at__gte=since, transaction__at__lt=until
    )
    rows = list(entries.order_by("transaction__at", "id").values(*COLUMNS)[: MOST_MOVEMENTS + 1])
    if len(rows) > MOST_MOVEMENTS:
        raise StatementTooLong(most=MOST_MOVEMENTS)
    by_account: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        by_account[row["account_id"]].append(row)
    accounts = LedgerAccount.objects.for_merchant(merchant).with_turnover(since, until)
    pages = (
        _page(row, by_account[row["id"]])
        for row in accounts.order_by("currency", "kind").values(*ACCOUNT_COLUMNS)
    )
    return Statement(
        merchant=merchant.legal_name or merchant.name,
        seller=seller(),
        since=since,
        until=until,
        accounts=tuple(page for page in pages if page.opening or page.movements),
    )


def _page(account: Row, rows: list[Row]) -> AccountPage:
    currency = account["currency"]
    opening = Money(account["opening_minor"], currency)
    amounts = [Money(row["amount_minor"], currency) for row in rows]
    balances = list(accumulate(amounts, initial=opening))[1:]
    movements = (
        Movement(
            row["transaction__at"],
            row["transaction__kind"],
            row["transaction__source_type"],
            row["transaction__source_id"],
            amount,
            balance,
        )
        for row, amount, balance in zip(rows, amounts, balances, strict=True)
    )
    title = Ledger.Account(account["kind"]).label
    return AccountPage(account["kind"], title, account["nature"], opening, tuple(movements))
