import base64
import csv
import io
import json
import re
from datetime import datetime, timedelta, timezone

from fakes.psp.book import Book, Row
from fakes.psp.engine import Incoming
from fakes.psp.refusals import Refusal, missing
from fakes.refunds.reports import Line, Report
from fakes.refunds.vendor import Raw, euros

REFUND = re.compile(r"/v72/payments/([^/]+)/refunds")
LONGEST_KEY = 64
FILE = re.compile(
    r"/reports/download/MerchantAccount/\w+/payments_accounting_report_(\d{4}_\d\d_\d\d)\.csv"
)
CET = timezone(timedelta(hours=1))
READY = timedelta(hours=28)
COLUMNS = (
    "Company Account", "Merchant Account", "Psp Reference", "Merchant Reference", "Payment Method",
    "Booking Date", "TimeZone", "Main Currency", "Main Amount", "Record Type", "Payment Currency",
    "Captured (PC)", "Modification Psp Reference", "Modification Merchant Reference",
)  # fmt: skip
# A sale in two steps; what comes back stands in no register of captures.
KINDS = {
    "charge": ("SentForSettle", "Settled"),
    "refund": ("SentForRefund", "Refunded"),
    "refund_failure": ("RefundedReversed",),
    "mystery": ("Bewildered",),
}


class Adyen:
    KEY_HEADER = "idempotency-key"
    REPORTS = "/reports/download/"

    def owner(self, raw: Raw) -> str:
        """The password of the user for reports is `report of` and the key of the account."""
        key = raw.headers.get("x-api-key", "")
        if raw.path.startswith(self.REPORTS):
            scheme, _, given = raw.headers.get("authorization", "").partition(" ")
            key = base64.b64decode(given).decode().partition(":report of ")[2] if scheme else ""
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

    def report(self, call: Incoming, report: Report) -> str:
        """A day of the account's time zone, from four in the morning of the next day."""
        found = FILE.fullmatch(call.path)
        day = datetime.strptime(found[1], "%Y_%m_%d").replace(tzinfo=CET) if found else None
        if day is None or report.is_late or report.now < day + READY:
            raise missing("report", call.path)
        of_day = [line for line in report.lines if day <= line.at < day + timedelta(days=1)]
        out = io.StringIO()
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(COLUMNS)
        for line in of_day:
            for kind in KINDS[line.kind]:
                rows.writerow(_cells(line, kind))
        return out.getvalue()

    def refused(self, refusal: Refusal) -> Row:
        code = "704" if refusal.code == "idempotency_key_in_use" else refusal.code
        code = "167" if refusal.status == 404 else code or "137"
        return {
            "status": refusal.status,
            "errorCode": code,
            "message": refusal.message,
            "errorType": "validation",
        }


def _cells(line: Line, kind: str) -> list[str]:
    """A refund is booked out of what was captured, then home into it from the other register."""
    amount = euros(line.amount)
    captured = amount.lstrip("-") if kind == "Refunded" else amount
    is_refund = kind not in ("SentForSettle", "Settled")
    return [
        *("Company", "ShopECOM", line.payment or line.refund, "order", "mc"),
        *(f"{line.at.astimezone(CET):%Y-%m-%d %H:%M:%S}", "CET", line.currency, amount, kind),
        *(line.currency, "" if kind == "RefundedReversed" else captured),
        *((line.refund, line.reference) if is_refund else ("", "")),
    ]
