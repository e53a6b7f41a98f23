"""An order as every host shows it, from `.values()` rows: one shape for list and detail."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from orjson import Fragment

from apps.core.money import as_json
from apps.core.rows import RowsOf, read
from apps.orders.managers import OrderQuerySet
from apps.orders.models import LineItem, Order, OrderTender

type Row = Mapping[str, Any]

ORDER_COLUMNS = (
    "id",
    "store__slug",
    "external_id",
    "number",
    "currency",
    "presentment_currency",
    "tax_included",
    "placed_at",
    "shipped_at",
    "delivered_at",
    "cancelled_at",
    "version",
    "total_minor",
    "captured_minor",
    "refunded_minor",
    "shipping_minor",
    "duties_minor",
    "tags",
    "flags",
    "email",
    "shipping_address",
    "created_at",
    "updated_at",
)
LINE_COLUMNS = (
    "id",
    "external_id",
    "title",
    "variant_title",
    "sku",
    "ean",
    "product_id",
    "variant_id",
    "category",
    "quantity",
    "fulfilled_quantity",
    "returned_quantity",
    "refunded_quantity",
    "currency",
    "unit_price_minor",
    "total_minor",
    "tax_minor",
    "paid_minor",
    "refunded_minor",
    "is_final_sale",
    "is_gift",
    "is_returnable",
    "image_url",
)
TENDER_COLUMNS = (
    "external_id",
    "kind",
    "gateway",
    "currency",
    "captured_minor",
    "refunded_minor",
)


_LINES = RowsOf(
    lambda ids: (
        LineItem.objects.filter(order_id__in=ids)
        .order_by("position", "id")
        .values_list("order_id", *LINE_COLUMNS)
    )
)
_TENDERS = RowsOf(
    lambda ids: (
        OrderTender.objects.filter(order_id__in=ids).order_by("id").values_list(*TENDER_COLUMNS)
    )
)


def order_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """One query for all lines, whatever the number of orders."""
    lines: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for line in _LINES.of([row["id"] for row in rows]):
        lines[line[0]].append(line_row(line))
    return [order_row(row, lines.get(row["id"], [])) for row in rows]


def order_detail(orders: OrderQuerySet, id: UUID) -> dict[str, Any]:
    """Three queries: the order with its store, its lines, its payments; raises DoesNotExist."""
    found = read(orders.filter(pk=id).values(*ORDER_COLUMNS))
    if not found:
        raise Order.DoesNotExist
    shown = order_row(found[0], [line_row(line) for line in _LINES.of([id])])
    shown["payments"] = [tender_row(tender) for tender in _TENDERS.of([id])]
    return shown


def order_row(row: Row, lines: list[dict[str, Any]]) -> dict[str, Any]:
    currency = row["currency"]
    return {
        "id": row["id"],
        "store": row["store__slug"],
        "external_id": row["external_id"],
        "number": row["number"],
        "currency": currency,
        "presentment_currency": row["presentment_currency"],
        "tax_included": row["tax_included"],
        "placed_at": row["placed_at"],
        "shipped_at": row["shipped_at"],
        "delivered_at": row["delivered_at"],
        "cancelled_at": row["cancelled_at"],
        "version": row["version"],
        "total": as_json(row["total_minor"], currency),
        "captured": as_json(row["captured_minor"], currency),
        "refunded": as_json(row["refunded_minor"], currency),
        "shipping": as_json(row["shipping_minor"], currency),
        "duties": as_json(row["duties_minor"], currency),
        "email": row["email"],
        "shipping_address": Fragment(row["shipping_address"]),
        "tags": Fragment(row["tags"]),
        "flags": Fragment(row["flags"]),
        "lines": lines,
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def line_row(row: Sequence[Any]) -> dict[str, Any]:
    """`row` is LINE_COLUMNS of one line, behind the id of its order."""
    (
        _order_id,
        pk,
        external_id,
        title,
        variant_title,
        sku,
        ean,
        product_id,
        variant_id,
        category,
        quantity,
        fulfilled_quantity,
        returned_quantity,
        refunded_quantity,
        currency,
        unit_price,
        total,
        tax,
        paid,
        refunded,
        is_final_sale,
        is_gift,
        is_returnable,
        image_url,
    ) = row
    return {
        "id": pk,
        "external_id": external_id,
        "title": title,
        "variant_title": variant_title,
        "sku": sku,
        "ean": ean,
        "product_id": product_id,
        "variant_id": variant_id,
        "category": category,
        "quantity": quantity,
        "fulfilled_quantity": fulfilled_quantity,
        "returned_quantity": returned_quantity,
        "refunded_quantity": refunded_quantity,
        "unit_price": as_json(unit_price, currency),
        "total": as_json(total, currency),
        "tax": as_json(tax, currency),
        "paid": as_json(paid, currency),
        "refunded": as_json(refunded, currency),
        "is_final_sale": is_final_sale,
        "is_gift": is_gift,
        "is_returnable": is_returnable,
        "image_url": image_url,
    }


def tender_row(row: Sequence[Any]) -> dict[str, Any]:
    external_id, kind, gateway, currency, captured, refunded = row
    return {
        "external_id": external_id,
        "kind": kind,
        "gateway": gateway,
        "captured": as_json(captured, currency),
        "refunded": as_json(refunded, currency),
    }
