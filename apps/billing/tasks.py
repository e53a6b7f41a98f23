import logging
from datetime import date, datetime, timedelta
from uuid import UUID

from celery import shared_task

from apps.accounts.models import Merchant
from apps.billing import services
from apps.billing.helpers import start_of
from apps.billing.models import Invoice
from apps.core import clock
from apps.core.errors import DomainError
from apps.deliveries.models import Shipment
from apps.events.models import Event
from apps.events.slots import run_once, slot_of
from apps.orders import choices as orders
from apps.orders.models import Advance, Return
from apps.payments import services as payments

logger = logging.getLogger(__name__)
# Half of what beat keeps, so that a late tick and an early one do not share a slot.
CLOSING_SLOT = timedelta(minutes=30)


@shared_task
def close_months() -> int | None:
    """Every hour: each month that is over and open is closed, however many were missed."""
    at = clock.now()
    slot = slot_of(at, CLOSING_SLOT)
    return run_once("billing.close_months", slot, lambda: _send_out(at))


@shared_task
def close_month(merchant_id: str, month: str) -> int | None:
    """How many invoices; None when another worker is at it, or a person must do something first."""
    period = date.fromisoformat(month)
    try:
        return run_once(
            f"billing.close:{merchant_id}",
            start_of(period),
            lambda: _close(UUID(merchant_id), period),
        )
    except DomainError as refusal:
        # The month stays open, and is tried again within the hour.
        logger.warning("month %s of merchant %s stays open: %s", month, merchant_id, refusal)
        return None


@shared_task
def draw_invoice(invoice_id: str) -> None:
    services.document_of(Invoice.objects.get(pk=invoice_id))


@shared_task
def dun_invoices() -> int | None:
    """Called every hour, at work once a day."""
    at = clock.now()
    slot = slot_of(at, timedelta(days=1))
    return run_once("billing.dun", slot, lambda: services.dun_invoices(at))


@shared_task
def send_letters() -> int | None:
    """Every half an hour: one for each step that nobody was told of."""
    at = clock.now()
    slot = slot_of(at, CLOSING_SLOT)
    return run_once("billing.send_letters", slot, lambda: services.send_letters(at))


@shared_task
def look_at_pages() -> int | None:
    """Every five minutes: what became of the pages on which merchants pay."""
    at = clock.now()
    slot = slot_of(at, timedelta(minutes=2))
    return run_once("billing.look_at_pages", slot, lambda: services.look_at_pages(at))


@shared_task
def charge_cards() -> int | None:
    """Every five minutes: cards that were saved, charges without an outcome, and what is due."""
    at = clock.now()
    slot = slot_of(at, timedelta(minutes=2))
    return run_once("billing.charge_cards", slot, lambda: _charge_cards(at))


def charge_return(event: Event) -> None:
    """A return of the past that was only written down costs nothing."""
    ret = Return.objects.get(pk=event.subject_id)
    replayed = ret.filed_by == orders.Return.FiledBy.PLATFORM
    if not (replayed and ret.refund_method == orders.Return.RefundMethod.ELSEWHERE):
        services.accrue_request(ret.merchant_id, ret.pk, event.at, event.pk)
    advance = Advance.objects.filter(ret_id=ret.pk).first()
    if advance is not None:
        subject = ("orders.return", ret.pk)
        services.accrue_instant(ret.merchant_id, advance.amount, subject, event.at, event.pk)


def charge_advance(event: Event) -> None:
    """What the platform paid of it and the shopper does not owe is the merchant's to pay; what
    the merchant paid and the shopper does owe is the platform's."""
    owed = payments.owed_by_merchant(event.subject_id)
    subject = ("orders.return", event.subject_id)
    services.accrue_disbursement(event.merchant_id, owed, subject, event.at, event.pk)
    ours = payments.owed_to_merchant(event.subject_id)
    services.accrue_reimbursement(event.merchant_id, ours, subject, event.at, event.pk)


def charge_closed_recovery(event: Event) -> None:
    """The shopper owes nothing of it: what the platform paid is the merchant's to pay, to the
    shopper or to the merchant itself."""
    owed = payments.borne_by_merchant(event.subject_id)
    subject = ("orders.recovery", event.subject_id)
    services.accrue_disbursement(event.merchant_id, owed, subject, event.at, event.pk)
    back = payments.taken_back_from_merchant(event.subject_id)
    services.accrue_taken_back(event.merchant_id, back, subject, event.at, event.pk)


def charge_labels(event: Event) -> None:
    """Every label bought for the shipment; what the product draws itself costs nothing."""
    shipment = Shipment.objects.get(pk=event.subject_id)
    if shipment.account_id is None:
        return
    for label_id in shipment.labels.exclude(made_at=None).values_list("pk", flat=True):
        services.accrue_label(shipment.merchant_id, label_id, None, event.at, event.pk)


def _send_out(at: datetime) -> int:
    months = services.months_to_close(at.date())
    for merchant_id, month in months:
        close_month.delay(str(merchant_id), month.isoformat())
    return len(months)


def _close(merchant_id: UUID, month: date) -> int:
    invoices = services.close_month(Merchant.objects.get(pk=merchant_id), month, clock.now())
    for invoice in invoices:
        draw_invoice.delay(str(invoice.pk))
    return len(invoices)


def _charge_cards(at: datetime) -> int:
    return services.look_at_cards(at) + services.look_at_charges(at) + services.charge_invoices(at)
