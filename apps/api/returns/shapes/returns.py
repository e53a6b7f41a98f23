"""A return as its shopper sees it: where it is, in words, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts.models import Store
from apps.api.common.shapes.refunds import replacement_shape
from apps.api.returns.links import Links
from apps.api.returns.shapes import money, parcel
from apps.api.returns.shapes.instant import advance_shape, can_unwind
from apps.api.returns.shapes.paying import is_waiting, payment_shape
from apps.api.returns.shapes.rows import Row
from apps.api.returns.texts.statuses import EXCHANGE, RETURN
from apps.api.returns.texts.timeline import EVENTS
from apps.api.returns.texts.words import say
from apps.core.money import Money
from apps.orders import choices
from apps.orders.calculator.breakdown import Breakdown
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.gateways.store_credit.models import StoreCreditAccount

Status = choices.Return.Status
CANCELLABLE = (Status.REQUESTED, Status.IN_PROGRESS, Status.SHIPPED)
TRACKABLE = (Status.IN_PROGRESS, Status.SHIPPED)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: what is personal is shown to a proved session only."""

    store: Store
    language: str
    links: Links
    proved: bool


def summary_shape(row: Row, language: str) -> dict[str, Any]:
    return {
        "number": row["number"],
        "type": row["type"],
        "status": row["status"],
        "text": say(RETURN, "unpaid" if is_waiting(row) else row["status"], language),
        "refund_method": row["refund_method"],
        "net": Money(row["net_minor"], row["currency"]),
        "requested_at": row["requested_at"],
        "updated_at": row["updated_at"],
        "units": [
            {"title": line["title"], "quantity": line["quantity"], "wish": line["wish"]}
            for line in row["unit_rows"]
        ],
    }


def detail_shape(
    row: Row,
    events: Sequence[tuple[datetime, str]],
    accounts: Sequence[StoreCreditAccount | ShopCreditRefund],
    viewer: Viewer,
) -> dict[str, Any]:
    """`row` of rows.detail_row, `events` of rows.events_of; asks the database nothing."""
    shown = row["settlement"] or row["breakdown"]
    return {
        **summary_shape(row, viewer.language),
        "mode": row["mode"],
        "return_method": row["return_method"],
        "reject_reason": row["reject_reason"],
        "opened_at": row["opened_at"],
        "shipped_at": row["shipped_at"],
        "received_at": row["received_at"],
        "decided_at": row["decided_at"],
        "expires_at": row["expires_at"],
        "units": [_unit(line, row["currency"], viewer) for line in row["unit_rows"]],
        "exchanges": [_exchange(line, row, viewer.language) for line in row["exchange_rows"]],
        "label": parcel.label_shape(row, viewer.links, viewer.language),
        "shipment": parcel.shipment_shape(row),
        "qr": parcel.qr(row["number"], viewer.store),
        "payment": payment_shape(row, viewer.language),
        "refund": money.refund_shape(row, viewer.language, proved=viewer.proved),
        "advance": advance_shape(row, viewer.language),
        "credits": [money.credit_shape(each, proved=viewer.proved) for each in accounts],
        "next_steps": parcel.next_steps(row, viewer.language),
        "timeline": [
            {"at": at, "kind": kind, "text": say(EVENTS, kind, viewer.language)}
            for at, kind in events
            if kind in EVENTS
        ],
        "words": list(Breakdown.from_json(shown).in_words()),
        "breakdown": shown,
        "can_cancel": _can_cancel(row),
        "can_keep": _can_keep(row),
        "can_enter_tracking": row["status"] in TRACKABLE and not row["keeps_goods"],
    }


def _can_cancel(row: Row) -> bool:
    if row["mode"] == choices.Return.Mode.INSTANT:
        return can_unwind(row)
    accepted = choices.ReturnLineItem.Decision.ACCEPTED
    return row["status"] in CANCELLABLE and all(
        line["decision"] != accepted for line in row["unit_rows"]
    )


def _can_keep(row: Row) -> bool:
    """What was paid for already, and is still with the shopper."""
    is_instant: bool = row["mode"] == choices.Return.Mode.INSTANT
    return is_instant and row["status"] == Status.IN_PROGRESS


def _unit(line: Row, currency: str, viewer: Viewer) -> dict[str, Any]:
    labels = line["labels"] or {}
    return {
        "id": line["id"],
        "line": line["line"],
        "title": line["title"],
        "variant_title": line["variant_title"],
        "image_url": line["image_url"],
        "quantity": line["quantity"],
        "wish": line["wish"],
        "reason": line["reason"],
        "reason_text": str(labels.get(viewer.language) or labels.get("en") or line["reason"] or ""),
        "comment": line["comment"] if viewer.proved else "",
        "images": viewer.links.photos(line["images"]) if viewer.proved else [],
        "reception": line["reception"],
        "decision": line["decision"],
        "reject_reason": line["reject_reason"],
        "amount": Money(line["amount_minor"], currency),
    }


def _exchange(line: Row, row: Row, language: str) -> dict[str, Any]:
    instead = [each for each in money.standing_payments(row) if each["instead_of"] == line["id"]]
    return {
        "unit": line["line"],
        "title": line["title"],
        "quantity": line["quantity"],
        "price": Money(line["price_minor"], row["currency"]),
        "status": line["status"],
        "text": say(EXCHANGE, line["status"], language),
        "replacement": replacement_shape(line["replacement"], [each["status"] for each in instead]),
    }
