"""A quote becomes a return: units taken off the order, goods held for an exchange, once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core.errors import DomainError
from apps.core.faults import crash_here
from apps.core.money import Money
from apps.core.verbs import lock
from apps.orders import choices
from apps.orders.calculator.facts import ExchangeItem
from apps.orders.dtos import AdvanceGrant, OpenReturn
from apps.orders.models import ExchangeLineItem, LineItem, Quote, Return, ReturnLineItem
from apps.orders.modules.inventory import services as inventory
from apps.orders.services.granting import InstantNotOffered, reserve_advance
from apps.orders.services.offering import why_standard
from apps.orders.services.picking import MoreUnitsThanLeft, Picked
from apps.orders.services.quoting import (
    MethodNotOffered,
    Priced,
    price,
    quote_return,
    request_of,
)

if TYPE_CHECKING:
    from apps.core.errors import Detail
    from apps.orders.models import Order

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class UnknownQuote(DomainError):
    code = "unknown_quote"
    title = "There is no such quote for this order"
    status = 404


class QuoteExpired(DomainError):
    code = "quote_expired"
    title = "The quote is too old or was used; ask for a new one"
    status = 409


class QuoteChanged(DomainError):
    code = "quote_changed"
    title = "The sums have changed since the quote; here is the new one"
    status = 409


class PaymentRequired(DomainError):
    code = "payment_required"
    title = "The shopper would have to pay a difference first, which this store cannot collect"
    status = 409


@dataclass(frozen=True, slots=True)
class OpenedReturn:
    ret: Return
    lines: list[ReturnLineItem]


class _Changed(Exception):
    pass


def open_return(order: "Order", request: OpenReturn, at: datetime) -> OpenedReturn:
    """Same calculator as the quote, under the order's lock. Raises QuoteChanged with a new quote
    when any sum differs, QuoteExpired, MethodNotOffered, or a refusal of the quote or the advance.
    """
    try:
        with transaction.atomic():
            grant = reserve_advance(order, request, at)
            lock(order)
            return _open(order, request, grant, at)
    except _Changed:
        quote = Quote.objects.for_merchant(order.merchant).get(pk=request.quote_id)
        fresh = quote_return(order, request_of(quote, request), at)
        options: list[Detail] = fresh.options
        raise QuoteChanged(
            quote=str(fresh.pk), expires_at=fresh.expires_at.isoformat(), options=options
        ) from None


def _open(
    order: "Order", request: OpenReturn, grant: AdvanceGrant | None, at: datetime
) -> OpenedReturn:
    quote = (
        Quote.objects.filter(merchant_id=order.merchant_id, order=order)
        .select_for_update(no_key=True)
        .filter(pk=request.quote_id)
        .first()
    )
    if quote is None:
        raise UnknownQuote(quote=str(request.quote_id))
    if not quote.is_open(at):
        raise QuoteExpired(quote=str(quote.pk))
    priced = price(order, request_of(quote, request), at)
    _same_as_quoted(quote, priced, request)
    quote.used_at = at
    quote.save(update_fields=["used_at", "updated_at"])
    if grant is None:
        return file_return(order, priced, request, at)
    if why := why_standard(request_of(quote, request), priced, request.refund_method):
        raise InstantNotOffered(reason=why)
    opened = file_return(order, priced, request, at, grant.cover_ends_at)
    opened.ret.grant(grant, at)
    crash_here("K15")
    return opened


def _same_as_quoted(quote: Quote, priced: Priced, request: OpenReturn) -> None:
    method = request.refund_method
    shown = {option["method"]: option["breakdown"] for option in quote.options}
    if method not in shown:
        raise MethodNotOffered(method=method)
    now = priced.breakdowns.get(method)
    if now is None or now.as_json() != shown[method]:
        raise _Changed
    if now.due and not request.collects:
        raise PaymentRequired(due=dict(now.due.as_json()))


def file_return(
    order: "Order",
    priced: Priced,
    request: OpenReturn,
    at: datetime,
    cover_ends_at: datetime | None = None,
) -> OpenedReturn:
    """Writes the return, instant where it is covered; call it with the order locked.

    Raises MoreUnitsThanLeft or OutOfStock.
    """
    ret = _return_row(order, priced, request, at)
    if cover_ends_at is not None:
        ret.mode, ret.cover_ends_at = choices.Return.Mode.INSTANT, cover_ends_at
    ret.save(force_insert=True)
    _take_units(order, priced.picked)
    lines = _lines(ret, priced, request.refund_method)
    for line in lines:
        line.save(force_insert=True)
    # By variant: two shoppers who want the same two never wait for each other in a ring.
    for picked, line in sorted(
        zip(priced.picked, lines, strict=True), key=lambda pair: pair[0].wish.variant_id
    ):
        item = picked.exchange_item(tax_included=order.tax_included)
        if item is not None:
            _hold_goods(line, picked, item, at)
    ret.record(
        _what_happened(ret),
        number=ret.number,
        net=dict(ret.net.as_json()),
        refund_method=ret.refund_method,
    )
    return OpenedReturn(ret, lines)


def _what_happened(ret: Return) -> str:
    if ret.is_waiting_for_payment:
        return choices.Event.RETURN_PAYMENT_DUE
    waits = ret.status == choices.Return.Status.REQUESTED
    return choices.Event.RETURN_REQUESTED if waits else choices.Event.RETURN_OPENED


def _return_row(order: "Order", priced: Priced, request: OpenReturn, at: datetime) -> Return:
    breakdown = priced.breakdowns[request.refund_method]
    preferences = order.store.preferences
    by_shopper = request.filed_by == choices.Return.FiledBy.SHOPPER
    needs_approval = by_shopper and (priced.held or not preferences.auto_approve)
    due = breakdown.due if request.collects else Money.zero(order.currency)
    waits = needs_approval or bool(due)
    statuses = choices.Return.Status
    return Return(
        merchant_id=order.merchant_id,
        store_id=order.store_id,
        order=order,
        customer_id=order.customer_id,
        number=_number(),
        type=_type(priced.picked),
        status=statuses.REQUESTED if waits else statuses.IN_PROGRESS,
        filed_by=request.filed_by,
        refund_method=request.refund_method,
        return_method_id=request.method.id,
        return_method={
            "code": request.method.code,
            "name": request.method.name,
            "kind": request.method.kind,
        },
        currency=order.currency,
        breakdown=breakdown.as_json(),
        terms=priced.terms.stored,
        net_minor=breakdown.net.minor,
        due_minor=due.minor,
        pay_until=at + settings.PAY_LINK_LIFETIME if due else None,
        needs_approval=needs_approval,
        policy_version=priced.policy_version,
        requested_at=at,
        opened_at=None if waits else at,
        expires_at=None
        if request.method.keeps_goods
        else at + timedelta(days=preferences.not_shipped_cancel_days),
        external_id=request.external_id,
        notes=[{"text": request.note, "at": at.isoformat(), "author": ""}] if request.note else [],
    )


def _number() -> str:
    """Random and without a sequence: a number tells nothing about others (C-06)."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"R-{code[:5]}-{code[5:]}"


