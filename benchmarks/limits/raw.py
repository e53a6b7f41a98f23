"""Raw SQL and orjson in plain views: the same page as the product's, and the same rows written."""

import hashlib
import json
import uuid
from collections import defaultdict
from typing import Any

import orjson
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

_ORDERS = """
SELECT o.id, s.slug AS store, o.external_id, o.number, o.currency, o.presentment_currency,
  o.tax_included, o.placed_at, o.shipped_at, o.delivered_at, o.cancelled_at, o.version,
  o.total_minor, o.captured_minor, o.refunded_minor, o.shipping_minor, o.duties_minor, o.email,
  o.shipping_address, o.tags, o.flags, o.created_at, o.updated_at
FROM orders_order o JOIN accounts_store s ON s.id = o.store_id
WHERE o.merchant_id = (SELECT merchant_id FROM accounts_store WHERE slug = 'tienda-norte')
ORDER BY o.placed_at DESC, o.id DESC LIMIT %s
"""
_LINES = """
SELECT order_id, id, external_id, title, variant_title, sku, ean, product_id, variant_id, category,
  quantity, fulfilled_quantity, returned_quantity, refunded_quantity, currency, unit_price_minor,
  total_minor, tax_minor, paid_minor, refunded_minor, is_final_sale, is_gift, is_returnable,
  image_url
FROM orders_lineitem WHERE order_id = ANY(%s) ORDER BY position, id
"""
_ORDER_SUMS = ("total", "captured", "refunded", "shipping", "duties")
_LINE_SUMS = ("unit_price", "total", "tax", "paid", "refunded")
_QUOTE = """
INSERT INTO orders_quote (id, created_at, updated_at, order_version, policy_version, currency,
  request, terms, options, expires_at, merchant_id, order_id, store_id)
SELECT %s, now(), now(), o.version, 0, o.currency, %s, '{}', '[]', now() + interval '30 minutes',
  o.merchant_id, o.id, o.store_id
FROM api_portalsession p JOIN orders_order o ON o.id = p.order_id WHERE p.token_hash = %s
"""
_RETURN = """
WITH q AS (UPDATE orders_quote SET used_at = now() WHERE id = %(quote)s AND used_at IS NULL
  RETURNING *),
ret AS (INSERT INTO orders_return (id, created_at, updated_at, number, type, mode, status, filed_by,
  refund_method, return_method, currency, breakdown, terms, net_minor, policy_version, requested_at,
  opened_at, expires_at, reject_reason, notes, external_id, due_minor, paid_minor, needs_approval,
  merchant_id, order_id, store_id)
  SELECT %(id)s, now(), now(), %(number)s, 'refund', 'standard', 'in_progress', 'shopper',
  'original', '{}', q.currency, '{}', '{}', 1000, 0, now(), now(), now() + interval '28 days', '',
  '[]', '', 0, 0, false, q.merchant_id, q.order_id, q.store_id FROM q RETURNING *),
taken AS (UPDATE orders_lineitem SET returned_quantity = returned_quantity + 1
  WHERE id = ANY(%(lines)s) RETURNING *),
rows AS (INSERT INTO orders_returnlineitem (id, created_at, updated_at, quantity, wish, comment,
  images, reception, decision, reject_reason, disposition, grade, currency, amount_minor, tax_minor,
  refunded_minor, waives_fees, line_item_id, merchant_id, ret_id)
  SELECT gen_random_uuid(), now(), now(), 1, 'refund', '', '[]', 'awaiting', 'pending', '', '', '',
  taken.currency, taken.unit_price_minor, 0, 0, false, taken.id, taken.merchant_id, %(id)s
  FROM taken)
INSERT INTO events_event (id, merchant_id, subject_type, subject_id, sequence, kind, payload,
  actor_kind, actor_id, at, announced_at, attempts, available_at)
SELECT gen_random_uuid(), merchant_id, 'orders.return', id, 1, 'return.opened', '{}', 'shopper', '',
  now(), now(), 0, now() FROM ret
"""


def money(minor: int, currency: str) -> dict[str, str]:
    return {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": currency}


def answer(shown: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(
        orjson.dumps(shown, option=orjson.OPT_UTC_Z),
        status=status,
        content_type="application/json",
    )


def orders(request: HttpRequest) -> HttpResponse:
    limit = int(request.GET["limit"])
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, (limit + 1,))
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        page = found[:limit]
        cursor.execute(_LINES, ([row["id"] for row in page],))
        names = [column.name for column in cursor.description]
        lines: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
        for values in cursor.fetchall():
            line = dict(zip(names, values, strict=True))
            lines[line.pop("order_id")].append(in_money(line, _LINE_SUMS, line.pop("currency")))
    for row in page:
        in_money(row, _ORDER_SUMS, row["currency"])
        for name in ("shipping_address", "tags", "flags"):
            row[name] = orjson.Fragment(row[name])
        row["lines"] = lines[row["id"]]
    return answer({"data": page, "next_cursor": str(page[-1]["id"])})


def in_money(row: dict[str, Any], names: tuple[str, ...], currency: str) -> dict[str, Any]:
    for name in names:
        row[name] = money(row.pop(f"{name}_minor"), currency)
    return row


def digest(request: HttpRequest) -> str:
    token = request.headers["Authorization"].removeprefix("Bearer ")
    return hashlib.sha256(token.encode()).hexdigest()


@csrf_exempt
def quote(request: HttpRequest) -> HttpResponse:
    told = orjson.loads(request.body)
    pk = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_QUOTE, (pk, json.dumps(told), digest(request)))
    return answer({"id": pk}, 201)


@csrf_exempt
def open_return(request: HttpRequest) -> HttpResponse:
    told = orjson.loads(request.body)
    pk = uuid.uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT request FROM orders_quote WHERE id = %s", (told["quote"],))
        units = orjson.loads(cursor.fetchone()[0])["units"]
        given = {
            "id": pk,
            "number": f"X-{pk.hex[:12]}",
            "quote": told["quote"],
            "lines": [uuid.UUID(unit["line"]) for unit in units],
        }
        cursor.execute(_RETURN, given)
    return answer({"id": pk}, 201)
