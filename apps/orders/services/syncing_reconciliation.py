"""What must never be found between us and the shops (docs/reconciliation.md)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from apps.core.findings import finds
from apps.integrations import choices
from apps.integrations.models import OrderSync, PlatformAction
from apps.orders.choices import ExchangeLineItem as Goods
from apps.orders.models import ExchangeLineItem
from apps.orders.services.syncing_shops import connected_stores

type Rows = QuerySet[Any, Any]

Kind, Status = choices.PlatformAction.Kind, choices.PlatformAction.Status
A_WHILE = timedelta(minutes=15)
SYNCED_WITHIN = timedelta(minutes=60)


@finds("I-47", "nobody knows what became of something written to a shop")
def actions_unknown(at: datetime) -> Rows:
    return PlatformAction.objects.unknown_since(at - A_WHILE)


@finds("I-47", "something could not be written to a shop")
def actions_parked(_: datetime) -> Rows:
    return PlatformAction.objects.filter(status=Status.PARKED)


@finds("I-47", "changes of a connected shop were not read within the hour")
def stores_not_synced(at: datetime) -> Rows:
    """One that was connected less than an hour ago has the time for its first reading."""
    read = OrderSync.objects.done().filter(store=OuterRef("pk"), asked_at__gte=at - SYNCED_WITHIN)
    begun = OrderSync.objects.filter(store=OuterRef("pk"), created_at__lt=at - SYNCED_WITHIN)
    connected = connected_stores()
    return connected.filter(~Exists(read), Exists(begun))


@finds("I-38", "goods of a settled exchange are out of stock at the shop")
def settled_goods_not_to_be_had(_: datetime) -> Rows:
    ran_out = PlatformAction.objects.filter(
        subject_id=OuterRef("pk"),
        merchant_id=OuterRef("merchant_id"),
        kind=Kind.PLACE_EXCHANGE,
        status=Status.FAILED,
    )
    held = ExchangeLineItem.objects.filter(status=Goods.Status.RESERVED)
    return held.filter(Exists(ran_out))


@finds("I-38", "goods that were paid instead were ordered at the shop all the same")
def goods_and_their_value(_: datetime) -> Rows:
    """Until the order is cancelled there, which is promised by itself."""
    of_goods = PlatformAction.objects.filter(
        subject_id=OuterRef("pk"), merchant_id=OuterRef("merchant_id"), status=Status.DONE
    )
    replaced = ExchangeLineItem.objects.filter(status=Goods.Status.REPLACED)
    return replaced.filter(
        Exists(of_goods.filter(kind=Kind.PLACE_EXCHANGE)),
        ~Exists(of_goods.filter(kind=Kind.CANCEL_EXCHANGE)),
    )
