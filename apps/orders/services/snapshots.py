"""An OrderSnapshot turned into columns; sums are taken over as the platform stored them."""

import hashlib
from collections.abc import Sequence
from typing import Any

from apps.core.money import Money
from apps.integrations.dtos import LineSnapshot, OrderSnapshot, TenderSnapshot
from apps.orders import choices

WHOLE_ORDER = "whole-order"


def fingerprint(snapshot: OrderSnapshot) -> str:
    return hashlib.sha256(repr(snapshot).encode()).hexdigest()


def gross(snapshot: OrderSnapshot, total: Money, tax: Money) -> Money:
    return total if snapshot.tax_included else total + tax


def parts_total(snapshot: OrderSnapshot) -> Money:
    """Lines, shipping and duties with their tax: what the platform's total should be."""
    parts = [gross(snapshot, each.total, each.tax) for each in snapshot.lines]
    parts += [gross(snapshot, each.total, each.tax) for each in snapshot.shipping]
    if snapshot.duties:
        parts.append(snapshot.duties)
    return Money.total(parts, snapshot.currency)


def tenders_of(snapshot: OrderSnapshot) -> tuple[TenderSnapshot, ...]:
    if snapshot.tenders:
        return snapshot.tenders
    zero = Money.zero(snapshot.currency)
    other = choices.Order.TenderKind.OTHER
    return (TenderSnapshot(WHOLE_ORDER, other, snapshot.total, zero),)


def order_columns(snapshot: OrderSnapshot) -> dict[str, Any]:
    shipping = [gross(snapshot, each.total, each.tax) for each in snapshot.shipping]
    shipping_tax = [each.tax for each in snapshot.shipping]
    return {
        "number": snapshot.number,
        "currency": snapshot.currency,
        "presentment_currency": snapshot.presentment_currency,
        "presentment_rate": snapshot.presentment_rate,
        "tax_included": snapshot.tax_included,
        "placed_at": snapshot.placed_at,
        "shipped_at": snapshot.shipped_at,
        "delivered_at": snapshot.delivered_at,
        "cancelled_at": snapshot.cancelled_at,
        "platform_updated_at": snapshot.platform_updated_at,
        "snapshot_hash": fingerprint(snapshot),
        "total_minor": snapshot.total.minor,
        "captured_minor": _minor([each.captured for each in tenders_of(snapshot)]),
        "shipping_minor": _minor(shipping),
        "shipping_tax_minor": _minor(shipping_tax),
        "duties_minor": snapshot.duties.minor if snapshot.duties else 0,
        "shipping_lines": [
            {"title": each.title, "total_minor": each.total.minor, "tax_minor": each.tax.minor}
            for each in snapshot.shipping
        ],
        "tags": list(snapshot.tags),
        "shipping_address": snapshot.shipping_address.as_json(),
        "email": snapshot.customer.email.strip().lower(),
        "flags": [] if parts_total(snapshot) == snapshot.total else ["totals_differ"],
    }


def line_columns(snapshot: OrderSnapshot, line: LineSnapshot, position: int) -> dict[str, Any]:
    fulfilled = line.quantity if line.fulfilled_quantity is None else line.fulfilled_quantity
    return {
        "position": position,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "title": line.title[:255],
        "variant_title": line.variant_title[:120],
        "sku": line.sku,
        "ean": line.ean,
        "category": line.category,
        "quantity": line.quantity,
        "fulfilled_quantity": min(fulfilled, line.quantity),
        "currency": snapshot.currency,
        "unit_price_minor": line.unit_price.minor,
        "total_minor": line.total.minor,
        "tax_minor": line.tax.minor,
        "paid_minor": gross(snapshot, line.total, line.tax).minor,
        "discounts": [
            {"label": each.label, "amount_minor": each.amount.minor, "ref": each.ref}
            for each in line.discounts
        ],
        "taxes": [
            {"title": each.title, "rate": each.rate, "amount_minor": each.amount.minor}
            for each in line.taxes
        ],
        "is_final_sale": line.is_final_sale,
        "is_gift": line.is_gift,
        "is_returnable": line.is_returnable,
        "hs_code": line.hs_code,
        "origin_country": line.origin_country,
        "weight_grams": line.weight_grams,
        "image_url": line.image_url,
    }


def refunded_minor(line: LineSnapshot, paid_minor: int) -> int:
    """What the shop gave back for the line, at most what was paid for it."""
    return min(line.refunded.minor, paid_minor) if line.refunded else 0


def _minor(amounts: Sequence[Money]) -> int:
    return sum(amount.minor for amount in amounts)
