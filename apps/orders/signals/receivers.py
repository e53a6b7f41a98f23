"""What orders hear of themselves; it may be heard twice."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from apps.accounts.signals import signals as accounts
from apps.events.models import Event
from apps.orders import tasks
from apps.orders.modules.recoveries import services as recoveries
from apps.orders.services import advances, clockwork, recovering, restocking
from apps.orders.signals import signals


@receiver((signals.return_accepted, signals.return_partly_accepted))
def restock_what_was_accepted(event: Event, **kwargs: Any) -> None:
    restocking.restock_return(event.subject_id, event.at)


@receiver((signals.advance_closed, signals.advance_unwound))
def free_the_exposure(event: Event, **kwargs: Any) -> None:
    advances.free_exposure(event.subject_id, event.at)


@receiver((signals.recovery_recovered, signals.recovery_written_off, signals.recovery_closed))
def forget_what_was_owed(event: Event, **kwargs: Any) -> None:
    advances.end_shortfall(event.subject_id, event.at)


@receiver(signals.advance_short)
def win_back_what_is_short(event: Event, **kwargs: Any) -> None:
    recovering.open_for_shortfall(event)


@receiver((signals.return_landed, signals.return_received))
def close_when_goods_turn_up(event: Event, **kwargs: Any) -> None:
    recoveries.goods_arrived(event.subject_id, event.at)


@receiver(signals.return_received)
def accept_on_receipt(event: Event, **kwargs: Any) -> None:
    clockwork.accept_received(event.subject_id, event.at)


@receiver(signals.return_accepted)
def close_when_all_is_accepted(event: Event, **kwargs: Any) -> None:
    recoveries.goods_accepted(event.subject_id, event.at)


@receiver(signals.return_requested)
def tell_the_shop_of_a_request(event: Event, **kwargs: Any) -> None:
    tasks.tell_shop_of_request(event.subject_id)


@receiver((signals.return_opened, signals.return_approved))
def tell_the_shop_of_a_return(event: Event, **kwargs: Any) -> None:
    tasks.tell_shop_of_opening(event.subject_id)


@receiver(signals.advance_released)
def order_the_new_goods(event: Event, **kwargs: Any) -> None:
    tasks.tell_shop_of_release(event.subject_id)


@receiver((signals.return_accepted, signals.return_partly_accepted))
def tell_the_shop_what_was_accepted(event: Event, **kwargs: Any) -> None:
    tasks.tell_shop_of_decision(event.subject_id)


@receiver((signals.return_rejected, signals.return_cancelled))
def tell_the_shop_that_it_is_over(event: Event, **kwargs: Any) -> None:
    tasks.tell_shop_of_end(event.subject_id)


@receiver(signals.exchange_cancelled)
def call_the_new_goods_off(event: Event, **kwargs: Any) -> None:
    tasks.tell_shop_of_cancelled_goods(UUID(event.payload["exchange"]))


@receiver(accounts.store_connected)
def read_the_orders_of_the_shop(event: Event, **kwargs: Any) -> None:
    tasks.read_connected_shop(event.subject_id)
