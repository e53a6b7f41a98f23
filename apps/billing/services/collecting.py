"""Money for invoices: direct debits in a SEPA file, and transfers that staff confirm."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.billing import choices
from apps.billing.dtos import Receipt
from apps.billing.helpers import day_of, seller_account
from apps.billing.models import DirectDebit, DirectDebitFile, Invoice
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.payments.gateways.bank_transfer.direct_debit import Debit, DebitFile, debit_file
from apps.payments.gateways.bank_transfer.sealing import open_file, seal_file

if TYPE_CHECKING:
    from apps.core.fields import Sealed
    from apps.users.models import User

Status = choices.DirectDebit.Status
MOST_DEBITS = 1000


class NothingToCollect(DomainError):
    code = "nothing_to_collect"
    title = "No invoice waits to be debited"
    status = 409


@dataclass(frozen=True, slots=True)
class CollectRequest:
    """`invoice_ids` None takes every invoice that may be debited, up to 1000."""

    by: "User"
    invoice_ids: tuple[UUID, ...] | None = None


@transaction.atomic
def collect(request: CollectRequest, at: datetime) -> DirectDebitFile:
    """A pain.008 file over what is due by mandate; an invoice is in one file at a time.

    Collected on the due date of the latest of them, two working days from now at the earliest.
    """
    due = Invoice.objects.to_debit()
    if request.invoice_ids is not None:
        due = due.filter(pk__in=request.invoice_ids)
    locked = due.select_for_update(no_key=True, of=("self",))
    invoices = list(locked.select_related("merchant__billing_profile")[:MOST_DEBITS])
    if not invoices:
        raise NothingToCollect
    file = DirectDebitFile(made_by=request.by, debits_count=len(invoices))
    file.collect_on = _collect_on(invoices, day_of(at))
    file.message_id = f"DD-{file.id.hex[:32]}"[:35]
    debits = [_debit(file, invoice) for invoice in invoices]
    content = _content(file, list(zip(debits, invoices, strict=True)), at)
    file.total_minor = content.total.minor
    xml = debit_file(content)
    file.file, file.file_hash = seal_file(xml, file), hashlib.sha256(xml).hexdigest()
    file.save(force_insert=True)
    DirectDebit.objects.bulk_create(debits)
    for invoice in invoices:
        invoice.record(choices.Event.INVOICE_DEBITED, collect_on=file.collect_on.isoformat())
    return file


def file_of(file: DirectDebitFile) -> bytes:
    """The same bytes, whenever it is asked for."""
    return open_file(cast("Sealed", file.file), file)


@transaction.atomic
def confirm_debit(debit: DirectDebit, at: datetime) -> None:
    """The bank has collected it."""
    debit.settle(Status.COLLECTED)
    debit.invoice.receive(_receipt(debit), at)


@transaction.atomic
def refuse_debit(debit: DirectDebit, code: str, at: datetime) -> None:
    """The bank refused it, or the debtor had it returned: the invoice is open again."""
    if debit.status != Status.COLLECTED:
        debit.settle(Status.REFUSED, code)
        debit.invoice.record(choices.Event.INVOICE_DEBIT_REFUSED, code=code)
        return
    debit.settle(Status.RETURNED, code)
    payment = debit.invoice.payments.get(reference=debit.end_to_end_id)
    debit.invoice.lose(payment, code, at)


def confirm_transfer(invoice: Invoice, receipt: Receipt, at: datetime) -> None:
    """Staff saw the money on the account; raises PaymentAboveDue, PaymentDiffers or NotPayable."""
    invoice.receive(receipt, at)


def working_day(day: date) -> date:
    """That day, or the Monday after a weekend; the bank moves holidays of TARGET itself."""
    return day + timedelta(days=max(7 - day.weekday(), 0) if day.weekday() > 4 else 0)


def _collect_on(invoices: list[Invoice], today: date) -> date:
    earliest = today + timedelta(days=settings.DIRECT_DEBIT_LEAD_DAYS)
    latest_due = max((each.due_on for each in invoices if each.due_on), default=earliest)
    return working_day(max(earliest, latest_due))


def _debit(file: DirectDebitFile, invoice: Invoice) -> DirectDebit:
    key = uuid7()
    return DirectDebit(
        id=key,
        merchant_id=invoice.merchant_id,
        file=file,
        invoice=invoice,
        end_to_end_id=key.hex,
        currency=invoice.currency,
        amount_minor=invoice.due.minor,
    )


def _content(
    file: DirectDebitFile, pairs: list[tuple[DirectDebit, Invoice]], at: datetime
) -> DebitFile:
    debits = []
    for debit, invoice in pairs:
        profile = invoice.merchant.billing_profile
        debits.append(
            Debit(
                end_to_end_id=debit.end_to_end_id,
                amount=debit.amount,
                debtor=profile.debited_account(),
                mandate_id=profile.mandate_id,
                signed_on=profile.mandate_signed_on or day_of(at),
                remittance=f"Invoice {invoice.code}",
            )
        )
    return DebitFile(
        message_id=file.message_id,
        made_at=at,
        collect_on=file.collect_on,
        creditor=seller_account(),
        creditor_id=settings.SELLER["creditor_id"],
        debits=tuple(debits),
    )


def _receipt(debit: DirectDebit) -> Receipt:
    amount = Money(debit.amount_minor, debit.currency)
    method = choices.Profile.Method.DIRECT_DEBIT
    return Receipt(amount=amount, reference=debit.end_to_end_id, method=method)
