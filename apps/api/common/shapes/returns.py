"""A return as every host shows it, from `.values()` rows: one shape for list and detail."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from apps.api.common.shapes.refunds import replacement_shape
from apps.core.money import Money
from apps.orders.managers import ReturnQuerySet
from apps.orders.models import ExchangeLineItem, ReturnLineItem
from apps.payments.models import Payment

type Row = Mapping[str, Any]

RETURN_COLUMNS = (
    "id",
    "store__slug",
    "order_id",
    "order__number",
    "order__external_id",
    "number",
    "type",
    "mode",
    "status",
    "filed_by",
    "refund_method",
    "return_method",
    "currency",
    "net_minor",
    "reject_reason",
    "external_id",
    "requested_at",
    "opened_at",
    "shipped_at",
    "received_at",
    "decided_at",
    "expires_at",
    "created_at",
    "updated_at",
)
DETAIL_COLUMNS = (*RETURN_COLUMNS, "breakdown", "settlement", "policy_version", "notes")
LINE_COLUMNS = (
    "id",
    "ret_id",
    "line_item_id",
    "line_item__external_id",
    "line_item__title",
    "line_item__sku",
    "quantity",
    "wish",
    "reason__code",
    "sub_reason__code",
    "comment",
    "images",
    "reception",
    "decision",
    "reject_reason",
    "disposition",
    "grade",
    "currency",
    "amount_minor",
    "tax_minor",
    "received_at",
    "decided_at",
)
EXCHANGE_COLUMNS = (
    "id",
    "return_line_id",
    "variant_id",
    "sku",
    "title",
    "quantity",
    "currency",
    "price_minor",
    "fallback",
    "platform_order_id",
    "status",
    "replacement",
)


def lines_by_return(return_ids: Iterable[UUID]) -> dict[UUID, list[Row]]:
    """One query, whatever the number of returns."""
    found: dict[UUID, list[Row]] = defaultdict(list)
    rows = ReturnLineItem.objects.filter(ret_id__in=list(return_ids)).order_by("id")
    for row in rows.values(*LINE_COLUMNS):
        found[row["ret_id"]].append(row)
    return found


def return_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    lines = lines_by_return(row["id"] for row in rows)
    return [return_row(row, lines.get(row["id"], ())) for row in rows]


def return_detail(returns: ReturnQuerySet, id: UUID) -> dict[str, Any]:
    """Three queries: the return with its order and store, its lines, its exchanges; one more where
    goods ran out. Raises DoesNotExist."""
    row = returns.filter(pk=id).values(*DETAIL_COLUMNS).get()
    exchanges = ExchangeLineItem.objects.filter(ret_id=id).order_by("id")
    shown = return_row(row, lines_by_return([id]).get(id, ()))
    shown["exchanges"] = exchange_rows(exchanges.values(*EXCHANGE_COLUMNS))
    shown["breakdown"] = row["breakdown"]
    shown["settlement"] = row["settlement"]
    shown["policy_version"] = row["policy_version"]
    shown["notes"] = row["notes"]
    return shown


def return_row(row: Row, lines: Sequence[Row]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "number": row["number"],
        "store": row["store__slug"],
        "order": {
            "id": row["order_id"],
            "number": row["order__number"],
            "external_id": row["order__external_id"],
        },
        "external_id": row["external_id"],
        "type": row["type"],
        "mode": row["mode"],
        "status": row["status"],
        "filed_by": row["filed_by"],
        "refund_method": row["refund_method"],
        "return_method": row["return_method"],
        "net": Money(row["net_minor"], row["currency"]),
        "reject_reason": row["reject_reason"],
        "requested_at": row["requested_at"],
        "opened_at": row["opened_at"],
        "shipped_at": row["shipped_at"],
        "received_at": row["received_at"],
        "decided_at": row["decided_at"],
        "expires_at": row["expires_at"],
        "lines": [line_row(line) for line in lines],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def line_row(row: Row) -> dict[str, Any]:
    currency = row["currency"]
    return {
        "id": row["id"],
        "order_line": {
            "id": row["line_item_id"],
            "external_id": row["line_item__external_id"],
            "title": row["line_item__title"],
            "sku": row["line_item__sku"],
        },
        "quantity": row["quantity"],
        "wish": row["wish"],
        "reason": row["reason__code"],
        "sub_reason": row["sub_reason__code"],
        "comment": row["comment"],
        "images": row["images"],
        "reception": row["reception"],
        "decision": row["decision"],
        "reject_reason": row["reject_reason"],
        "disposition": row["disposition"],
        "grade": row["grade"],
        "amount": Money(row["amount_minor"], currency),
        "tax": Money(row["tax_minor"], currency),
        "received_at": row["received_at"],
        "decided_at": row["decided_at"],
    }


def exchange_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    goods = list(rows)
    ran_out = [each["id"] for each in goods if each["replacement"] is not None]
    paid: dict[UUID, list[str]] = defaultdict(list)
    if ran_out:
        instead = Payment.objects.filter(instead_of__in=ran_out, replacements__isnull=True)
        for goods_id, status in instead.non_polymorphic().values_list("instead_of_id", "status"):
            paid[goods_id].append(status)
    return [exchange_row(each, paid[each["id"]]) for each in goods]


def exchange_row(row: Row, paid: Iterable[str]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "return_line": row["return_line_id"],
        "variant_id": row["variant_id"],
        "sku": row["sku"],
        "title": row["title"],
        "quantity": row["quantity"],
        "price": Money(row["price_minor"], row["currency"]),
        "fallback": row["fallback"],
        "platform_order_id": row["platform_order_id"],
        "status": row["status"],
        "replacement": replacement_shape(row["replacement"], paid),
    }
