import base64
import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta

from fakes.psp.book import Book, Row
from fakes.psp.engine import Incoming
from fakes.psp.refusals import Refusal, missing
from fakes.refunds.reports import Line, Report
from fakes.refunds.vendor import Raw, cents, euros, query

REFUND = re.compile(r"/v2/payments/captures/([^/]+)/refund")
STATUS = {"succeeded": "COMPLETED", "pending": "PENDING", "failed": "FAILED"}
TOKEN = "A21AA."  # noqa: S105
EVENTS = {"charge": "T0006", "refund": "T1107", "mystery": "T9901"}
LATE = timedelta(hours=3)


class PayPal:
    KEY_HEADER = "paypal-request-id"
    REPORTS = "/v1/reporting/transactions"

    def owner(self, raw: Raw) -> str:
        """The client id, out of the token as out of the pair that fetches it."""
        scheme, _, given = raw.headers.get("authorization", "").partition(" ")
        if raw.path == "/v1/oauth2/token" and scheme == "Basic":
            client_id, _, secret = base64.b64decode(given).decode().partition(":")
            if secret != f"secret of {client_id}":
                raise Refusal(401, "invalid_client", "Client Authentication failed")
            return client_id
        if scheme != "Bearer" or not given.startswith(TOKEN):
            raise Refusal(401, "invalid_token", "Token signature verification failed")
        return given.removeprefix(TOKEN)

    def params(self, raw: Raw) -> Row:
        found = REFUND.fullmatch(raw.path)
        if raw.method != "POST" or found is None:
            return {}
        body = json.loads(raw.body)
        money = body.get("amount") or {}
        return {
            "source": found[1],
            "amount": cents(money["value"]) if money else None,
            "metadata": {"reference": body.get("custom_id", "")},
        }

    def shown(self, row: Row) -> Row:
        up = f"https://api-m.sandbox.paypal.com/v2/payments/captures/{row['payment_intent']}"
        shown = {
            "id": row["id"],
            "status": STATUS[row["status"]],
            "amount": {"value": euros(row["amount"]), "currency_code": row["currency"].upper()},
            "custom_id": row["metadata"].get("reference", ""),
            "links": [{"rel": "self", "href": ""}, {"rel": "up", "href": up}],
        }
        if row["status"] == "failed":
            shown["status_details"] = {"reason": row["failure_reason"].upper()}
        return shown

    def other(self, call: Incoming, book: Book, rows: list[Row]) -> Row:
        raw: Raw = call.params["raw"]
        if call.path == "/v1/oauth2/token":
            return {"access_token": TOKEN + self.owner(raw), "expires_in": 32_000}
        if call.path == "/v1/notifications/verify-webhook-signature":
            return {"verification_status": "SUCCESS" if is_signed(raw.body) else "FAILURE"}
        _, _, _, kind, id_ = call.path.split("/")
        if kind == "captures":
            book.get(call.account, "payment_intents", "capture", id_)
            return {"id": id_, "supplementary_data": {"related_ids": {"order_id": f"O-{id_}"}}}
        if kind == "orders":
            mine = [row for row in rows if f"O-{row['payment_intent']}" == id_]
            shown = [self.shown(row) for row in mine]
            return {"id": id_, "purchase_units": [{"payments": {"refunds": shown}}]}
        if kind == "refunds":
            return self.shown(book.get(call.account, "refunds", "refund", id_))
        raise missing("route", call.path)

    def report(self, call: Incoming, report: Report) -> Row:
        """A refund that was taken back is the same line, with another status."""
        asked = query(call)
        since, until = (datetime.fromisoformat(asked[f"{side}_date"]) for side in ("start", "end"))
        refreshed = report.now - (timedelta(days=20) if report.is_late else LATE)
        back = {line.refund: line for line in report.lines if line.kind == "refund_failure"}
        lines = [line for line in report.lines if line.kind != "refund_failure"]
        lines = [line for line in lines if since <= line.at <= until and line.at <= refreshed]
        page, size = int(asked["page"]), int(asked["page_size"])
        shown = lines[(page - 1) * size : page * size]
        return {
            "transaction_details": [_shown_line(line, back.get(line.refund)) for line in shown],
            "last_refreshed_datetime": f"{refreshed:%Y-%m-%dT%H:%M:%S+0000}",
            "page": page,
            "total_items": len(lines),
            "total_pages": -(-len(lines) // size),
        }

    def refused(self, refusal: Refusal) -> Row:
        if refusal.status == 401:
            return {"error": refusal.type, "error_description": refusal.message}
        issue = refusal.code.upper()
        if refusal.code == "charge_already_refunded":
            issue = "CAPTURE_FULLY_REFUNDED"
        elif refusal.param == "amount":
            issue = "REFUND_AMOUNT_EXCEEDED"
        name = "RESOURCE_NOT_FOUND" if refusal.status == 404 else "UNPROCESSABLE_ENTITY"
        return {"name": name, "message": refusal.message, "details": [{"issue": issue}]}


def _shown_line(line: Line, back: Line | None) -> Row:
    last = back or line
    info = {
        "transaction_id": line.refund,
        "transaction_event_code": EVENTS[line.kind],
        "transaction_initiation_date": f"{line.at:%Y-%m-%dT%H:%M:%S+0000}",
        "transaction_updated_date": f"{last.at:%Y-%m-%dT%H:%M:%S+0000}",
        "transaction_amount": {"currency_code": line.currency, "value": euros(line.amount)},
        "transaction_status": "V" if back else "S",
    }
    return {"transaction_info": info}


def is_signed(question: bytes) -> bool:
    """The event is taken as it stands in the question, not as it reads."""
    told = json.loads(question)
    event = question.partition(b'"webhook_event":')[2][:-1]
    wanted = signature(told["webhook_id"], told["transmission_id"], event)
    return hmac.compare_digest(wanted, told["transmission_sig"])


def signature(webhook_id: str, transmission_id: str, event: bytes) -> str:
    """Stands in for PayPal's RSA, which nobody but PayPal has to know."""
    text = f"{transmission_id}|".encode() + event
    return hmac.new(webhook_id.encode(), text, hashlib.sha256).hexdigest()
