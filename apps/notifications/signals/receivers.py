"""What shoppers are written to about; it may be heard twice."""

from typing import Any

from django.dispatch import receiver

from apps.events.models import Event
from apps.notifications import tasks
from apps.orders.signals import signals as orders


@receiver(
    (
        orders.advance_granted,
        orders.recovery_opened,
        orders.recovery_warned,
        orders.recovery_collected,
        orders.recovery_link_ready,
        orders.recovery_give_back,
        orders.recovery_closed,
        orders.exchange_replaced,
    )
)
def write_to_the_shopper(event: Event, **_: Any) -> None:
    tasks.tell(event)
