"""A shop of your own that Reveni can be connected to: the least that docs/custom-platform.md asks.

`python samples/custom_shop.py --port 8900 --secret whsec_...`, and nothing but Python is needed. It
keeps one order in memory; put your database in its place.
"""

import argparse
import base64
import hashlib
import hmac
import json
import secrets
import time
import urllib.request
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

TOLERANCE = 300
ORDER: dict[str, Any] = {
    "id": "1001",
    "number": "1001",
    "currency": "EUR",
    "placed_at": "2026-11-20T10:00:00Z",
    "updated_at": "2026-11-20T10:00:00Z",
    "tax_included": True,
    "total": "50.00",
    "customer": {"id": "7", "email": "ana@example.com", "name": "Ana López"},
    "shipping_address": {
        "name": "Ana López",
        "street": "Calle Mayor 1",
        "postcode": "48001",
        "city": "Bilbao",
        "country": "ES",
    },
    "lines": [
        {
            "id": "1",
            "title": "Tee",
            "quantity": 2,
            "unit_price": "25.00",
            "total": "45.00",
            "tax": "7.81",
            "sku": "TEE-M",
            "fulfilled_quantity": 2,
            "discounts": [{"label": "HELLO", "amount": "5.00"}],
            "taxes": [{"title": "VAT", "rate": "0.21", "amount": "7.81"}],
        }
    ],
    "shipping": [{"title": "Standard", "total": "5.00", "tax": "0.87"}],
    "payments": [
        {"id": "p1", "kind": "card", "gateway": "card", "captured": "50.00", "refunded": "0.00"}
    ],
}


class Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def signature(secret: str, message_id: str, timestamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


class Shop:
    """One method for each type of call; `_` stands for the dot in it."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.orders = {ORDER["id"]: json.loads(json.dumps(ORDER))}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.webhooks: dict[str, dict[str, Any]] = {}
        self.lock = Lock()

    def answer(self, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        self.believe(headers, body)
        asked = json.loads(body)
        step = getattr(self, "call_" + str(asked["type"]).replace(".", "_"), None)
        if step is None:
            raise Refused(501, "not_offered")
        with self.lock:
            found: dict[str, Any] = step(asked["data"])
        return found

    def believe(self, headers: dict[str, str], body: bytes) -> None:
        """Constant time, and not older than five minutes."""
        message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        wanted = signature(self.secret, message_id, timestamp, body).encode()
        given = headers.get("webhook-signature", "").split(" ")
        is_young = timestamp.isdecimal() and abs(time.time() - int(timestamp)) <= TOLERANCE
        if not is_young or not any(hmac.compare_digest(wanted, each.encode()) for each in given):
            raise Refused(401, "unauthorized")

    def call_shop_get(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "name": "Casa Ana",
            "domain": "casa-ana.example",
            "currency": "EUR",
            "time_zone": "Europe/Madrid",
            "capabilities": ["orders", "changes", "refunds", "webhooks"],
        }

    def call_order_get(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"order": self.order(asked)}

    def call_orders_changed(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Few enough for one page; a bigger shop orders by change and id, and cuts."""
        since = datetime.fromisoformat(asked["since"])
        changed = [
            each
            for each in self.orders.values()
            if datetime.fromisoformat(each["updated_at"]) >= since
        ]
        return {"orders": changed, "cursor": ""}

    def call_refund_maximum(self, asked: dict[str, Any]) -> dict[str, Any]:
        order = self.order(asked)
        return {"amount": {"amount": cents_text(self.left(order)), "currency": order["currency"]}}

    def call_refund_create(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Once for each reference: a second call finds what the first has made."""
        order = self.order(asked)
        if asked["reference"] not in self.refunds:
            amount = cents(asked["amount"]["amount"])
            if not 0 < amount <= self.left(order):
                raise Refused(422, "above_maximum")
            # Here your payment provider gives the money back, with the reference as its key.
            self.refunds[asked["reference"]] = {
                "id": str(len(self.refunds) + 1),
                "amount": asked["amount"],
                "is_done": True,
            }
            payment = order["payments"][0]
            payment["refunded"] = cents_text(cents(payment["refunded"]) + amount)
            order["updated_at"] = datetime.now(UTC).isoformat()
            self.tell("refund.made", {"order_id": order["id"]})
        return {"refund": self.refunds[asked["reference"]]}

    def call_refund_find(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["reference"] not in self.refunds:
            raise Refused(404, "not_found")
        return {"refund": self.refunds[asked["reference"]]}

    def call_webhooks_register(self, asked: dict[str, Any]) -> dict[str, Any]:
        for topic in asked["topics"]:
            key = f"{topic} {asked['url']}"
            self.webhooks[key] = {"id": key, "topic": topic, "is_active": True, **asked}
            self.webhooks[key]["topic"] = topic
        return self.call_webhooks_list(asked)

    def call_webhooks_list(self, asked: dict[str, Any]) -> dict[str, Any]:
        shown = ("id", "topic", "url", "is_active")
        found = [each for each in self.webhooks.values() if each["url"] == asked["url"]]
        return {"webhooks": [{name: each[name] for name in shown} for each in found]}

    def call_webhooks_remove(self, asked: dict[str, Any]) -> dict[str, Any]:
        kept = {key: each for key, each in self.webhooks.items() if each["url"] != asked["url"]}
        self.webhooks = kept
        return {}

    def order(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["order_id"] not in self.orders:
            raise Refused(404, "not_found")
        found: dict[str, Any] = self.orders[asked["order_id"]]
        return found

    def left(self, order: dict[str, Any]) -> int:
        payment = order["payments"][0]
        return cents(payment["captured"]) - cents(payment["refunded"])

    def tell(self, kind: str, about: dict[str, Any]) -> None:
        """Queue it in a real shop, and send it again with the same id until it is a 2xx."""
        for each in self.webhooks.values():
            if each["topic"] == kind:
                send(each, kind, about)


def send(webhook: dict[str, Any], kind: str, about: dict[str, Any]) -> None:
    at = datetime.now(UTC)
    told = {"type": kind, "timestamp": at.isoformat(), "data": about}
    body, message_id = json.dumps(told).encode(), f"msg_{secrets.token_hex(16)}"
    stamp = str(int(at.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": signature(webhook["secret"], message_id, stamp, body),
    }
    request = urllib.request.Request(webhook["url"], body, headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        answer.read()


def cents(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(f"{part}00"[:2])


def cents_text(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


class Handler(BaseHTTPRequestHandler):
    shop: Shop

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            status, shown = 200, {"data": self.shop.answer(headers, body)}
        except Refused as refused:
            status, shown = refused.status, {"error": {"code": refused.code}}
        raw = json.dumps(shown).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--secret", required=True)
    asked = parser.parse_args()
    Handler.shop = Shop(asked.secret)
    server = ThreadingHTTPServer(("127.0.0.1", asked.port), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/reveni", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
