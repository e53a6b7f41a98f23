"""Posting, reversing and reading the books of one merchant."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models, transaction

from apps.core.money import Money
from apps.payments import choices
from apps.payments.modules.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from apps.payments.modules.ledger.postings import Legs

if TYPE_CHECKING:
    from apps.accounts.models import Merchant


@dataclass(frozen=True, slots=True)
class Source:
    """The row whose event is posted; one transaction for each kind of it (I-19)."""

    merchant_id: UUID
    type: str
    id: UUID


@transaction.atomic
def post(
    source: Source,
    kind: str,
    legs: Legs,
    at: datetime,
    *,
    reverses: LedgerTransaction | None = None,
) -> LedgerTransaction:
    """Write one balanced transaction, under the lock of its source.

    IntegrityError: the source has one of this kind, or a liability would fall below zero.
    """
    accounts = _locked_accounts(source.merchant_id, legs)
    entry = LedgerTransaction(
        merchant_id=source.merchant_id,
        source_type=source.type,
        source_id=source.id,
        kind=kind,
        reverses=reverses,
        at=at,
    )
    entry.save(force_insert=True)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            merchant_id=source.merchant_id,
            transaction=entry,
            account=accounts[account, amount.currency],
            currency=amount.currency,
            amount_minor=amount.minor,
        )
        for account, amount in legs
    )
    return entry


def reverse(original: LedgerTransaction, kind: str, at: datetime) -> LedgerTransaction:
    """The mirror of `original`, once: a second reversal is an IntegrityError."""
    entries = original.entries.select_related("account")
    legs = tuple((entry.account.kind, -entry.amount) for entry in entries)
    source = Source(original.merchant_id, original.source_type, original.source_id)
    return post(source, kind, legs, at, reverses=original)


def get(source: Source, kind: str) -> LedgerTransaction:
    return LedgerTransaction.objects.get(
        merchant_id=source.merchant_id, source_type=source.type, source_id=source.id, kind=kind
    )


def find(source: Source, kind: str) -> LedgerTransaction | None:
    return LedgerTransaction.objects.filter(
        merchant_id=source.merchant_id, source_type=source.type, source_id=source.id, kind=kind
    ).first()


def balances(merchant: "Merchant") -> dict[tuple[str, str], Money]:
    """(account, currency) -> its standing; accounts never used are not there."""
    accounts = LedgerAccount.objects.for_merchant(merchant).order_by("kind", "currency")
    return {(account.kind, account.currency): account.standing for account in accounts}


def statement(
    merchant: "Merchant", kind: str, since: datetime, until: datetime
) -> "models.QuerySet[LedgerEntry]":
    """Entries of one account, oldest first, `since` included and `until` not."""
    return (
        LedgerEntry.objects.for_merchant(merchant)
        .filter(account__kind=kind, transaction__at__gte=since, transaction__at__lt=until)
        .select_related("transaction", "account")
        .order_by("transaction__at", "id")
    )


def _locked_accounts(merchant_id: UUID, legs: Legs) -> dict[tuple[str, str], LedgerAccount]:
    """Locked by pk, all at once, so that two postings never wait for each other in a ring."""
    wanted = {(account, amount.currency) for account, amount in legs}
    found = _lock(merchant_id, wanted)
    if missing := wanted - found.keys():
        LedgerAccount.objects.bulk_create(
            [
                LedgerAccount(
                    merchant_id=merchant_id,
                    kind=kind,
                    nature=choices.Ledger.NATURES[kind],
                    currency=currency,
                )
                for kind, currency in sorted(missing)
            ],
            ignore_conflicts=True,
        )
        found = _lock(merchant_id, wanted)
    return found


def _lock(merchant_id: UUID, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], LedgerAccount]:
    chosen = models.Q(pk__in=[])
    for kind, currency in wanted:
        chosen |= models.Q(kind=kind, currency=currency)
    rows = LedgerAccount.objects.filter(chosen, merchant_id=merchant_id)
    locked = rows.select_for_update(no_key=True).order_by("pk")
    return {(row.kind, row.currency): row for row in locked}
