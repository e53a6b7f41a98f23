"""All that names a shopper, taken out of the rows of their orders; see `personal` for the list.

The caller holds the locks of the orders and is in a transaction; files go after its commit.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.core.files.storage import Storage
from django.db import transaction

from apps.accounts.models import Customer
from apps.api.models import CustomerSession, Evidence, LoginCode, PortalSession
from apps.deliveries.models import Label, Shipment, TrackingEvent
from apps.events.forgetting import forget_words
from apps.integrations import choices as integrations
from apps.integrations.models import PlatformAction
from apps.orders.mixins.anonymization import without_person
from apps.orders.models import Order, PrivacyRequest, Recovery, Return
from apps.payments.gateways.bank_transfer.models import PayoutDestination
from apps.payments.gateways.manual.models import ManualRefund
from apps.payments.gateways.stripe.models import PaymentMethodToken
from apps.payments.models import Payment
from apps.payments.services import forget_cards
from apps.underwriting.models import Assessment, Override

# Where the database wants words: what somebody once wrote is gone all the same.
GONE = "erased"


def forget_orders(found: Sequence[Order]) -> dict[str, int]:
    """How many of each were forgotten; sums, dates, units and numbers stay."""
    ret_ids = list(Return.objects.filter(order__in=found).values_list("pk", flat=True))
    _forget_writing(ret_ids)
    _forget_words_of_staff(found, ret_ids)
    accounts = PayoutDestination.objects.filter(ret__in=ret_ids).delete()[0]
    PortalSession.objects.filter(order__in=found).delete()
    return {
        "addresses": _forget_ways(ret_ids),
        "labels": _drop_labels(ret_ids),
        "bank_accounts": accounts,
        "cards": forget_cards(found),
        "photos": _drop_photos(found),
        "events": forget_words(_subjects(found, ret_ids)),
    }


def forget_customer(customer: Customer) -> int:
    CustomerSession.objects.filter(customer=customer).delete()
    if customer.email:
        mine = LoginCode.objects.filter(merchant_id=customer.merchant_id, email=customer.email)
        mine.delete()
    PrivacyRequest.objects.filter(customer=customer).exclude(refusal="").update(refusal=GONE)
    LogEntry.objects.filter(object_id=str(customer.pk)).update(object_repr=GONE)
    customer.erase()
    return 1


def _forget_writing(ret_ids: Sequence[UUID]) -> None:
    """What was written to the shop, with comments and the address, and what the shop said."""
    written = PlatformAction.objects.filter(ret_id__in=ret_ids)
    written.exclude(kind=integrations.PlatformAction.Kind.RESTOCK).update(payload={})
    written.exclude(why="").update(why=GONE)


def _forget_words_of_staff(found: Sequence[Order], ret_ids: Sequence[UUID]) -> None:
    Recovery.objects.filter(ret__in=ret_ids).exclude(end_reason="").update(end_reason=GONE)
    Override.objects.filter(assessment__in=_decisions(found)).update(reason=GONE)
    noted = ManualRefund.objects.filter(order__in=found).exclude(note="")
    noted.update(note="")


def _decisions(found: Sequence[Order]) -> list[UUID]:
    decided = Assessment.objects.filter(order_id__in=[each.pk for each in found])
    return list(decided.values_list("pk", flat=True))


def _subjects(found: Sequence[Order], ret_ids: Sequence[UUID]) -> dict[str, list[UUID]]:
    """Whatever has a timeline and belongs to the orders."""
    decided = Override.objects.filter(assessment__in=_decisions(found))
    cards = PaymentMethodToken.objects.of_orders(found)
    recovering = Recovery.objects.filter(ret__in=ret_ids)
    paid = Payment.objects.non_polymorphic().filter(order__in=found)
    sent = Shipment.objects.filter(ret__in=ret_ids)
    rows = (decided, cards, recovering, paid, sent)
    subjects = {
        each.model._meta.label_lower: list(each.values_list("pk", flat=True)) for each in rows
    }
    orders = [each.pk for each in found]
    return {**subjects, Order._meta.label_lower: orders, Return._meta.label_lower: [*ret_ids]}


def _forget_ways(ret_ids: Sequence[UUID]) -> int:
    """Both ends: goods that are sent back go to the shopper. Scans may name who signed."""
    scans = TrackingEvent.objects.filter(shipment__ret__in=ret_ids)
    scans.update(description="", place="")
    sent = Shipment.objects.filter(ret__in=ret_ids)
    sent.exclude(failure="").update(failure=GONE)
    named = [each for each in sent if _ends(each) != (each.sender, each.recipient)]
    for shipment in named:
        shipment.sender, shipment.recipient = _ends(shipment)
    return Shipment.objects.bulk_update(named, ["sender", "recipient"]) if named else 0


def _ends(shipment: Shipment) -> tuple[dict[str, Any], dict[str, Any]]:
    return without_person(shipment.sender), without_person(shipment.recipient)


def _drop_labels(ret_ids: Sequence[UUID]) -> int:
    """The file shows the shopper's address, and a page of the carrier may; number and reference
    stay, for the carrier's bill."""
    labels = Label.objects.filter(shipment__ret__in=ret_ids)
    named = labels.exclude(file="", tracking_url="")
    for label in named:
        _drop_later(label.file.storage, label.file.name)
    return named.update(file="", tracking_url="")


def _drop_photos(found: Sequence[Order]) -> int:
    photos = Evidence.objects.filter(order__in=found)
    for photo in photos:
        _drop_later(photo.file.storage, photo.file.name)
    return photos.delete()[0]


def _drop_later(storage: Storage, name: str | None) -> None:
    """After the commit: what is rolled back keeps its files."""
    if name:
        transaction.on_commit(partial(storage.delete, name))
