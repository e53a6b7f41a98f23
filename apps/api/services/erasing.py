"""A shopper is erased: everything that names them, in one transaction, once nothing is open.

Orders are locked first, as by everything that moves money for them: what was promised before is
seen and waited for, what comes later finds an order without a person.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Q

from apps.accounts.models import Customer
from apps.api.models import CustomerSession, Evidence, LoginCode, PortalSession
from apps.deliveries.models import Label, Shipment
from apps.integrations import choices as integrations
from apps.integrations.models import PlatformAction
from apps.orders import choices as orders
from apps.orders.mixins.anonymization import without_person
from apps.orders.models import Order, PrivacyRequest, Recovery, Return
from apps.orders.modules.privacy import choices
from apps.orders.modules.recoveries import choices as recoveries
from apps.orders.services.privacy import orders_of
from apps.payments import choices as payments
from apps.payments.gateways.bank_transfer.models import PayoutDestination
from apps.payments.models import Payment

# Ears may still be at work for a decision of today.
QUIET = timedelta(days=1)
# Of one run; a shop has more.
UNITS = 200
MOST_REASONS = 20
Status = payments.Payment.Status
OPEN_MONEY = (*payments.Payment.COLLECTING,)
OWED = (Status.FAILED, Status.RETURNED)
WRITING = (*integrations.PlatformAction.UNDER_WAY, integrations.PlatformAction.Status.PARKED)


def settle(request: PrivacyRequest, at: datetime) -> None:
    """Done, or postponed with what it waits for; safe to run twice, and by two at once."""
    if request.kind == choices.PrivacyRequest.Kind.EXPORT or request.is_final:
        return
    counts: dict[str, int] = dict(request.counts)
    why: list[str] = []
    for customer, ids in _units(request):
        unit_why, unit_counts = _erase_unit(request, customer, ids, at)
        why += unit_why
        for name, number in unit_counts.items():
            counts[name] = counts.get(name, 0) + number
    if request.kind == choices.PrivacyRequest.Kind.SHOP and not why and _rest(request):
        why = ["more_to_come"]
    if why:
        request.postpone(sorted(why)[:MOST_REASONS], counts, at)
    else:
        request.finish(counts, at)


def _units(request: PrivacyRequest) -> Iterable[tuple[Customer | None, list[UUID]]]:
    """What is erased together; the ids are of an order of nobody in particular."""
    if request.kind != choices.PrivacyRequest.Kind.SHOP:
        return [(request.customer, [])]
    # By chance, so that those who wait for something do not keep the others waiting.
    rest = orders_of(request).filter(anonymized_at__isnull=True).order_by("?")
    named = rest.filter(customer__isnull=False).values_list("customer", flat=True)
    ids = list(dict.fromkeys(named[: UNITS * 5]))[:UNITS]
    known = [(each, list[UUID]()) for each in Customer.objects.filter(pk__in=ids).order_by("id")]
    strangers = rest.filter(customer__isnull=True).values_list("pk", flat=True)[:UNITS]
    return [*known, *((None, [pk]) for pk in strangers)]


def _rest(request: PrivacyRequest) -> bool:
    return orders_of(request).filter(anonymized_at__isnull=True).exists()


@transaction.atomic
def _erase_unit(
    request: PrivacyRequest, customer: Customer | None, ids: list[UUID], at: datetime
) -> tuple[list[str], dict[str, int]]:
    rows = orders_of(request)
    if request.kind == choices.PrivacyRequest.Kind.SHOP:
        rows = rows.filter(pk__in=ids) if customer is None else rows.filter(customer=customer)
    found = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    why = blockers(found, at)
    if why:
        return why, {}
    counts = _erase_orders(found, at)
    if customer is not None and not customer.orders.exclude(anonymized_at__isnull=False).exists():
        counts["customers"] = _erase_customer(customer)
    return [], counts


def blockers(found: Sequence[Order], at: datetime) -> list[str]:
    """Codes with the number of what is open; the caller holds the locks of the orders."""
    of_orders = Q(order__in=found)
    returns = Return.objects.filter(of_orders)
    undecided = returns.exclude(status__in=orders.Return.FINAL).values_list("number", flat=True)
    lately = returns.filter(decided_at__gt=at - QUIET).values_list("number", flat=True)
    live = Recovery.objects.filter(ret__order__in=found, status__in=recoveries.Recovery.LIVE)
    money = Payment.objects.non_polymorphic().filter(of_orders)
    outwards = Q(direction=payments.Payment.Direction.OUT, replacements__isnull=True)
    moving = money.filter(Q(status__in=OPEN_MONEY) | outwards & Q(status__in=OWED))
    of_returns = list(returns.values_list("pk", flat=True))
    writing = PlatformAction.objects.filter(ret_id__in=of_returns, status__in=WRITING)
    return [
        *(f"return_open:{number}" for number in undecided),
        *(f"return_just_decided:{number}" for number in lately),
        *(f"recovery_open:{number}" for number in live.values_list("ret__number", flat=True)),
        *(f"payment_open:{number}" for number in moving.values_list("order__number", flat=True)),
        *(f"shop_not_told:{each}" for each in writing.values_list("kind", flat=True)),
    ]


def _erase_orders(found: Sequence[Order], at: datetime) -> dict[str, int]:
    done = sum(order.anonymize(at) for order in found)
    ret_ids = list(Return.objects.filter(order__in=found).values_list("pk", flat=True))
    PlatformAction.objects.filter(
        ret_id__in=ret_ids, kind=integrations.PlatformAction.Kind.PLACE_EXCHANGE
    ).update(payload={})
    accounts = PayoutDestination.objects.filter(ret__in=ret_ids).delete()[0]
    PortalSession.objects.filter(order__in=found).delete()
    return {
        "orders": done,
        "addresses": _forget_senders(ret_ids),
        "labels": _drop_labels(ret_ids),
        "bank_accounts": accounts,
        "photos": _drop_photos(found),
    }


def _erase_customer(customer: Customer) -> int:
    CustomerSession.objects.filter(customer=customer).delete()
    if customer.email:
        mine = LoginCode.objects.filter(merchant_id=customer.merchant_id, email=customer.email)
        mine.delete()
    customer.erase()
    return 1


def _forget_senders(ret_ids: Sequence[UUID]) -> int:
    sent = list(Shipment.objects.filter(ret__in=ret_ids).exclude(sender={}))
    for shipment in sent:
        shipment.sender = without_person(shipment.sender)
    return Shipment.objects.bulk_update(sent, ["sender"]) if sent else 0


def _drop_labels(ret_ids: Sequence[UUID]) -> int:
    """The file shows the shopper's address; number and reference stay, for the carrier's bill."""
    labels = list(Label.objects.filter(shipment__ret__in=ret_ids).exclude(file=""))
    for label in labels:
        _drop_later(label.file.storage, label.file.name)
        label.file = ""
    return Label.objects.bulk_update(labels, ["file"]) if labels else 0


def _drop_photos(found: Sequence[Order]) -> int:
    photos = Evidence.objects.filter(order__in=found)
    for photo in photos:
        _drop_later(photo.file.storage, photo.file.name)
    return photos.delete()[0]


def _drop_later(storage: Storage, name: str | None) -> None:
    """After the commit: what is rolled back keeps its files."""
    if name:
        transaction.on_commit(partial(storage.delete, name))
