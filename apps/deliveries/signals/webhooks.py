"""What deliveries do with webhooks of carriers that were taken in."""

from uuid import UUID

from apps.deliveries import services
from apps.deliveries.providers.registry import all_providers
from apps.events import inbox
from apps.events.models import InboxMessage


def hear_carrier(message: InboxMessage) -> None:
    account = UUID(message.account)
    services.hear_carrier(message.source, account, message.raw, message.received_at)


for _name, _provider in all_providers().items():
    if _provider.capabilities.hears_webhooks:
        inbox.handles(_name)(hear_carrier)
