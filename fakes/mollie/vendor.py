import json
import re

from fakes.psp.book import Book, Row
from fakes.psp.engine import Incoming
from fakes.psp.refusals import Refusal, missing
from fakes.refunds.vendor import Raw, cents, euros

REFUNDS = re.compile(r"/v2/payments/([^/]+)/refunds(?:/([^/]+))?")
STATUS = {"succeeded": "refunded", "pending": "pending", "failed": "failed"}


class Mollie:
    KEY_HEADER = "idempotency-key"

    def owner(self, raw: Raw) -> str:
        scheme, _, key = raw.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not key.startswith(("test_", "live_")):
            raise Refusal(401, "Unauthorized Request", "Missing authentication")
        return key

    def params(self, raw: Raw) -> Row:
        found = REFUNDS.fullmatch(raw.path)
        if raw.method != "POST" or found is None:
            return {}
        body = json.loads(raw.body)
        return {
            "source": found[1],
            "amount": cents(body["amount"]["value"]),
            "metadata": body.get("metadata") or {},
        }

    def shown(self, row: Row) -> Row:
        return {
            "resource": "refund",
            "id": row["id"],
            "paymentId": row["payment_intent"],
            "status": STATUS[row["status"]],
            "amount": {"value": euros(row["amount"]), "currency": row["currency"].upper()},
            "metadata": row["metadata"],
        }

    def other(self, call: Incoming, book: Book, rows: list[Row]) -> Row:
        if call.path == "/v2/profiles/me":
            return {"resource": "profile", "id": "pfl_fake"}
        found = REFUNDS.fullmatch(call.path)
        if found is None:
            raise missing("route", call.path)
        if found[2]:
            return self.shown(book.get(call.account, "refunds", "refund", found[2]))
        book.get(call.account, "payment_intents", "payment", found[1])
        mine = [row for row in reversed(rows) if row["payment_intent"] == found[1]]
        return {
            "count": len(mine),
            "_embedded": {"refunds": [self.shown(row) for row in mine]},
            "_links": {"next": None},
        }

    def refused(self, refusal: Refusal) -> Row:
        shown = {"status": refusal.status, "title": refusal.type, "detail": refusal.message}
        return {**shown, "field": refusal.param} if refusal.param else shown
