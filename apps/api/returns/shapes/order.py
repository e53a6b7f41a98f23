"""The order of a session: what may come back, what not and why, persons masked until proved."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from apps.api.models import PortalSession
from apps.api.returns import masks
from apps.orders import choices
from apps.orders.models import LineItem
from apps.orders.modules.eligibility.services import UnitVerdict, eligibility_of
from apps.orders.modules.inventory.services import ExchangeOption

SHOPPER = choices.Return.FiledBy.SHOPPER


def order_shape(session: PortalSession, language: str, at: datetime) -> dict[str, Any]:
    """Three queries: the lines, the policy, its rules."""
    order = session.order
    prefetch_related_objects([order], "lines")
    verdicts = {each.line_id: each for each in eligibility_of(order, at, SHOPPER)}
    return {
        "number": order.number,
        "placed_at": order.placed_at,
        "shipped_at": order.shipped_at,
        "delivered_at": order.delivered_at,
        "currency": order.currency,
        "total": order.total,
        "level": session.level,
        "customer": _customer(session),
        "lines": [line_shape(line, verdicts[line.pk], language) for line in order.lines.all()],
    }


def _customer(session: PortalSession) -> dict[str, Any]:
    order, proved = session.order, session.is_proved
    name = order.customer.name if order.customer else ""
    return {
        "name": name if proved else masks.name(name),
        "email": order.email if proved else masks.email(order.email),
        "address": masks.address(order.shipping_address, proved=proved),
    }


def line_shape(line: LineItem, verdict: UnitVerdict, language: str) -> dict[str, Any]:
    return {
        "id": line.pk,
        "title": line.title,
        "variant_title": line.variant_title,
        "sku": line.sku,
        "image_url": line.image_url,
        "unit_price": line.unit_price,
        "paid": line.paid,
        "units": {
            "bought": line.quantity,
            "sent": line.fulfilled_quantity,
            "in_returns": line.returned_quantity,
            "returnable": verdict.returnable if verdict.is_eligible else 0,
        },
        "is_eligible": verdict.is_eligible,
        "needs_approval": verdict.hold,
        "last_day": verdict.last_day,
        "refusals": refusals_shape(verdict, language),
    }


def refusals_shape(verdict: UnitVerdict, language: str) -> list[dict[str, str]]:
    return [
        {"code": refusal.code, "message": refusal.text(language)}
        for refusal in verdict.refusals
        if not refusal.advisory
    ]


def exchange_shape(options: dict[UUID, list[ExchangeOption]]) -> list[dict[str, Any]]:
    return [
        {"line": line_id, "options": [_option(each) for each in each_line]}
        for line_id, each_line in options.items()
    ]


def _option(option: ExchangeOption) -> dict[str, Any]:
    return {
        "variant_id": option.variant_id,
        "title": option.title,
        "sku": option.sku,
        "price": option.price,
        "difference": option.difference,
        "available": option.available,
    }