def _type(picked: list[Picked]) -> str:
    wanted = {each.wanted is not None for each in picked}
    if len(wanted) == 2:
        return choices.Return.Type.MIXED
    return choices.Return.Type.EXCHANGE if wanted == {True} else choices.Return.Type.REFUND


def _take_units(order: "Order", picked: list[Picked]) -> None:
    asked: dict[UUID, int] = {}
    for each in picked:
        asked[each.line.pk] = asked.get(each.line.pk, 0) + each.wish.quantity
    rows = LineItem.objects.filter(merchant_id=order.merchant_id, pk__in=asked)
    for line in rows.select_for_update(no_key=True).order_by("pk"):
        if asked[line.pk] > line.returnable_quantity:
            raise MoreUnitsThanLeft(line=str(line.pk), left=line.returnable_quantity)
        line.returned_quantity += asked[line.pk]
        line.save(update_fields=["returned_quantity", "updated_at"])


def _lines(ret: Return, priced: Priced, method: str) -> list[ReturnLineItem]:
    breakdown = priced.breakdowns[method]
    already: dict[UUID, int] = {}
    lines = []
    for each, unit in zip(priced.picked, priced.units, strict=True):
        line_id, quantity = each.line.pk, each.wish.quantity
        before = already.get(line_id, 0)
        whole = breakdown.line_amounts[str(line_id)]
        tax = whole.tax.share(before + quantity, whole.quantity)
        lines.append(
            ReturnLineItem(
                merchant_id=ret.merchant_id,
                ret=ret,
                line_item=each.line,
                quantity=quantity,
                wish=each.wish.wish,
                reason=each.reason,
                sub_reason=each.sub_reason,
                comment=each.wish.comment,
                images=list(each.wish.images),
                currency=ret.currency,
                amount_minor=breakdown.value_of(str(line_id), quantity, before).minor,
                waives_fees=unit.waives_fees,
                tax_minor=(tax - whole.tax.share(before, whole.quantity)).minor,
            )
        )
        already[line_id] = before + quantity
    return lines


def _hold_goods(line: ReturnLineItem, picked: Picked, item: ExchangeItem, at: datetime) -> None:
    ret = line.ret
    exchange = ExchangeLineItem(
        merchant_id=ret.merchant_id,
        ret=ret,
        return_line=line,
        variant_id=item.variant_id,
        sku=picked.wanted.sku if picked.wanted else "",
        title=item.label,
        quantity=item.quantity,
        currency=ret.currency,
        price_minor=item.unit_price.minor,
        tax_minor=item.tax.minor,
        tax_rate=picked.wanted.tax_rate if picked.wanted else "",
        fallback=picked.wish.fallback,
    )
    exchange.save(force_insert=True)
    ret.record(choices.Event.EXCHANGE_REQUESTED, exchange=str(exchange.pk))
    until = at + settings.STOCK_RESERVATION
    inventory.reserve(ret.store, item.variant_id, exchange.pk, item.quantity, until)
    exchange.hold()
