"""Adyen's daily payment accounting report (CSV) into movements of refunds: pure."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone

from apps.core.money import Money
from apps.payments import choices
from apps.payments.dtos import Movement, SeenRefund
from apps.payments.gateways.base import UnknownKind

Outcome = choices.Payment.Outcome
# A refund leaves when it is sent, which is what its notification says; `Refunded`, some days later,
# is the same money. What failed, or was sent back, comes home.
LEAVES, RETURNS = ("sentforrefund",), ("refundfailed", "refundedreversed")
_OTHERS = """
authorisationschemefee authorised authorisedpending balancetransfer bankinstructionreturned
cancelled capturefailed chargeback chargebackexternally chargebackexternallywithinfo
chargebackreversed chargebackreversedexternallywithinfo depositcorrection epapaid error expired
fee internalcompanypayout invoicededuction manualcorrected matchedstatement merchantpayin
merchantpayout misccosts notificationofchargeback notificationoffraud paidout paidoutreversed
paymentcost received refunded refundedexternally refundedexternallywithinfo refundedinstallment
refundedinbulk refundnotsupported refused requestforinformation reserveadjustment retried
reversed secondchargeback sentforsettle settlecost settled settledexternally
settledexternallywithinfo settledininstallments settledinbulk settledreversed
"""
OTHERS = frozenset(_OTHERS.split())
NEEDED = (
    *("record type", "booking date", "timezone", "psp reference", "modification psp reference"),
    *("payment currency", "captured (pc)", "modification merchant reference"),
)
WANTED = (*NEEDED, "main amount", "main currency")
# Hours from UTC; those that two zones share are not among them.
ZONES = (
    *(("EST", -5), ("EDT", -4), ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7)),
    *(("UTC", 0), ("GMT", 0), ("WET", 0), ("WEST", 1), ("BST", 1), ("CET", 1), ("CEST", 2)),
    *(("EET", 2), ("EEST", 3), ("HKT", 8), ("SGT", 8), ("JST", 9), ("AEST", 10), ("AEDT", 11)),
    *(("NZST", 12), ("NZDT", 13)),
)
HOURS: Mapping[str, int] = dict(ZONES)

type Cells = Mapping[str, str]


def name_of(day: date) -> str:
    return f"payments_accounting_report_{day:%Y_%m_%d}.csv"


def lines_of(name: str, text: str) -> Iterator[tuple[str, Cells]] | None:
    """Rows by their number, the header's being one; None for a file without the columns needed."""
    rows = csv.reader(io.StringIO(text))
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
    except csv.Error:
        return None
    if not set(NEEDED) <= set(header):
        return None
    places = {title: header.index(title) for title in WANTED if title in header}
    return _rows(name, rows, places)


def movements_of(row: Cells) -> Iterator[Movement]:
    name = row["record type"].strip()
    kind = name.lower()
    if kind in OTHERS:
        return
    if kind not in (*LEAVES, *RETURNS):
        raise UnknownKind(name)
    refund = row["modification psp reference"].strip()
    if not refund:
        raise ValueError("a refund without a reference")
    amount = _amount(row)
    yield Movement(
        refund=refund,
        amount=-amount if kind in LEAVES else amount,
        at=_when(row),
        source=row["psp reference"].strip(),
        reference=row["modification merchant reference"].strip(),
    )


def seen(movement: Movement) -> SeenRefund:
    """What the report says of a refund, for whom a notification has not said it."""
    has_left = movement.amount.minor < 0
    return SeenRefund(
        id=movement.refund,
        outcome=Outcome.SUCCEEDED if has_left else Outcome.FAILED,
        amount=-movement.amount if has_left else movement.amount,
        reference=movement.reference,
        source=movement.source,
        failure="refund_failed",
    )


def _rows(
    name: str, rows: Iterator[list[str]], places: Mapping[str, int]
) -> Iterator[tuple[str, Cells]]:
    """Where the file breaks off it cannot be read on: a last row without cells says so."""
    number = 1
    try:
        for number, row in enumerate(rows, 2):
            if row:
                cells = {title: row[at] for title, at in places.items() if at < len(row)}
                yield f"{name}:{number}", cells
    except csv.Error:
        yield f"{name}:{number + 1}", {}


def _amount(row: Cells) -> Money:
    """Its sign says between which of Adyen's registers it moved; nothing on a bank's return."""
    text, currency = row["captured (pc)"], row["payment currency"]
    if not text.strip():
        text, currency = row["main amount"], row["main currency"]
    amount = Money.of(text.strip().lstrip("-"), currency.strip())
    if not amount:
        raise ValueError("a refund of nothing")
    return amount


def _when(row: Cells) -> datetime:
    hours = HOURS[row["timezone"].strip()]
    local = datetime.fromisoformat(row["booking date"].strip())
    return local.replace(tzinfo=timezone(timedelta(hours=hours))).astimezone(UTC)
