"""What happened to a return is promised to its shop: one row for each thing, frozen as asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from apps.integrations import asking, choices, connecting
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector
from apps.integrations.dtos import Address, UnitsOf
from apps.integrations.freezing import freeze
from apps.integrations.models import PlatformAction
from apps.orders import choices as orders
from apps.orders.models import ExchangeLineItem, Return, ReturnLineItem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

Kind, Status = choices.PlatformAction.Kind, choices.PlatformAction.Status
NEEDS: dict[str, Capability] = {
    Kind.OPEN_RETURN: Capability.RETURNS,
    Kind.APPROVE_RETURN: Capability.RETURN_REQUESTS,
    Kind.DECLINE_RETURN: Capability.RETURN_REQUESTS,
    Kind.CLOSE_RETURN: Capability.RETURNS,
    Kind.RESTOCK: Capability.RESTOCKS,
    Kind.PLACE_EXCHANGE: Capability.EXCHANGES,
    Kind.CANCEL_EXCHANGE: Capability.CANCELLATIONS,
    Kind.NOTE: Capability.NOTES,
    Kind.VOID_CREDIT: Capability.CREDIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`subject` is the row that it is about: with the kind, the reference at the shop."""

    kind: str
    subject: UUID
    payload: dict[str, Any] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return f"{self.kind.replace('_', '-')}-{self.subject.hex}"


def tell_of_request(ret_id: UUID, at: datetime) -> list[UUID]:
    """Only where the shop can approve: elsewhere it hears of the return once it is approved."""
    ret, connector = _of(ret_id)
    if connector is None or Capability.RETURN_REQUESTS not in connector.offers:
        return []
    return _promise(ret, connector, [_opening(ret, is_request=True)], at)


def tell_of_opening(ret_id: UUID, at: datetime) -> list[UUID]:
    """Opened, or approved after it waited. New goods whose advance is out by then are ordered."""
    ret, connector = _of(ret_id)
    if connector is None:
        return []
    wanted = []
    if _openings(ret).filter(payload__is_request=True).exists():
        wanted.append(Wanted(kind=Kind.APPROVE_RETURN, subject=ret.pk))
    elif Capability.RETURNS in connector.offers or Capability.NOTES not in connector.offers:
        wanted.append(_opening(ret))
    else:
        wanted.append(_note(ret))
    if _is_advanced(ret):
        wanted += _exchanges(ret)
    return _promise(ret, connector, wanted, at)


def tell_of_release(ret_id: UUID, at: datetime) -> list[UUID]:
    """What an advance of new goods waited for has come: they are ordered."""
    ret, connector = _of(ret_id)
    if connector is None or not _is_advanced(ret):
        return []
    return _promise(ret, connector, _exchanges(ret), at)


def tell_of_decision(ret_id: UUID, at: datetime) -> list[UUID]:
    """Accepted units go back into stock, accepted exchanges are ordered, the return is closed."""
    ret, connector = _of(ret_id)
    if connector is None:
        return []
    wanted = [] if connector.helper.restocks_with_refund else _restocks(ret)
    wanted += _exchanges(ret)
    if _openings(ret).exists():
        wanted.append(_ending(ret))
    return _promise(ret, connector, wanted, at)


def tell_of_end(ret_id: UUID, at: datetime) -> list[UUID]:
    """Cancelled or rejected: what the shop has not heard of yet it need not hear."""
    ret, connector = _of(ret_id)
    opening = _openings(ret).first()
    if connector is None or opening is None or opening.drop(at):
        return []
    return _promise(ret, connector, [_ending(ret)], at)


def tell_of_cancelled_goods(exchange_id: UUID, at: datetime) -> list[UUID]:
    """The order of new goods that were called off; one that was not sent yet is dropped."""
    goods = ExchangeLineItem.objects.select_related("ret").get(pk=exchange_id)
    ret, connector = _of(goods.ret_id)
    of_these = PlatformAction.objects.for_store(ret.store).filter(subject_id=goods.pk)
    placing = of_these.filter(kind=Kind.PLACE_EXCHANGE).first()
    if connector is None or placing is None or placing.drop(at):
        return []
    return _promise(ret, connector, [Wanted(kind=Kind.CANCEL_EXCHANGE, subject=goods.pk)], at)


def can_take_credit_back(ret: Return) -> bool:
    connector = connecting.connector_of(ret.store)
    return connector is not None and Capability.CREDIT in connector.offers


def take_credit_back(
    ret_id: UUID, ids: Mapping[UUID, str], reason: str, at: datetime
) -> list[UUID]:
    """By the payment that gave it the shop's own id of the credit, to be voided whole."""
    ret, connector = _of(ret_id)
    if connector is None:
        return []
    wanted = [
        Wanted(kind=Kind.VOID_CREDIT, subject=pk, payload={"credit_id": credit, "reason": reason})
        for pk, credit in ids.items()
    ]
    return _promise(ret, connector, wanted, at)


def _of(ret_id: UUID) -> tuple[Return, AbstractConnector | None]:
    ret = Return.objects.select_related("store", "order").get(pk=ret_id)
    return ret, connecting.connector_of(ret.store)


