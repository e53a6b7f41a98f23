"""What ears and sweepers do is booked in the model at the moment they have done it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from unittest.mock import patch
from uuid import UUID

from apps.deliveries import services as deliveries
from apps.events import announcer
from apps.events.models import Event
from apps.payments.services import refunds
from faults.machine.model import Model
from faults.machine.nouns import Return
from faults.machine.world import World

type OfReturn = Callable[[UUID, datetime], object]


@contextmanager
def following(model: Model, world: World, deaf: list[Event]) -> Iterator[None]:
    """`deaf` takes the events at whose telling an ear raised."""
    tell = announcer.tell

    def told(event: Event) -> bool:
        heard = tell(event)
        if not heard:
            deaf.append(event)
        return heard

    def voided(ret: Return, at: datetime) -> None:
        came = ret.received or (ret.parcel is not None and ret.parcel.left)
        if not (came and ret.status == "rejected"):
            model.void(ret)

    then = partial(_then, model, world)
    with ExitStack() as patches:
        for owner, name, new in (
            (refunds, "promise_refund", _promised(model, world)),
            (deliveries, "prepare_return", then(deliveries.prepare_return, model.prepare)),
            (deliveries, "release_return", then(deliveries.release_return, voided)),
            (announcer, "tell", told),
        ):
            patches.enter_context(patch.object(owner, name, new))
        yield


def _promised(model: Model, world: World) -> OfReturn:
    """Committed, it is booked, also when the process dies right after."""
    promise = refunds.promise_refund

    def promised(ret_id: UUID, at: datetime) -> object:
        before = world.total
        try:
            return promise(ret_id, at)
        finally:
            if world.total > before:
                model.promise(model.ret(ret_id), at)

    return promised


def _then(
    model: Model, world: World, act: OfReturn, book: Callable[[Return, datetime], None]
) -> OfReturn:
    """Committed, it is booked, also when the process dies right after."""

    def acted(ret_id: UUID, at: datetime) -> object:
        before = world.total
        died = True
        try:
            done = act(ret_id, at)
            died = False
            return done
        finally:
            if not died or world.total > before:
                book(model.ret(ret_id), at)

    return acted
