"""A store and its platform: connected, asked through its connector, let go of."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from apps.accounts.models import Store
from apps.core.errors import DomainError
from apps.core.http import HttpError
from apps.core.rows import NOBODY, RowOf
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector, Declined
from apps.integrations.dtos import RefundConnector
from apps.integrations.registry import connector_class
from apps.integrations.store_secrets import StoreSecrets

logger = logging.getLogger(__name__)
# Every webhook of a shop asks for it.
_STORES: RowOf[Store, UUID] = RowOf(lambda pk: Store.objects.filter(pk=pk), like=NOBODY)


class PlatformNotOffered(DomainError):
    code = "platform_not_offered"
    title = "Nobody can be connected to this platform"
    status = 400


class PlatformDiffers(DomainError):
    code = "platform_differs"
    title = "The store belongs to another platform"
    status = 409


class CurrencyDiffers(DomainError):
    code = "currency_differs"
    title = "The shop and the store have different currencies"
    status = 409


class ConnectionRefused(DomainError):
    code = "connection_refused"
    title = "The shop does not accept these credentials"
    status = 409


class ShopUnreachable(DomainError):
    code = "shop_unreachable"
    title = "The shop did not answer as a shop of its platform does"
    status = 503


@dataclass(frozen=True, slots=True)
class ConnectStore:
    """`grant` is what the merchant typed, or what the platform sent back."""

    platform: str
    domain: str = ""
    grant: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookHealth:
    """`problem` is a code, for staff; None of `webhooks` then means that nobody knows."""

    webhooks: tuple[asking.Subscription, ...] = ()
    problem: str = ""


def connect_store(store: Store, wanted: ConnectStore) -> AbstractConnector:
    """Asks the shop, seals what it granted, and has it tell of changes; no transaction is open.

    Raises PlatformNotOffered, PlatformDiffers, CurrencyDiffers, ConnectionRefused,
    ShopUnreachable. A shop that does not take the webhooks yet is connected all the same.
    """
    kind = _kind_for(store, wanted.platform)
    return _tied(
        store, wanted.platform, _told(kind, lambda: kind.connect(wanted.domain, wanted.grant))
    )


def adopt_shop(
    store: Store, platform: str, domain: str, secrets: Mapping[str, str]
) -> AbstractConnector:
    """As `connect_store`, by credentials that the platform has granted already."""
    kind = _kind_for(store, platform)
    shop = asking.Shop(store_id="", domain=domain, currency="", secrets=secrets)

    def verified() -> asking.Connection:
        return asking.Connection(facts=kind(shop).verify_credentials(), secrets=secrets)

    return _tied(store, platform, _told(kind, verified))


def _tied(store: Store, platform: str, made: asking.Connection) -> AbstractConnector:
    if made.facts.currency != store.currency:
        raise CurrencyDiffers(shop=made.facts.currency, store=store.currency)
    store.connect(platform, made.facts.domain, made.secrets)
    connector = connector_of(store)
    assert connector is not None  # noqa: S101
    if Capability.WEBHOOKS in connector.offers:
        try:
            connector.register_webhooks(webhook_url(store))
        except (Declined, HttpError) as error:
            logger.warning("store %s: webhooks not registered: %s", store.pk, error)
    return connector


def disconnect_store(store: Store) -> None:
    """Forgets the credentials, also where the shop cannot be told to send nothing more."""
    connector = connector_of(store)
    if connector is not None and Capability.WEBHOOKS in connector.offers:
        try:
            connector.remove_webhooks(webhook_url(store))
        except (Declined, HttpError) as error:
            logger.warning("store %s: webhooks not removed: %s", store.pk, error)
    store.forget_credentials()


def webhook_health(store: Store, connector: AbstractConnector) -> WebhookHealth:
    """As the shop tells it now."""
    if Capability.WEBHOOKS not in connector.offers:
        return WebhookHealth()
    try:
        return WebhookHealth(webhooks=connector.check_webhooks(webhook_url(store)))
    except Declined as declined:
        return WebhookHealth(problem=declined.code)
    except (HttpError, DomainError):
        return WebhookHealth(problem=ShopUnreachable.code)


def _kind_for(store: Store, platform: str) -> type[AbstractConnector]:
    kind = connector_class(platform)
    if kind is None:
        raise PlatformNotOffered(platform=platform)
    if not store.may_be_at(platform):
        raise PlatformDiffers(store=store.platform)
    return kind


def _told(kind: type[AbstractConnector], ask: Callable[[], asking.Connection]) -> asking.Connection:
    try:
        return ask()
    except Declined as declined:
        raise ConnectionRefused(reason=declined.code) from declined
    except HttpError as error:
        raise ShopUnreachable(platform=kind.platform) from error


def connector_of(store: Store) -> AbstractConnector | None:
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
    return kind(shop, StoreSecrets(store.pk, store.platform))


def refunds_of(store: Store) -> RefundConnector | None:
    """None where refunds cannot go through the platform of the store."""
    connector = connector_of(store)
    return connector if connector and Capability.REFUNDS in connector.offers else None


def webhook_url(store: Store) -> str:
    """Where its platform sends what changes."""
    return f"{settings.PLATFORMS_URL}/v1/{store.platform}/{store.pk}"


def store_of(platform: str, token: str) -> Store | None:
    """Whose webhook it is: the store that the address names, while it is connected there."""
    try:
        store = _STORES.of(UUID(token))
    except ValueError:
        return None
    is_there = store is not None and store.platform == platform and store.is_connected
    return store if is_there else None
