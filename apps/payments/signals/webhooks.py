"""What payments does with webhooks that were taken in."""

from uuid import UUID

from apps.core import clock
from apps.events import inbox
from apps.events.models import InboxMessage
from apps.payments import services


@inbox.handles("stripe")
def hear_stripe(message: InboxMessage) -> None:
    services.hear_stripe(UUID(message.account), bytes(message.body), clock.now())


@inbox.handles("paypal")
def hear_paypal(message: InboxMessage) -> None:
    services.hear_paypal(UUID(message.account), bytes(message.body), clock.now())


@inbox.handles("adyen")
def hear_adyen(message: InboxMessage) -> None:
    services.hear_adyen(UUID(message.account), bytes(message.body), clock.now())


@inbox.handles("mollie")
def hear_mollie(message: InboxMessage) -> None:
    services.hear_mollie(UUID(message.account), bytes(message.body), clock.now())
