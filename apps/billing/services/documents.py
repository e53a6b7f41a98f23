"""The PDF of an invoice: drawn once from the frozen rows, stored, and read back from then on."""

import hashlib
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.billing import choices
from apps.billing.calculator.totals import VatRow
from apps.billing.modules.documents.pdf import render
from apps.billing.modules.documents.sheet import Sheet, SheetLine
from apps.core.errors import DomainError
from apps.core.money import Money

if TYPE_CHECKING:
    from decimal import Decimal

    from apps.billing.models import Invoice, InvoiceLine


PAID_OUT = choices.Fee.Kind.PAID_OUT


class NotIssued(DomainError):
    code = "invoice_not_issued"
    title = "A draft has no document yet"
    status = 409


def document_of(invoice: "Invoice") -> bytes:
    """Call it outside of a transaction: storage may be far away. Raises NotIssued for a draft."""
    if invoice.status == choices.Invoice.Status.DRAFT:
        raise NotIssued
    if invoice.file:
        with default_storage.open(str(invoice.file.name)) as stored:
            return bytes(stored.read())
    content = render(sheet_of(invoice))
    digest = hashlib.sha256(content).hexdigest()
    name = f"invoices/{invoice.merchant_id}/{invoice.code}-{digest[:12]}.pdf"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    invoice.keep_document(name, digest, len(content))
    return content


def sheet_of(invoice: "Invoice") -> Sheet:
    if invoice.issued_on is None:
        raise NotIssued
    lines = list(invoice.lines.order_by("position"))
    original = invoice.original
    return Sheet(
        kind=invoice.kind,
        language=invoice.language,
        code=invoice.code,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        period=invoice.period,
        original="" if original is None else original.code,
        reason=invoice.reason,
        seller=invoice.seller,
        buyer=invoice.buyer,
        lines=tuple(_line(line) for line in lines),
        vat_rows=_vat_rows(lines, invoice.currency),
        outside=Money.total((line.net for line in lines if _is_outside(line)), invoice.currency),
        net=invoice.net,
        vat=invoice.vat,
        total=invoice.total,
        notes=tuple(invoice.notes),
        mandate_id=invoice.mandate_id,
        paid_out=next((line.net for line in lines if line.kind == PAID_OUT), None),
    )


def _line(line: "InvoiceLine") -> SheetLine:
    return SheetLine(
        description=line.description,
        quantity=line.quantity,
        unit=None if line.unit_minor is None else Money(line.unit_minor, line.currency),
        rate=None if _is_outside(line) else line.vat_rate,
        net=line.net,
    )


def _vat_rows(lines: "list[InvoiceLine]", currency: str) -> tuple[VatRow, ...]:
    rates: dict[Decimal, VatRow] = {}
    for line in lines:
        if not _is_outside(line):
            zero = Money.zero(currency)
            row = rates.get(line.vat_rate, VatRow(line.vat_rate, zero, zero))
            rates[line.vat_rate] = VatRow(line.vat_rate, row.base + line.net, row.vat + line.vat)
    return tuple(rates[rate] for rate in sorted(rates, reverse=True))


def _is_outside(line: "InvoiceLine") -> bool:
    return line.vat_class == choices.Vat.Class.OUTSIDE
