"""The end of a month: its fees become an invoice for each currency, in one transaction, once."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from apps.accounts.models import Merchant
from apps.billing import choices
from apps.billing.calculator.periods import month_after, month_of, months_from
from apps.billing.calculator.totals import VatRow, totals_of
from apps.billing.calculator.vat import rate_of
from apps.billing.calculator.vat_notes import (
    DISBURSEMENT_NOTE,
    NOTES,
    REIMBURSEMENT_NOTE,
    note_in,
)
from apps.billing.helpers import day_of, seller
from apps.billing.models import (
    BillingProfile,
    ClosedMonth,
    Fee,
    Invoice,
    InvoiceLine,
    Subscription,
)
from apps.billing.modules.documents.sheet import line_words
from apps.billing.services.monthly import carry_credit, charge_month, pay_out_rest
from apps.billing.services.payouts import owe_payout
from apps.billing.services.subscribing import open_profile
from apps.core.errors import DomainError
from apps.core.money import Money
from apps.core.verbs import lock

logger = logging.getLogger(__name__)
PLACES = {kind: place for place, kind in enumerate(choices.Fee.Kind.values)}


class MonthNotOver(DomainError):
    code = "month_not_over"
    title = "The month has not ended yet"
    status = 409


class ProfileIncomplete(DomainError):
    code = "billing_profile_incomplete"
    title = "The billing profile lacks what an invoice must name"
    status = 409


class BillingClosed(DomainError):
    code = "billing_closed"
    title = "The installation has not been told who sends its invoices"
    status = 409


def months_to_close(day: date) -> list[tuple[UUID, date]]:
    """(merchant, month) of all that is over by `day` and was never closed, the oldest first."""
    first: dict[UUID, date] = {}
    starts = Subscription.objects.values("merchant_id").annotate(day=Min("starts_on"))
    fees = Fee.objects.filter(invoice=None).values("merchant_id").annotate(day=Min("period"))
    for row in (*starts, *fees):
        merchant_id, since = row["merchant_id"], month_of(row["day"])
        first[merchant_id] = min(since, first.get(merchant_id, since))
    closed = set(ClosedMonth.objects.values_list("merchant_id", "period"))
    wanted = [
        (merchant_id, month)
        for merchant_id, since in first.items()
        for month in months_from(since, day)
        if (merchant_id, month) not in closed
    ]
    return sorted(wanted, key=lambda pair: (pair[1], pair[0]))


@transaction.atomic
def close_month(merchant: Merchant, month: date, at: datetime) -> list[Invoice]:
    """Once for a merchant and month: a second call has nothing to do and gives no invoice.

    What was heard late of closed months goes onto this one. Raises MonthNotOver,
    ProfileIncomplete or BillingClosed, and then nothing has happened.
    """
    if not settings.BILLING_OPEN:
        raise BillingClosed
    if day_of(at) < month_after(month):
        raise MonthNotOver(month=f"{month:%Y-%m}")
    profile = open_profile(merchant)
    lock(profile)
    if ClosedMonth.objects.for_merchant(merchant).filter(period=month).exists():
        return []
    charge_month(profile, month)
    open_fees = Fee.objects.for_merchant(merchant).open(month)
    currencies = sorted(set(open_fees.order_by().values_list("currency", flat=True).distinct()))
    if currencies and not profile.is_complete:
        raise ProfileIncomplete(merchant=merchant.slug)
    invoices = [_invoice(profile, month, currency, at) for currency in currencies]
    done = ClosedMonth(merchant=merchant, period=month, invoices_count=len(invoices))
    done.save(force_insert=True)
    return invoices


def _invoice(profile: BillingProfile, month: date, currency: str, at: datetime) -> Invoice:
    merchant = profile.merchant
    carry_credit(profile, month, currency)
    pay_out_rest(profile, month, currency)
    fees = Fee.objects.for_merchant(merchant).open(month).filter(currency=currency)
    draft = Invoice(
        merchant=merchant,
        period=month,
        currency=currency,
        treatment=profile.treatment,
        method=profile.method,
        mandate_id=profile.mandate_id if profile.is_debited else "",
        language=profile.language,
        seller=seller(),
        buyer=buyer_of(profile),
        net_minor=0,
        vat_minor=0,
        total_minor=0,
    )
    draft.save(force_insert=True)
    fees.update(invoice=draft)
    rows = sorted(
        Fee.objects.for_merchant(merchant).filter(invoice=draft).by_line(),
        key=lambda row: PLACES[str(row["kind"])],
    )
    write_lines(draft, [_line(draft, row) for row in rows])
    draft.issue(day_of(at), at)
    owe_payout(draft)
    return draft


def write_lines(
    draft: Invoice,
    lines: Sequence[InvoiceLine],
    before: Mapping[Decimal, VatRow] | None = None,
) -> None:
    """Lines with their share of the VAT, and the sums and notes of the document."""
    parts: list[tuple[Money, Decimal]] = [(line.net, line.vat_rate) for line in lines]
    totals = totals_of(parts, draft.currency, before)
    for position, (line, vat) in enumerate(zip(lines, totals.line_vat, strict=True), 1):
        line.position, line.vat = line.position or position, vat
    InvoiceLine.objects.bulk_create(lines)
    draft.net, draft.vat, draft.total = totals.net, totals.vat, totals.total
    draft.notes = notes_of(draft, lines)
    draft.save(update_fields=["net_minor", "vat_minor", "total_minor", "notes", "updated_at"])


def notes_of(draft: Invoice, lines: Sequence[InvoiceLine]) -> list[str]:
    kinds = {line.kind for line in lines}
    why_no_vat = (
        (NOTES[draft.treatment], kinds - {*choices.Fee.OUTSIDE}),
        (DISBURSEMENT_NOTE, kinds & {choices.Fee.Kind.DISBURSEMENT}),
        (REIMBURSEMENT_NOTE, kinds & {choices.Fee.Kind.REIMBURSED, choices.Fee.Kind.TAKEN_BACK}),
    )
    return [
        note_in(draft.language, words) for words, concerned in why_no_vat if words and concerned
    ]


def buyer_of(profile: BillingProfile) -> dict[str, str]:
    return {
        "name": profile.legal_name,
        "street": profile.street,
        "city": f"{profile.postcode} {profile.city}",
        "country": profile.country,
        "vat_number": profile.vat_number,
        "email": profile.email,
    }


def _line(draft: Invoice, row: dict[str, Any]) -> InvoiceLine:
    same = row["low"] == row["high"]
    return InvoiceLine(
        merchant_id=draft.merchant_id,
        invoice=draft,
        position=0,
        kind=row["kind"],
        description=line_words(row["kind"], row["description"], draft.language)[:140],
        quantity=row["quantity"],
        currency=draft.currency,
        unit_minor=row["low"] if same else None,
        net_minor=row["net"],
        vat_class=row["vat_class"],
        vat_rate=rate_of(row["vat_class"], draft.treatment),
        vat_minor=0,
    )