def _openings(ret: Return) -> "QuerySet[PlatformAction]":
    mine = PlatformAction.objects.for_store(ret.store).filter(ret_id=ret.pk)
    opening = mine.filter(kind=Kind.OPEN_RETURN)
    return opening.exclude(status__in=(Status.NOT_OFFERED, Status.DROPPED))


def _opening(ret: Return, *, is_request: bool = False) -> Wanted:
    order = asking.ReturnOrder(
        order_id=ret.order.external_id,
        lines=tuple(_units(line) for line in _lines(ret)),
        reference="",
        note=ret.number,
        is_request=is_request,
    )
    return Wanted(kind=Kind.OPEN_RETURN, subject=ret.pk, payload=freeze(order))


def _note(ret: Return) -> Wanted:
    text = f"Return {ret.number} opened: " + ", ".join(
        f"{line.quantity} x {line.line_item.title}" for line in _lines(ret)
    )
    payload = {"order_id": ret.order.external_id, "text": text[:1000]}
    return Wanted(kind=Kind.NOTE, subject=ret.pk, payload=payload)


def _ending(ret: Return) -> Wanted:
    """A request that was turned down is declined; everything else is over."""
    if ret.status == orders.Return.Status.REJECTED and ret.opened_at is None:
        payload = {"reason": ret.reject_reason}
        return Wanted(kind=Kind.DECLINE_RETURN, subject=ret.pk, payload=payload)
    return Wanted(kind=Kind.CLOSE_RETURN, subject=ret.pk)


def _restocks(ret: Return) -> list[Wanted]:
    """The units of `restocking.restock_return`, once for each line."""
    units = orders.ReturnLineItem
    good = (
        line
        for line in _lines(ret)
        if line.reception == units.Reception.RECEIVED
        and line.decision == units.Decision.ACCEPTED
        and line.disposition == units.Disposition.RESTOCKED
    )
    return [_restock(ret, line) for line in good if line.line_item.variant_id]


def _restock(ret: Return, line: ReturnLineItem) -> Wanted:
    move = asking.StockMove(
        variant_id=line.line_item.variant_id,
        quantity=line.quantity,
        reference="",
        order_id=ret.order.external_id,
    )
    return Wanted(kind=Kind.RESTOCK, subject=line.pk, payload=freeze(move))


def _exchanges(ret: Return) -> list[Wanted]:
    """Goods that are held, for units that were accepted, or before that once they are advanced."""
    accepted = orders.ReturnLineItem.Decision.ACCEPTED
    held = ret.exchanges.filter(status=orders.ExchangeLineItem.Status.RESERVED)
    if not _is_advanced(ret):
        held = held.filter(return_line__decision=accepted)
    return [_exchange(ret, goods) for goods in held.order_by("pk")]


def _is_advanced(ret: Return) -> bool:
    """An advance with new goods is of one part; released, they may go out before the units come."""
    advance = ret.has_advance()
    return advance is not None and advance.parts.released().exists()


def _exchange(ret: Return, goods: ExchangeLineItem) -> Wanted:
    wanted = asking.GoodsWanted(
        variant_id=goods.variant_id,
        quantity=goods.quantity,
        price=goods.price,
        title=goods.title,
        sku=goods.sku,
    )
    order = asking.ExchangeOrder(
        origin_id=ret.order.external_id,
        lines=(wanted,),
        address=Address(**{**Address().as_json(), **ret.order.shipping_address}),
        email=ret.order.email,
        reference="",
    )
    return Wanted(kind=Kind.PLACE_EXCHANGE, subject=goods.pk, payload=freeze(order))


def _lines(ret: Return) -> "Iterable[ReturnLineItem]":
    return ret.lines.select_related("line_item", "reason").order_by("pk")


def _units(line: ReturnLineItem) -> UnitsOf:
    return UnitsOf(
        line_id=line.line_item.external_id,
        quantity=line.quantity,
        reason=line.reason.code if line.reason else "",
        note=line.comment,
    )


@transaction.atomic
def _promise(
    ret: Return, connector: AbstractConnector, wanted: list[Wanted], at: datetime
) -> list[UUID]:
    """Each once, however often it is promised; what the platform cannot do is kept with why."""
    actions = [_action(ret, connector, each, at) for each in wanted]
    PlatformAction.objects.bulk_create(actions, ignore_conflicts=True)
    mine = PlatformAction.objects.for_store(ret.store)
    named = mine.filter(reference__in=[each.reference for each in wanted], status=Status.PENDING)
    return list(named.order_by("pk").values_list("pk", flat=True))


def _action(
    ret: Return, connector: AbstractConnector, wanted: Wanted, at: datetime
) -> PlatformAction:
    payload = wanted.payload
    if "reference" in payload:
        payload = {**payload, "reference": wanted.reference}
    action = PlatformAction(
        merchant_id=ret.merchant_id,
        store=ret.store,
        ret_id=ret.pk,
        subject_id=wanted.subject,
        kind=wanted.kind,
        reference=wanted.reference,
        payload=payload,
        next_at=at,
    )
    needs = NEEDS[wanted.kind]
    if needs not in connector.offers:
        action.status, action.code = Status.NOT_OFFERED, "not_offered"
        action.why, action.done_at = connector.why(needs)[:300], at
    return action
