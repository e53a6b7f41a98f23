"""What payments hears of recoveries: charges, links, what goes back, and who bears the rest."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from apps.core.money import Money
from apps.events.models import Event
from apps.orders.signals import signals as orders
from apps.payments import services, tasks


@receiver(orders.recovery_due)
def collect_the_recovery(event: Event, **kwargs: Any) -> None:
    tasks.start_recovery(_due(event))


@receiver(orders.recovery_link_wanted)
def open_a_page_for_the_recovery(event: Event, **kwargs: Any) -> None:
    tasks.start_link(_due(event))


@receiver(orders.recovery_give_back)
def give_back_what_was_collected(event: Event, **kwargs: Any) -> None:
    total = _amount(event, "total")
    tasks.start_give_back(event.subject_id, str(event.payload["reference"]), total)


@receiver(orders.recovery_written_off)
def post_what_was_given_up(event: Event, **kwargs: Any) -> None:
    services.post_given_up(event.subject_id, _amount(event), event.at)


@receiver(orders.recovery_paid_after_all)
def post_what_came_after_all(event: Event, **kwargs: Any) -> None:
    services.post_paid_after_all(event.subject_id, _amount(event), event.sequence, event.at)


@receiver(orders.recovery_closed)
def post_who_bears_it(event: Event, **kwargs: Any) -> None:
    services.post_closed(event.subject_id, _amount(event, "written_off"), event.at)


def _due(event: Event) -> services.RecoveryDue:
    told: dict[str, Any] = event.payload
    return services.RecoveryDue(
        recovery_id=event.subject_id,
        ret_id=UUID(told["ret"]),
        attempt=told.get("attempt", 0),
        amount=_amount(event),
    )


def _amount(event: Event, name: str = "amount") -> Money:
    told: dict[str, Any] = event.payload
    return Money.of(**told[name])
