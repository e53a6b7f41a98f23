"""The entries of some rows in the books, as a table."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.safestring import SafeString

from apps.core.admin import link_to, table
from apps.core.money import Money
from apps.payments.models import LedgerEntry

HEADS = ("When", "Step", "Account", "Debit", "Credit", "")
PAYMENT = "payments.payment"
type Source = tuple[str, UUID]


def entries_table(merchant_id: UUID, sources: Iterable[Source]) -> SafeString:
    """One query; a source is the type and id of what was booked."""
    booked = Q(pk__in=())
    for kind, key in sources:
        booked |= Q(transaction__source_type=kind, transaction__source_id=key)
    entries = LedgerEntry.objects.filter(booked, merchant_id=merchant_id)
    return table(HEADS, map(_row, entries.select_related("transaction", "account").order_by("id")))


def _row(entry: LedgerEntry) -> tuple[object, ...]:
    zero = Money.zero(entry.currency)
    return (
        f"{entry.transaction.at:%Y-%m-%d %H:%M:%S}",
        step(entry.transaction.kind),
        entry.account.get_kind_display(),
        entry.amount if entry.amount > zero else "",
        -entry.amount if entry.amount < zero else "",
        link_to(entry.transaction, "Open"),
    )


def step(kind: str) -> str:
    """`sent.2` is the second try of a payment."""
    name, _, generation = kind.partition(".")
    again = f" (try {generation})" if generation not in ("", "1") else ""
    return name.replace("_", " ").capitalize() + again
