"""Every connected shop: what webhooks missed is found by asking, and subscriptions are kept up."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts import choices as accounts
from apps.accounts.managers import StoreQuerySet
from apps.accounts.models import Store
from apps.core.http import HttpError
from apps.integrations import choices, connecting
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector, Declined
from apps.integrations.models import OrderSync, WebhookCheck
from apps.integrations.registry import all_connectors
from apps.orders.services.syncing import SyncNotOffered, SyncRunning, start_sync

logger = logging.getLogger(__name__)
Kind = choices.OrderSync.Kind
KEPT = timedelta(days=2)


def connected_stores() -> StoreQuerySet:
    """Of merchants that are served, whose platform has a connector."""
    stores = Store.objects.filter(
        platform__in=all_connectors(),
        credentials__isnull=False,
        status__in=(accounts.Store.Status.ACTIVE, accounts.Store.Status.PAUSED),
        merchant__status=accounts.Merchant.Status.ACTIVE,
    )
    return stores.order_by("pk")


def start_due_syncs(at: datetime) -> list[UUID]:
    """A first reading of a shop that had none, else its changes; ids of what was begun."""
    OrderSync.objects.uneventful_before(at - KEPT).delete()
    begun = (_begin(store, at) for store in connected_stores().iterator(chunk_size=200))
    return [sync.pk for sync in begun if sync]


def start_due_sync(store_id: UUID, at: datetime) -> OrderSync | None:
    """Of a shop that was connected just now; None where it is read already, or cannot be."""
    store = connected_stores().filter(pk=store_id).first()
    return _begin(store, at) if store else None


def _begin(store: Store, at: datetime) -> OrderSync | None:
    known = OrderSync.objects.read_until(store)
    try:
        return start_sync(store, Kind.CHANGES if known else Kind.HISTORY, at)
    except (SyncNotOffered, SyncRunning) as why:
        logger.debug("%s is not read now: %s", store.pk, why.code)
        return None


def check_webhooks(store: Store, at: datetime) -> WebhookCheck | None:
    """Registers what is missing or switched off; None where the platform has no webhooks."""
    connector = connecting.connector_of(store)
    if connector is None or Capability.WEBHOOKS not in connector.offers:
        return None
    check = _check_of(store)
    try:
        active, restored = _restore(connector, connecting.webhook_url(store))
    except (HttpError, Declined) as error:
        check.unanswered(str(error))
    else:
        check.found(active, restored, at)
    return check


def _restore(connector: AbstractConnector, url: str) -> tuple[int, list[str]]:
    before = {each.topic for each in connector.check_webhooks(url) if each.is_active}
    wanted = {each.topic for each in connector.register_webhooks(url) if each.is_active}
    return len(wanted | before), sorted(wanted - before)


def _check_of(store: Store) -> WebhookCheck:
    check = WebhookCheck(merchant_id=store.merchant_id, store=store)
    try:
        with transaction.atomic():
            check.save(force_insert=True)
    except IntegrityError:
        return WebhookCheck.objects.for_store(store).get()
    return check
