"""Plain Django views: one indexed SELECT; a signature and one row."""

import hashlib
import hmac
import os
import uuid

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

SECRET = os.environ.get("BENCH_SECRET", "").encode()
_ORDER = """
SELECT id, number, email, currency, total_minor, placed_at FROM orders_order WHERE id = %s
"""
_NAMES = ("id", "number", "email", "currency", "total_minor", "placed_at")
_HOOK = """
INSERT INTO events_inboxmessage (id, merchant_id, source, account, environment, event_id, topic,
  body, body_hash, is_thin, status, attempts, last_error, received_at, available_at)
SELECT %s, merchant_id, 'bare', slug, 'live', %s, '', %s, %s, false, 'waiting', 0, '', now(), now()
FROM accounts_store WHERE slug = 'tienda-norte'
"""


def live(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "live"})


def order(_request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    with connection.cursor() as cursor:
        cursor.execute(_ORDER, (id,))
        row = cursor.fetchone()
    return JsonResponse(dict(zip(_NAMES, row, strict=True)))


def is_signed(request: HttpRequest) -> bool:
    expected = hmac.new(SECRET, request.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(request.headers.get("X-Signature", ""), expected)


def keep(request: HttpRequest) -> uuid.UUID:
    pk = uuid.uuid4()
    digest = hashlib.sha256(request.body).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_HOOK, (pk, request.headers["X-Id"], request.body, digest))
    return pk


@csrf_exempt
def hook(request: HttpRequest) -> HttpResponse:
    if not is_signed(request):
        return HttpResponse(status=401)
    return JsonResponse({"id": str(keep(request))}, status=202)
