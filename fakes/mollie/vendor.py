import json
import re

from fakes.psp.book import Book, Row
from fakes.psp.engine import Incoming
from fakes.psp.refusals import Refusal, missing
from fakes.refunds.reports import Line, Report
from fakes.refunds.vendor import Raw, cents, euros, query

REFUNDS = re.compile(r"/v2/payments/([^/]+)/refunds(?:/([^/]+))?")
TRANSACTIONS = "/v2/balances/bal_fake/transactions"
TOKEN = "access_"  # noqa: S105
KINDS = {"charge": "payment", "refund": "refund", "refund_failure": "returned-refund"}
STATUS = {"succeeded": "refunded", "pending": "pending", "failed": "failed"}


class Mollie:
    KEY_HEADER = "idempotency-key"
    REPORTS = "/v2/balances"

    def owner(self, raw: Raw) -> str:
        """A token of the organization is that of its profile here, and opens the balances only."""
        scheme, _, key = raw.headers.get("authorization", "").partition(" ")
        if raw.path.startswith(self.REPORTS) != key.startswith(TOKEN):
            raise Refusal(403, "Forbidden", "The token lacks a scope")
        key = key.removeprefix(TOKEN)
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

    def report(self, call: Incoming, report: Report) -> Row:
        """One balance, newest first. It is read as it stands: late is out of order here."""
        if report.is_late:
            raise Refusal(503, "Service Unavailable", "Try again later")
        if call.path == self.REPORTS:
            found: list[Row] = [{"resource": "balance", "id": "bal_fake", "currency": "EUR"}]
            return {"count": 1, "_embedded": {"balances": found}, "_links": {"next": None}}
        asked = query(call)
        rows = [_shown_line(line) for line in reversed(report.lines)]
        ids = [row["id"] for row in rows]
        rows = rows[ids.index(asked["from"]) if "from" in asked else 0 :]
        size = int(asked["limit"])
        following = {"href": f"{TRANSACTIONS}?from={rows[size]['id']}"} if rows[size:] else None
        return {
            "count": len(rows[:size]),
            "_embedded": {"balance_transactions": rows[:size]},
            "_links": {"next": following},
        }

    def refused(self, refusal: Refusal) -> Row:
        shown = {"status": refusal.status, "title": refusal.type, "detail": refusal.message}
        return {**shown, "field": refusal.param} if refusal.param else shown


def _shown_line(line: Line) -> Row:
    """The fee of a refund is 0.25."""
    context = {"paymentId": line.payment, "refundId": line.refund}
    kind = KINDS.get(line.kind, line.kind)
    net = line.amount - 25 if isinstance(line.amount, int) else line.amount
    return {
        "resource": "balance-transaction",
        "id": line.id.replace("txn", "baltr"),
        "type": kind,
        "initialAmount": {"value": euros(line.amount), "currency": line.currency},
        "deductions": {"value": "-0.25", "currency": line.currency},
        "resultAmount": {"value": euros(net), "currency": line.currency},
        "createdAt": line.at.isoformat(),
        "context": {kind: context} if line.kind == "refund_failure" else context,
    }
