"""Sends what was promised to a shop, outside any transaction; silence is asked again later."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.core import clock
from apps.core.http import BadStatus, HttpError, Unreachable
from apps.core.status import IllegalTransition
from apps.integrations import asking, choices, connecting
from apps.integrations.connectors import AbstractConnector, AccessLost, Declined, NotOffered
from apps.integrations.freezing import thaw
from apps.integrations.models import PlatformAction
from apps.orders.choices import ExchangeLineItem as Goods
from apps.orders.models import ExchangeLineItem
from apps.orders.services.clockwork import ran_out
from apps.orders.services.syncing import asked_to_wait
from apps.orders.services.writing_back import tell_of_cancelled_goods

logger = logging.getLogger(__name__)
Kind, Status = choices.PlatformAction.Kind, choices.PlatformAction.Status
AT_ONCE = 200
# Somebody must connect the shop again.
DISCONNECTED = timedelta(hours=1)
TOO_MANY = 429
OUT_OF_STOCK = "out_of_stock"

type Send = Callable[[AbstractConnector, PlatformAction], str]


class NothingThere(Declined):
    """What it is about was never made at the shop."""

    def __init__(self) -> None:
        super().__init__("nothing_there")


class Replaced(Declined):
    """The shopper has the value of the goods already: never both."""

    def __init__(self) -> None:
        super().__init__("replaced")


class NotRepeatable(Declined):
    """It may be there already, and a second one would be one too many."""

    def __init__(self) -> None:
        super().__init__("outcome_unknown")


def send_due(at: datetime) -> int:
    """What was left behind by a lost hint, a crash or a silent shop; how many were touched."""
    now = clock.running_from(at)
    due = list(PlatformAction.objects.due(at).values_list("pk", flat=True)[:AT_ONCE])
    for action_id in due:
        try:
            send_action(action_id, now())
        except Exception:
            logger.exception("could not go on with platform action %s", action_id)
    return len(due)


def send_action(action_id: UUID, at: datetime) -> PlatformAction:
    """Safe to run twice. One whose elders of the same return are under way waits for them."""
    action = PlatformAction.objects.select_related("store").get(pk=action_id)
    if not PlatformAction.objects.due(at).filter(pk=action_id).exists():
        return action
    was_sent = action.sent_at is not None
    if not action.take(at):
        return action
    connector = connecting.connector_of(action.store)
    if connector is None:
        action.put_off("not_connected", at, DISCONNECTED)
    else:
        _carry_out(connector, action, at, was_sent=was_sent)
    return action


def following(action: PlatformAction, at: datetime) -> UUID | None:
    """What waited behind it for the same return and may be sent now, where it has ended."""
    if action.status in choices.PlatformAction.UNDER_WAY:
        return None
    same = PlatformAction.objects.due(at).filter(
        merchant_id=action.merchant_id, ret_id=action.ret_id
    )
    return same.values_list("pk", flat=True).first()


def _carry_out(
    connector: AbstractConnector, action: PlatformAction, at: datetime, *, was_sent: bool
) -> None:
    try:
        external_id = _send(connector, action, was_sent=was_sent)
    except Declined as declined:
        _refused(action, declined, at)
    except HttpError as error:
        _unanswered(action, error, at)
    else:
        _succeeded(action, external_id, at)


def _send(connector: AbstractConnector, action: PlatformAction, *, was_sent: bool) -> str:
    if was_sent and action.kind == Kind.NOTE:
        raise NotRepeatable
    if not was_sent and action.kind == Kind.PLACE_EXCHANGE and _is_replaced(action):
        raise Replaced
    return SENDS[action.kind](connector, action)


def _refused(action: PlatformAction, declined: Declined, at: datetime) -> None:
    if isinstance(declined, AccessLost):
        action.put_off(declined.code, at, DISCONNECTED)
    elif isinstance(declined, NotOffered):
        action.not_offered(declined.why, at)
    else:
        ran_out = action.kind == Kind.PLACE_EXCHANGE and declined.code == OUT_OF_STOCK
        with transaction.atomic():
            if action.refuse(declined.code, at) and ran_out:
                _fall_back(action, at)


def _unanswered(action: PlatformAction, error: HttpError, at: datetime) -> None:
    wait = asked_to_wait(error)
    busy = isinstance(error, BadStatus) and error.status == TOO_MANY
    if busy or isinstance(error, Unreachable):
        action.put_off(str(error), at, wait)
    else:
        action.lose_sight(str(error), at, wait)


@transaction.atomic
def _succeeded(action: PlatformAction, external_id: str, at: datetime) -> None:
    if action.succeed(external_id, at) and action.kind == Kind.PLACE_EXCHANGE:
        goods = ExchangeLineItem.objects.get(pk=action.subject_id)
        try:
            with transaction.atomic():
                goods.place_order(external_id[:80])
        except IllegalTransition:
            # Called off meanwhile, or paid instead: its order is cancelled behind this one.
            logger.warning("goods %s were called off while they were ordered", goods.pk)
            tell_of_cancelled_goods(goods.pk, at)


def _fall_back(action: PlatformAction, at: datetime) -> None:
    """The shopper gets their value instead."""
    goods = ExchangeLineItem.objects.select_related("ret__order", "merchant")
    if not ran_out(goods.get(pk=action.subject_id), at):
        logger.critical("goods %s ran out and nothing replaces them", action.subject_id)


def _is_replaced(action: PlatformAction) -> bool:
    replaced = Goods.Status.REPLACED
    return ExchangeLineItem.objects.filter(pk=action.subject_id, status=replaced).exists()


def _open(connector: AbstractConnector, action: PlatformAction) -> str:
    return connector.open_return(thaw(asking.ReturnOrder, action.payload)).id


def _approve(connector: AbstractConnector, action: PlatformAction) -> str:
    return connector.approve_return(_made_by(action, Kind.OPEN_RETURN)).id


def _decline(connector: AbstractConnector, action: PlatformAction) -> str:
    made = _made_by(action, Kind.OPEN_RETURN)
    return connector.decline_return(made, action.payload["reason"]).id


def _close(connector: AbstractConnector, action: PlatformAction) -> str:
    return connector.close_return(_made_by(action, Kind.OPEN_RETURN)).id


def _restock(connector: AbstractConnector, action: PlatformAction) -> str:
    connector.restock(thaw(asking.StockMove, action.payload))
    return ""


def _place(connector: AbstractConnector, action: PlatformAction) -> str:
    return connector.create_exchange_order(thaw(asking.ExchangeOrder, action.payload)).id


def _cancel(connector: AbstractConnector, action: PlatformAction) -> str:
    made = _made_by(action, Kind.PLACE_EXCHANGE)
    connector.cancel_order(made, "return_cancelled")
    return made


def _note(connector: AbstractConnector, action: PlatformAction) -> str:
    connector.add_note(action.payload["order_id"], action.payload["text"])
    return ""


def _void(connector: AbstractConnector, action: PlatformAction) -> str:
    connector.void_credit(action.payload["credit_id"])
    return ""


def _made_by(action: PlatformAction, kind: str) -> str:
    """What an earlier action made at the shop. Raises NothingThere."""
    of_subject = PlatformAction.objects.filter(
        merchant_id=action.merchant_id, store_id=action.store_id, subject_id=action.subject_id
    )
    made = of_subject.filter(kind=kind, status=Status.DONE).first()
    if made is None or not made.external_id:
        raise NothingThere
    return made.external_id


SENDS: Mapping[str, Send] = {
    Kind.OPEN_RETURN: _open,
    Kind.APPROVE_RETURN: _approve,
    Kind.DECLINE_RETURN: _decline,
    Kind.CLOSE_RETURN: _close,
    Kind.RESTOCK: _restock,
    Kind.PLACE_EXCHANGE: _place,
    Kind.CANCEL_EXCHANGE: _cancel,
    Kind.NOTE: _note,
    Kind.VOID_CREDIT: _void,
}
