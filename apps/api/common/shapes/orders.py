"""An order as every host shows it, from `.values()` rows: one shape for list and detail."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from apps.core.money import Money
from apps.orders.managers import OrderQuerySet
from apps.orders.models import LineItem, OrderTender

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
    "order_id",
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


def lines_by_order(order_ids: Iterable[UUID]) -> dict[UUID, list[Row]]:
    """One query, whatever the number of orders."""
    found: dict[UUID, list[Row]] = defaultdict(list)
    rows = LineItem.objects.filter(order_id__in=list(order_ids)).order_by("position", "id")
    for row in rows.values(*LINE_COLUMNS):
        found[row["order_id"]].append(row)
    return found


def order_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    lines = lines_by_order(row["id"] for row in rows)
    return [order_row(row, lines.get(row["id"], ())) for row in rows]


def order_detail(orders: OrderQuerySet, id: UUID) -> dict[str, Any]:
    """Three queries: the order with its store, its lines, its payments; raises DoesNotExist."""
    row = orders.filter(pk=id).values(*ORDER_COLUMNS).get()
    tenders = OrderTender.objects.filter(order_id=id).order_by("id")
    shown = order_row(row, lines_by_order([id]).get(id, ()))
    shown["payments"] = [tender_row(tender) for tender in tenders.values(*TENDER_COLUMNS)]
    return shown


def order_row(row: Row, lines: Sequence[Row]) -> dict[str, Any]:
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
        "total": Money(row["total_minor"], currency),
        "captured": Money(row["captured_minor"], currency),
        "refunded": Money(row["refunded_minor"], currency),
        "shipping": Money(row["shipping_minor"], currency),
        "duties": Money(row["duties_minor"], currency),
        "email": row["email"],
        "shipping_address": row["shipping_address"],
        "tags": row["tags"],
        "flags": row["flags"],
        "lines": [line_row(line) for line in lines],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def line_row(row: Row) -> dict[str, Any]:
    currency = row["currency"]
    return {
        "id": row["id"],
        "external_id": row["external_id"],
        "title": row["title"],
        "variant_title": row["variant_title"],
        "sku": row["sku"],
        "ean": row["ean"],
        "product_id": row["product_id"],
        "variant_id": row["variant_id"],
        "category": row["category"],
        "quantity": row["quantity"],
        "fulfilled_quantity": row["fulfilled_quantity"],
        "returned_quantity": row["returned_quantity"],
        "refunded_quantity": row["refunded_quantity"],
        "unit_price": Money(row["unit_price_minor"], currency),
        "total": Money(row["total_minor"], currency),
        "tax": Money(row["tax_minor"], currency),
        "paid": Money(row["paid_minor"], currency),
        "refunded": Money(row["refunded_minor"], currency),
        "is_final_sale": row["is_final_sale"],
        "is_gift": row["is_gift"],
        "is_returnable": row["is_returnable"],
        "image_url": row["image_url"],
    }


def tender_row(row: Row) -> dict[str, Any]:
    currency = row["currency"]
    return {
        "external_id": row["external_id"],
        "kind": row["kind"],
        "gateway": row["gateway"],
        "captured": Money(row["captured_minor"], currency),
        "refunded": Money(row["refunded_minor"], currency),
    }
