"""The bank's files: each word settles, fails or returns a transfer, or is kept to be looked at."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from apps.core.money import Money
from apps.core.verbs import lock
from apps.payments import choices
from apps.payments.dtos import Answer
from apps.payments.gateways.bank_transfer import choices as bank
from apps.payments.gateways.bank_transfer.models import (
    BankTransferBatch,
    BankTransferItem,
    BankTransferPayout,
)
from apps.payments.gateways.bank_transfer.received import BankEntry, BankFile
from apps.payments.gateways.bank_transfer.sealing import seal_file
from apps.payments.gateways.bank_transfer.statements import BankWord, read

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.users.models import User

Word, Outcome = bank.BankFile.Word, bank.BankFile.Outcome
Status = choices.Payment.Status
OPEN = (Status.PROCESSING, Status.UNKNOWN)
Batch = choices.BankTransferBatch.Status


@dataclass(frozen=True, slots=True)
class BankFileRequest:
    """`by` None is a file that came by itself."""

    merchant: "Merchant"
    xml: bytes
    by: "User | None" = None


@dataclass(frozen=True, slots=True)
class Line:
    """A transfer as it left with a batch; of an older attempt when `is_current` is False."""

    payout: BankTransferPayout
    amount: Money
    end_to_end_id: str

    @property
    def is_current(self) -> bool:
        return self.payout.reference == self.end_to_end_id


@transaction.atomic
def read_bank_file(asked: BankFileRequest, at: datetime) -> BankFile:
    """Every word is kept with what became of it; the same file again changes nothing.

    Raises UnreadableBankFile, and then nothing is kept.
    """
    statement = read(asked.xml)
    lock(asked.merchant)
    digest = hashlib.sha256(asked.xml).hexdigest()
    if known := BankFile.objects.for_merchant(asked.merchant).filter(file_hash=digest).first():
        return known
    file = BankFile(
        merchant=asked.merchant,
        kind=statement.kind,
        message_id=statement.message_id[:35],
        file_hash=digest,
        read_by=asked.by,
        read_at=at,
    )
    file.file = seal_file(_utf8(asked.xml), file)
    entries = [
        _entry(file, word, line, at)
        for word in statement.words
        for line in _lines_of(file.merchant_id, word, statement.words)
    ]
    for position, entry in enumerate(entries):
        entry.position = position
    counts = Counter(entry.outcome for entry in entries)
    file.counts = {str(name): counts[name] for name in sorted(counts)}
    file.save(force_insert=True)
    BankEntry.objects.bulk_create(entries)
    _conclude(file.merchant_id, entries, at)
    counted = {name: int(count) for name, count in file.counts.items()}
    file.record(choices.Event.BANK_FILE_READ, format=file.kind, counts=counted)
    return file


def _lines_of(
    merchant_id: UUID, word: BankWord, words: tuple[BankWord, ...]
) -> "Iterator[Line | None]":
    """The transfers that a word is about: one, all of its batch that no other word is about, or
    None where it is about nothing of ours."""
    items = BankTransferItem.objects.filter(merchant_id=merchant_id)
    if word.end_to_end_id:
        items = items.filter(end_to_end_id=word.end_to_end_id)
    elif batch := _batch_of(merchant_id, word.batch):
        single = {each.end_to_end_id for each in words if each.end_to_end_id}
        items = items.filter(batch=batch).exclude(end_to_end_id__in=single)
        if word.word in (Word.PENDING, Word.OTHER):
            yield None
            return
    else:
        items = items.none()
    found = list(items.order_by("payment_id"))
    payouts = BankTransferPayout.objects.in_bulk([item.payment_id for item in found])
    for item in found:
        yield Line(payouts[item.payment_id], item.amount, item.end_to_end_id)
    if not found:
        yield None


def _entry(file: BankFile, word: BankWord, line: Line | None, at: datetime) -> BankEntry:
    about_batch = line is not None and not word.end_to_end_id
    amount = line.amount if line is not None and about_batch else word.amount
    if line is not None and about_batch and not _is_whole(line, word):
        word = replace(word, word=Word.OTHER)
    entry = BankEntry(
        merchant_id=file.merchant_id,
        file=file,
        batch_reference=word.batch,
        end_to_end_id=line.end_to_end_id if line is not None else word.end_to_end_id,
        word=word.word,
        code=word.code,
        currency=amount.currency if amount else "",
        amount_minor=amount.minor if amount else None,
        payment_id=line.payout.pk if line is not None else None,
    )
    if line is not None:
        entry.outcome = _apply(line, replace(word, amount=amount), at)
    else:
        known = word.batch and _batch_of(file.merchant_id, word.batch) and not word.end_to_end_id
        entry.outcome = Outcome.KNOWN if known else Outcome.UNMATCHED
    return entry


def _is_whole(line: Line, word: BankWord) -> bool:
    """Booked as one, a batch is carried out by the sum of its transfers and by no other."""
    if word.amount is None:
        return True
    items = BankTransferItem.objects.filter(payment=line.payout, end_to_end_id=line.end_to_end_id)
    return all(item.batch.total == word.amount for item in items.select_related("batch"))


def _apply(line: Line, word: BankWord, at: datetime) -> str:
    """Under the lock of the payment, which the verbs take again."""
    payout = line.payout
    lock(payout)
    if word.amount is not None and word.amount != line.amount:
        return Outcome.CONFLICT
    if word.word == Word.PENDING:
        return Outcome.KNOWN
    if not line.is_current:
        # An older attempt has failed before: whoever says so again says nothing new.
        return Outcome.KNOWN if word.word == Word.REJECTED else Outcome.CONFLICT
    steps = {
        Word.EXECUTED: _executed,
        Word.REJECTED: _rejected,
        Word.RETURNED: _returned,
    }
    step = steps.get(Word(word.word))
    return Outcome.CONFLICT if step is None else step(payout, word.code or "returned", at)


def _executed(payout: BankTransferPayout, code: str, at: datetime) -> str:
    if payout.status in OPEN:
        payout.settle(Answer(choices.Payment.Outcome.SUCCEEDED, payout.reference), at)
        return Outcome.SETTLED
    return Outcome.KNOWN if payout.status in choices.Payment.PAID else Outcome.CONFLICT


def _rejected(payout: BankTransferPayout, code: str, at: datetime) -> str:
    if payout.status in OPEN:
        failed = choices.Payment.Outcome.FAILED
        payout.settle(Answer(failed, failure_code=code), at)
        return Outcome.FAILED
    if payout.status == Status.SUCCEEDED:
        return _returned(payout, code, at)
    return Outcome.KNOWN if payout.status in choices.Payment.OWED else Outcome.CONFLICT


def _returned(payout: BankTransferPayout, code: str, at: datetime) -> str:
    """Money comes back after it had left: what nobody had said of it by then is said first."""
    if payout.status in OPEN:
        _executed(payout, code, at)
    if payout.status == Status.SUCCEEDED:
        payout.come_back(code, at)
        return Outcome.RETURNED
    return Outcome.KNOWN if payout.status == Status.RETURNED else Outcome.CONFLICT


def _conclude(merchant_id: UUID, entries: list[BankEntry], at: datetime) -> None:
    """A batch of which every transfer has ended is settled."""
    paid = [entry.payment_id for entry in entries if entry.payment_id]
    items = BankTransferItem.objects.filter(merchant_id=merchant_id, payment_id__in=paid)
    touched = BankTransferBatch.objects.filter(
        pk__in=items.values("batch_id"), status=Batch.EXPORTED
    )
    for batch in touched.order_by("id"):
        if not batch.items.filter(payment__status__in=OPEN).exists():
            batch.conclude(at)


def _batch_of(merchant_id: UUID, reference: str) -> UUID | None:
    """Our message id is the batch's id; its one block of payments has that with `-1`."""
    try:
        pk = UUID(reference.removesuffix("-1"))
    except ValueError:
        return None
    batches = BankTransferBatch.objects.filter(merchant_id=merchant_id, pk=pk)
    return batches.values_list("pk", flat=True).first()


def _utf8(xml: bytes) -> bytes:
    """Kept as text: a file in another encoding is kept by its bytes, letter by letter."""
    try:
        xml.decode()
    except UnicodeDecodeError:
        return xml.decode("latin-1").encode()
    return xml
