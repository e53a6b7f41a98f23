"""A store's connector, with its sealed credentials opened."""

from typing import TYPE_CHECKING

from django.conf import settings

from apps.integrations import asking
from apps.integrations.connectors import AbstractConnector
from apps.integrations.registry import connector_class

if TYPE_CHECKING:
    from apps.accounts.models import Store


def connector_of(store: "Store") -> AbstractConnector | None:
    """None for a store that is not connected, or whose platform nobody can be connected to."""
    kind = connector_class(store.platform)
    if kind is None or not store.is_connected:
        return None
    shop = asking.Shop(
        store_id=str(store.pk),
        domain=store.domain,
        currency=store.currency,
        time_zone=store.time_zone,
        secrets=store.open_credentials(),
    )
    return kind(shop)


def webhook_url(store: "Store") -> str:
    """Where its platform sends what changes."""
    return f"{settings.PLATFORMS_URL}/v1/{store.platform}/{store.pk}"
