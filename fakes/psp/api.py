"""The calls of `/v1/`, each a function of the account, the parameters and what goes wrong."""

from dataclasses import dataclass, field
from typing import Any

from fakes.psp.book import Book, Cause, Row
from fakes.psp.modes import Mode
from fakes.psp.refusals import Refusal, invalid, missing
from fakes.psp.reporting import bent
from fakes.psp.till import Till

MOST = 100


@dataclass(frozen=True)
class Request:
    cause: Cause
    method: str
    path: str
    params: dict[str, Any]
    life: Mode | None = None
    is_empty: bool = False
    report: Mode | None = None
    # Kinds and objects of the events that the call gives rise to, beside those of refunds.
    told: list[tuple[str, Row]] = field(default_factory=list)

    @property
    def account(self) -> str:
        return self.cause.account


class Api:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.till = Till(book)

    def answer(self, request: Request) -> Row:
        """Raises Refusal; an unknown route is Stripe's 404."""
        _, _, table, *rest = request.path.replace("/checkout/", "/").split("/")
        doing = f"_{rest.pop()}" if len(rest) == 2 else ""
        step = getattr(self, f"{request.method.lower()}_{table}{doing}", None)
        if step is None or len(rest) > 1:
            message = f"Unrecognized request URL ({request.method}: {request.path})."
            raise Refusal(404, "invalid_request_error", message)
        found: Row = step(request, *rest)
        return found

    def get_account(self, request: Request) -> Row:
        return {"id": request.account, "object": "account", "default_currency": "eur"}

    def post_refunds(self, request: Request, id: str = "") -> Row:  # noqa: A002
        if id:
            raise missing("refund", id)
        params = request.params
        intent = self._paid_by(request)
        amount = params.get("amount")
        if amount is not None and not str(amount).isdecimal():
            raise invalid(f"Invalid integer: {amount}", param="amount")
        facts = {
            "amount": None if amount is None else int(amount),
            "metadata": params.get("metadata") or {},
            "reason": params.get("reason"),
            "status": "pending" if request.life and request.life.name == "pending" else "succeeded",
        }
        return self.book.refund(request.cause, intent, facts)

    def get_refunds(self, request: Request, id: str = "") -> Row:  # noqa: A002
        if id:
            return self.book.get(request.account, "refunds", "refund", id)
        rows = [] if request.is_empty else self._rows(request, "refunds")
        for name in ("charge", "payment_intent"):
            if wanted := request.params.get(name):
                rows = [row for row in rows if row[name] == wanted]
        return _page(request, rows)

    def post_payment_intents(self, request: Request, id: str = "") -> Row:  # noqa: A002
        """Confirmed and captured at once; of a saved card, what the mode says of it."""
        if id:
            raise missing("payment_intent", id)
        params = request.params
        if "payment_method" in params:
            return self.till.charge(request.cause, params, request.life, request.told)
        if not str(params.get("amount", "")).isdecimal() or not params.get("currency"):
            raise invalid("Missing required param: amount or currency.", param="amount")
        return self.capture(request.account, params)

    def capture(self, account: str, facts: dict[str, Any]) -> Row:
        amount = int(facts["amount"])
        return self.book.capture(
            account,
            {
                "id": facts.get("id") or self.book.new_id("pi"),
                "object": "payment_intent",
                "amount": amount,
                "amount_received": int(facts.get("captured", amount)),
                "currency": facts["currency"].lower(),
                "created": self.book.clock.seconds(),
                "latest_charge": facts.get("charge") or self.book.new_id("ch"),
                "metadata": facts.get("metadata") or {},
                "status": "succeeded",
            },
        )

    def get_payment_intents(self, request: Request, id: str = "") -> Row:  # noqa: A002
        if id:
            return self.book.get(request.account, "payment_intents", "payment_intent", id)
        rows = [] if request.is_empty else self._rows(request, "payment_intents")
        if wanted := request.params.get("customer"):
            rows = [row for row in rows if row.get("customer") == wanted]
        return _page(request, rows)

    def post_customers(self, request: Request) -> Row:
        return self.till.open_customer(request.account, request.params)

    def get_payment_methods(self, request: Request, id: str) -> Row:  # noqa: A002
        return self.book.get(request.account, "payment_methods", "PaymentMethod", id)

    def post_payment_methods_detach(self, request: Request, id: str) -> Row:  # noqa: A002
        return self.till.detach(request.account, id)

    def get_setup_intents(self, request: Request, id: str) -> Row:  # noqa: A002
        return self.book.get(request.account, "setup_intents", "setupintent", id)

    def get_disputes(self, request: Request, id: str) -> Row:  # noqa: A002
        return self.book.get(request.account, "disputes", "dispute", id)

    def post_sessions(self, request: Request) -> Row:
        return self.till.open_session(request.account, request.params)

    def get_sessions(self, request: Request, id: str) -> Row:  # noqa: A002
        return self.till.session(request.account, id)

    def post_sessions_expire(self, request: Request, id: str) -> Row:  # noqa: A002
        return self.till.expire(request.account, id, request.told)

    def get_charges(self, request: Request, id: str = "") -> Row:  # noqa: A002
        intent = self.book.intent_of(request.account, id)
        refunded = intent["amount_received"] - self.book.left(request.account, intent)
        return {
            "id": id,
            "object": "charge",
            "amount": intent["amount"],
            "amount_captured": intent["amount_received"],
            "amount_refunded": refunded,
            "refunded": refunded == intent["amount_received"],
            "currency": intent["currency"],
            "created": intent["created"],
            "payment_intent": intent["id"],
            "status": "succeeded",
        }

    def get_balance_transactions(self, request: Request, id: str = "") -> Row:  # noqa: A002
        if id:
            kind = "balance_transaction"
            return self.book.get(request.account, "transactions", kind, id)
        rows = bent(self._rows(request, "transactions"), request.report)
        for name in ("type", "source", "currency"):
            if wanted := request.params.get(name):
                rows = [row for row in rows if row[name] == wanted]
        return _page(request, rows)

    def get_balance(self, request: Request) -> Row:
        sums: dict[str, int] = {}
        for row in self._rows(request, "transactions"):
            sums[row["currency"]] = sums.get(row["currency"], 0) + row["amount"]
        available = [{"currency": name, "amount": each} for name, each in sorted(sums.items())]
        return {"object": "balance", "available": available, "pending": [], "livemode": False}

    def get_events(self, request: Request, id: str = "") -> Row:  # noqa: A002
        if id:
            return self.book.get(request.account, "events", "event", id)
        types = request.params.get("types") or []
        rows = self._rows(request, "events")
        return _page(request, [row for row in rows if not types or row["type"] in types])

    def _paid_by(self, request: Request) -> Row:
        if intent := request.params.get("payment_intent"):
            return self.book.get(request.account, "payment_intents", "payment_intent", intent)
        if charge := request.params.get("charge"):
            return self.book.intent_of(request.account, charge)
        raise invalid("One of the following params should be provided: payment_intent or charge.")

    def _rows(self, request: Request, table: str) -> list[Row]:
        """Newest first, within `created`."""
        with self.book.lock:
            rows = list(getattr(self.book.tables(request.account), table).values())
        span = request.params.get("created") or {}
        since, until = int(span.get("gte", 0)), int(span.get("lt", 2**62))
        since = max(since, int(span.get("gt", -1)) + 1)
        until = min(until, int(span.get("lte", 2**62)) + 1)
        return [row for row in reversed(rows) if since <= row["created"] < until]


def _page(request: Request, rows: list[Row]) -> Row:
    params = request.params
    limit = min(int(params.get("limit", 10)), MOST)
    ids = [row["id"] for row in rows]
    if after := params.get("starting_after"):
        if after not in ids:
            raise missing("object", after)
        rows = rows[ids.index(after) + 1 :]
    if before := params.get("ending_before"):
        if before not in ids:
            raise missing("object", before)
        rows = rows[: ids.index(before)][-limit:]
    return {
        "object": "list",
        "url": request.path,
        "data": rows[:limit],
        "has_more": len(rows) > limit,
    }
