import json
import re

from fakes.psp.book import Book, Row
from fakes.psp.engine import Incoming
from fakes.psp.refusals import Refusal, missing
from fakes.refunds.vendor import Raw

REFUND = re.compile(r"/v72/payments/([^/]+)/refunds")
LONGEST_KEY = 64


class Adyen:
    KEY_HEADER = "idempotency-key"

    def owner(self, raw: Raw) -> str:
        key = raw.headers.get("x-api-key", "")
        if not key.startswith("AQE"):
            raise Refusal(401, "security", "HTTP Status Response - Unauthorized", code="000")
        if len(raw.headers.get(self.KEY_HEADER, "")) > LONGEST_KEY:
            raise Refusal(422, "validation", "Idempotency key too long", code="703")
        return key

    def params(self, raw: Raw) -> Row:
        found = REFUND.fullmatch(raw.path)
        if raw.method != "POST" or found is None:
            return {}
        body = json.loads(raw.body)
        return {
            "source": found[1],
            "amount": body["amount"]["value"],
            "metadata": {"reference": body["reference"]},
        }

    def shown(self, row: Row) -> Row:
        return {
            "status": "received",
            "pspReference": row["id"],
            "paymentPspReference": row["payment_intent"],
            "reference": row["metadata"]["reference"],
            "amount": {"value": row["amount"], "currency": row["currency"].upper()},
        }

    def other(self, call: Incoming, book: Book, rows: list[Row]) -> Row:
        if call.path == "/v72/paymentMethods":
            return {"paymentMethods": []}
        raise missing("route", call.path)

    def refused(self, refusal: Refusal) -> Row:
        code = "704" if refusal.code == "idempotency_key_in_use" else refusal.code
        code = "167" if refusal.status == 404 else code or "137"
        return {
            "status": refusal.status,
            "errorCode": code,
            "message": refusal.message,
            "errorType": "validation",
        }
