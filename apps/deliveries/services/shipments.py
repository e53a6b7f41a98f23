"""The shipment of a return: made once, under the lock of its return."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import Location
from apps.core.verbs import lock
from apps.deliveries import choices
from apps.deliveries.models import Parcel, ReturnMethod, Shipment
from apps.orders import choices as orders_choices
from apps.orders.models import Return

MOST_PARCELS = 20


def start_shipment(ret_id: UUID, at: datetime) -> Shipment | None:
    """The current shipment of the return, made when a return in progress has none."""
    ret = Return.objects.select_related("order").get(pk=ret_id)
    method = ReturnMethod.objects.chosen_for(ret)
    if method is not None and method.keeps_goods:
        return None
    with transaction.atomic():
        lock(ret.order)
        lock(ret)
        current = Shipment.objects.current(ret.pk).first()
        if current is not None or ret.status != orders_choices.Return.Status.IN_PROGRESS:
            return current
        return _new_shipment(ret, method)


def _new_shipment(ret: Return, method: ReturnMethod | None) -> Shipment:
    shipment = Shipment(
        merchant_id=ret.merchant_id,
        store_id=ret.store_id,
        ret=ret,
        method=method,
        account=method.account if method else None,
        provider=method.provider if method else choices.Provider.OWN,
        sender=ret.order.shipping_address,
        recipient=_recipient(ret, method),
    )
    shipment.save(force_insert=True)
    count = min(max(int(ret.terms.get("parcels", 1)), 1), MOST_PARCELS)
    grams = sum(
        line.quantity * line.line_item.weight_grams
        for line in ret.lines.select_related("line_item")
    )
    for number in range(1, count + 1):
        Parcel(
            merchant_id=ret.merchant_id,
            shipment=shipment,
            number=number,
            weight_grams=-(-grams // count),
        ).save(force_insert=True)
    return shipment


def _recipient(ret: Return, method: ReturnMethod | None) -> dict[str, str]:
    location = method.location if method else None
    if location is None:
        location = Location.objects.for_merchant(ret.merchant).accepting_returns().first()
    if location is None:
        return {}
    return {**location.address, "company": location.address.get("company") or ret.merchant.name}


def enter_tracking(ret: Return, number: str, carrier: str, at: datetime) -> Shipment | None:
    """The shopper's own number; None when the return is not open to it."""
    shipment = start_shipment(ret.pk, at)
    if shipment is not None:
        shipment.set_tracking(number, carrier, at)
    return shipment
