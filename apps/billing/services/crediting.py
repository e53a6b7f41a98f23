"""Credit notes: drafted from lines of an invoice, issued at once or by a second person."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from apps.billing import choices
from apps.billing.calculator.totals import VatRow
from apps.billing.dtos import Charge, CreditRequest
from apps.billing.helpers import day_of, seller
from apps.billing.models import Invoice, InvoiceLine
from apps.billing.services.accrual import accrue
from apps.billing.services.closing import write_lines
from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import lock
from apps.payments.limits import needs_second_person

if TYPE_CHECKING:
    from apps.users.models import User


class NotCreditable(DomainError):
    code = "invoice_not_creditable"
    title = "Only an issued invoice, and no more of a line than is left, can be credited"
    status = 409


@transaction.atomic
def credit_invoice(request: CreditRequest, at: datetime) -> Invoice:
    """The credit note, issued; above the limit it stays a draft until somebody else approves it.

    Raises NotCreditable when a line has less left than is asked for, or nothing would be credited.
    """
    invoice = request.invoice
    lock(invoice)
    if invoice.is_credit_note or invoice.status == choices.Invoice.Status.DRAFT:
        raise NotCreditable(status=invoice.status)
    lines = _lines(request)
    note = _draft(request)
    for line in lines:
        line.invoice = note
    write_lines(note, lines, _credited_by_rate(invoice))
    if not note.total.minor > 0:
        raise NotCreditable(total={**note.total.as_json()})
    note.needs_second_person = needs_second_person(note.total)
    note.save(update_fields=["needs_second_person", "updated_at"])
    if note.needs_second_person:
        note.record(choices.Event.CREDIT_NOTE_DRAFTED, by=str(request.by.pk))
    else:
        approve_credit_note(note, request.by, at)
    return note


@transaction.atomic
def approve_credit_note(note: Invoice, by: "User", at: datetime) -> None:
    """Raises SecondPersonNeeded, or CreditAboveInvoice when another note was faster.

    What was owed to the merchant on credited lines is owed still: by the next invoice.
    """
    note.approve(by, day_of(at), at)
    owed = note.lines.filter(kind=choices.Fee.Kind.REIMBURSED).aggregate(net=Sum("net_minor"))
    accrue(
        Charge(
            merchant_id=note.merchant_id,
            kind=choices.Fee.Kind.REIMBURSED,
            amount=Money(owed["net"] or 0, note.currency),
            subject=("billing.invoice", note.pk),
            at=at,
        )
    )


@transaction.atomic
def drop_credit_note(note: Invoice) -> None:
    """A draft that nobody shall approve; an issued one is refused by the database."""
    lock(note)
    note.lines.all().delete()
    note.delete()


def _lines(request: CreditRequest) -> list[InvoiceLine]:
    taken = _taken(request.invoice)
    originals = {line.position: line for line in request.invoice.lines.all()}
    left = {
        position: line.net - taken.get(position, Money.zero(line.currency))
        for position, line in originals.items()
    }
    wanted = left if request.amounts is None else request.amounts
    lines = []
    for position, amount in sorted(wanted.items()):
        if not _within(amount, left.get(position)):
            raise NotCreditable(line=position)
        if amount:
            lines.append(_copy(originals[position], amount))
    return lines


def _within(amount: Money, left: Money | None) -> bool:
    """Of the sign of the line, and not more than is left of it."""
    if left is None or amount.currency != left.currency:
        return False
    return min(left.minor, 0) <= amount.minor <= max(left.minor, 0)


def _taken(invoice: Invoice) -> dict[int, Money]:
    rows = InvoiceLine.objects.filter(invoice__original=invoice).values("position")
    sums = rows.annotate(taken=Sum("net_minor")).values_list("position", "taken")
    return {position: Money(net, invoice.currency) for position, net in sums}


def _credited_by_rate(invoice: Invoice) -> dict[Decimal, VatRow]:
    rows = InvoiceLine.objects.filter(invoice__original=invoice).values("vat_rate")
    sums = rows.annotate(net_sum=Sum("net_minor"), vat_sum=Sum("vat_minor"))
    return {
        row["vat_rate"]: VatRow(
            row["vat_rate"],
            Money(row["net_sum"], invoice.currency),
            Money(row["vat_sum"], invoice.currency),
        )
        for row in sums
    }


def _draft(request: CreditRequest) -> Invoice:
    invoice = request.invoice
    note = Invoice(
        merchant_id=invoice.merchant_id,
        kind=choices.Invoice.Kind.CREDIT_NOTE,
        original=invoice,
        currency=invoice.currency,
        treatment=invoice.treatment,
        method=choices.Profile.Method.BANK_TRANSFER,
        language=invoice.language,
        seller=seller(),
        buyer=invoice.buyer,
        reason=request.reason,
        requested_by=request.by,
        net_minor=0,
        vat_minor=0,
        total_minor=0,
    )
    note.save(force_insert=True)
    return note


def _copy(line: InvoiceLine, amount: Money) -> InvoiceLine:
    whole = amount == line.net
    return InvoiceLine(
        merchant_id=line.merchant_id,
        position=line.position,
        kind=line.kind,
        description=line.description,
        quantity=line.quantity if whole else 1,
        currency=line.currency,
        unit_minor=line.unit_minor if whole else None,
        net_minor=amount.minor,
        vat_class=line.vat_class,
        vat_rate=line.vat_rate,
        vat_minor=0,
    )
