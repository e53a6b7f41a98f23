"""What a shop's webhooks set off: the order is read again at the shop, never from the webhook."""

import json
import logging
from datetime import datetime, timedelta
from uuid import UUID

from apps.accounts.models import Store
from apps.core import clock
from apps.core.errors import DomainError
from apps.core.rows import NOBODY, RowOf
from apps.events import inbox
from apps.events.models import InboxMessage
from apps.integrations import connecting
from apps.integrations.choices import Topic
from apps.integrations.connectors import Declined
from apps.integrations.hearing import Heard, heard
from apps.integrations.models import OrderSync
from apps.integrations.registry import all_connectors
from apps.orders.models import Order
from apps.orders.services import privacy
from apps.orders.services.importing import import_order

logger = logging.getLogger(__name__)
ABOUT_ORDERS = (Topic.ORDERS, Topic.REFUNDS, Topic.RETURNS, Topic.FULFILMENTS)
# How far the clock that stamped a webhook may be ahead of the one that stamped a reading.
CLOCKS_APART = timedelta(seconds=2)
# With its merchant, whose shopper the order is of.
_STORES: RowOf[Store, UUID] = RowOf(
    lambda pk: Store.objects.select_related("merchant").filter(pk=pk), like=NOBODY
)


class OrderNotThere(DomainError):
    """A webhook may come before its order can be read: asked again later, then parked."""

    code = "order_not_there"
    title = "The shop has no such order"
    status = 404


def listen() -> None:
    """One handler for every platform that has a connector."""
    for platform in all_connectors():
        inbox.handles(platform)(hear)


def hear(message: InboxMessage) -> None:
    """Raises to be called again; a store that is gone or let go of us hears nothing."""
    told = heard(message.source, message.topic, message.raw)
    if told is None or _was_read_since(message, told):
        return
    store = _store_of(message)
    if store is None:
        return
    if told.topic == Topic.PRIVACY:
        hear_privacy(store, message, clock.now())
    elif told.topic == Topic.UNINSTALLED:
        forget_shop(store, clock.now())
    elif told.topic in ABOUT_ORDERS and told.order_id:
        read_again(store, told.order_id)


def read_again(store: Store, order_id: str) -> None:
    """One order as the shop has it now. Raises HttpError, OrderNotThere, or what an import does."""
    connector = connecting.connector_of(store)
    if connector is None:
        return
    began = clock.now()
    try:
        snapshot = connector.fetch_order(order_id)
    except Declined as declined:
        # No webhook mends that; what it would have told is found when the shop is read again.
        logger.warning("%s does not show its order: %s", store.pk, declined.code)
        return
    if snapshot is None:
        raise OrderNotThere(order=order_id)
    import_order(store, snapshot, read_at=began)


def forget_shop(store: Store, at: datetime) -> None:
    """The shop let go of us: its credentials open nothing any more."""
    for sync in OrderSync.objects.for_store(store).running():
        sync.stop("uninstalled", at)
    store.forget_credentials()


def hear_privacy(store: Store, message: InboxMessage, at: datetime) -> None:
    """A shop that is erased is let go of first: nothing more comes in."""
    if message.topic == "shop/redact":
        for each in Store.objects.filter(platform=store.platform, domain=store.domain):
            forget_shop(each, at)
    told = json.loads(message.raw)
    privacy.hear(store, message.topic, told, reference=str(message.pk), at=at)


def _was_read_since(message: InboxMessage, told: Heard) -> bool:
    """What the shop did before it told us is in every reading that began after that: so of many
    webhooks about an order that wait, one asks the shop."""
    named = _store_named(message)
    if named is None or told.topic not in ABOUT_ORDERS or not told.order_id:
        return False
    known_at = message.received_at + CLOCKS_APART
    if clock.now() < known_at:
        return False
    orders = Order.objects.filter(merchant_id=message.merchant_id, store_id=named)
    return orders.filter(external_id=told.order_id, read_at__gte=known_at).exists()


def _store_named(message: InboxMessage) -> UUID | None:
    try:
        return UUID(message.account)
    except ValueError:
        return None


def _store_of(message: InboxMessage) -> Store | None:
    named = _store_named(message)
    if named is None:
        return None
    store = _STORES.of(named)
    meant = (message.merchant_id, message.source)
    return store if store and (store.merchant_id, store.platform) == meant else None
