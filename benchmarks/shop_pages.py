"""`python -m benchmarks.shop_pages <orders> <size>`: a shop of the custom platform that makes every
page when it is asked for, and keeps none. Prints its port."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, override

PLACED = "2026-03-02T11:00:00Z"


def order(number: int) -> dict[str, Any]:
    """Three lines of 25.00 and 5.00 of postage, paid by one card."""
    return {
        "id": f"page-{number}",
        "number": f"#{number}",
        "currency": "EUR",
        "placed_at": PLACED,
        "updated_at": PLACED,
        "tax_included": True,
        "total": "80.00",
        "customer": {"id": "", "email": f"page-{number}@example.com", "name": "Ana López"},
        "shipping_address": {"name": "Ana López", "street": "Calle Mayor 1", "postcode": "48001",
                             "city": "Bilbao", "country": "ES"},
        "lines": [line(position) for position in range(3)],
        "shipping": [{"title": "Post", "total": "5.00", "tax": "0.87"}],
        "payments": [{"id": "pay", "kind": "card", "gateway": "card", "captured": "80.00",
                      "refunded": "0.00"}],
    }  # fmt: skip


def line(position: int) -> dict[str, Any]:
    return {
        "id": f"l{position}", "title": f"Linen shirt {position}", "quantity": 1,
        "sku": f"SKU-{position}", "product_id": "p1", "variant_id": f"v{position}",
        "unit_price": "25.00", "total": "25.00", "tax": "4.34", "fulfilled_quantity": 1,
        "discounts": [], "taxes": [{"title": "IVA", "rate": "0.21", "amount": "4.34"}],
    }  # fmt: skip


def page(first: int, size: int, count: int) -> dict[str, Any]:
    """The cursor is the number of the next order, empty after the last."""
    last = min(first + size, count)
    return {
        "orders": [order(number) for number in range(first, last)],
        "cursor": str(last) if last < count else "",
    }


class Shop(BaseHTTPRequestHandler):
    count, size = 0, 0

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["data"]
        body = json.dumps({"data": page(int(asked["cursor"] or 0), self.size, self.count)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Pages are counted by whoever reads them."""


if __name__ == "__main__":
    Shop.count, Shop.size = int(sys.argv[1]), int(sys.argv[2])
    server = HTTPServer(("127.0.0.1", 0), Shop)
    print(server.server_address[1], flush=True)
    server.serve_forever()
