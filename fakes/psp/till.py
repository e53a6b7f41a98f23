"""Money in: Checkout pages, saved cards, charges without the shopper, disputes."""

from typing import Any

from fakes.psp.book import Book, Cause, Row
from fakes.psp.modes import Mode
from fakes.psp.refusals import Refusal, invalid, missing

type Told = list[tuple[str, Row]]

DAY = 86_400
PAGE = "https://checkout.psp.example/c/pay"
CARD = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2030}


class Till:
    def __init__(self, book: Book) -> None:
        self.book = book

    def open_customer(self, account: str, params: Row) -> Row:
        row = self._row("cus", "customer", params)
        return self.book.keep(account, "customers", {**row, "email": params.get("email")})

    def open_session(self, account: str, params: Row) -> Row:
        """Raises Refusal where a page could not say what is to be paid."""
        is_payment = params.get("mode") == "payment"
        price = (params.get("line_items") or [{}])[0].get("price_data") or {}
        if is_payment and not str(price.get("unit_amount", "")).isdecimal():
            raise invalid("Missing required param: line_items.", param="line_items")
        row = self._row("cs_test", "checkout.session", params)
        expires_at = int(params.get("expires_at") or self.book.clock.seconds() + DAY)
        row |= {
            "mode": params.get("mode"),
            "status": "open",
            "payment_status": "unpaid" if is_payment else "no_payment_required",
            "url": f"{PAGE}/{row['id']}",
            "expires_at": expires_at,
            "amount_total": int(price["unit_amount"]) if is_payment else None,
            "currency": str(price.get("currency") or params.get("currency", "eur")),
            "customer": params.get("customer"),
            "payment_intent": None,
            "setup_intent": None,
            "payment_intent_data": params.get("payment_intent_data") or {},
        }
        return self.book.keep(account, "sessions", row)

    def session(self, account: str, id: str) -> Row:  # noqa: A002
        row = self.book.get(account, "sessions", "checkout.session", id)
        if row["status"] == "open" and row["expires_at"] <= self.book.clock.seconds():
            row = self._closed(account, row, status="expired")
        return row

    def expire(self, account: str, id: str, told: Told) -> Row:  # noqa: A002
        row = self.session(account, id)
        if row["status"] == "complete":
            raise invalid("Only Checkout Sessions with a status in [open] can be expired.")
        row = self._closed(account, row, status="expired")
        told.append(("checkout.session.expired", row))
        return row

    def pay(self, account: str, asked: Row, told: Told) -> Row:
        """The shopper pays, or saves a card where the session is for that."""
        row = self.session(account, asked["id"])
        if row["status"] != "open":
            raise invalid("This page is not open any more.")
        if row["mode"] == "setup":
            intent = self._set_up(account, row)
            told.append(("setup_intent.succeeded", intent))
            row = self._closed(account, row, status="complete", setup_intent=intent["id"])
        else:
            data = row["payment_intent_data"]
            intent = self._taken(account, row["amount_total"], row["currency"], data)
            told.append(("payment_intent.succeeded", intent))
            paid = {"payment_status": "paid", "payment_intent": intent["id"]}
            row = self._closed(account, row, status="complete", **paid)
        told.append(("checkout.session.completed", row))
        return row

    def charge(self, cause: Cause, params: Row, life: Mode | None, told: Told) -> Row:
        """Without the shopper. Raises the 402 of Stripe, and keeps the intent that took nothing."""
        account, method = cause.account, params["payment_method"]
        card = self.book.get(account, "payment_methods", "PaymentMethod", method)
        if card["customer"] != params.get("customer"):
            raise missing("PaymentMethod", method)
        name = life.name if life else ""
        facts = {**params, "customer": card["customer"]}
        amount, currency = int(params["amount"]), params["currency"]
        if name == "late_success":
            row = self._intent(amount, currency, facts, status="processing")
            return self.book.keep(account, "payment_intents", row)
        if life is not None and name in ("authentication_required", "decline"):
            row = self._intent(amount, currency, facts, status="requires_payment_method")
            error = _decline(life)
            row["last_payment_error"] = error
            self.book.keep(account, "payment_intents", row)
            told.append(("payment_intent.payment_failed", row))
            facts = {"decline_code": error["decline_code"], "payment_intent": row}
            message = "Your card was declined."
            raise Refusal(402, "card_error", message, error["code"], kept=True, facts=facts)
        row = self._taken(account, amount, currency, facts)
        told.append(("payment_intent.succeeded", row))
        return row

    def turn_intent(self, account: str, asked: Row, told: Told) -> Row:
        row = self.book.get(account, "payment_intents", "payment_intent", asked["id"])
        if asked["status"] == "succeeded":
            row = self.book.capture(
                account, {**row, "status": "succeeded", "amount_received": row["amount"]}
            )
            told.append(("payment_intent.succeeded", row))
            return row
        error = {"code": "card_declined", "decline_code": "insufficient_funds"}
        row = {**row, "status": asked["status"], "last_payment_error": error}
        told.append(("payment_intent.payment_failed", row))
        return self.book.keep(account, "payment_intents", row)

    def dispute(self, account: str, asked: Row, told: Told) -> Row:
        """The bank takes the sum back at once."""
        intent = self.book.get(account, "payment_intents", "payment_intent", asked["intent"])
        row = self._row("dp", "dispute", {}) | {
            "amount": asked["amount"],
            "currency": intent["currency"],
            "charge": intent["latest_charge"],
            "payment_intent": intent["id"],
            "status": "needs_response",
        }
        self.book.adjust(account, -asked["amount"], intent["latest_charge"])
        told.append(("charge.dispute.created", row))
        return self.book.keep(account, "disputes", row)

    def close_dispute(self, account: str, asked: Row, told: Told) -> Row:
        row = {**self.book.get(account, "disputes", "dispute", asked["id"])}
        row["status"] = asked["status"]
        if asked["status"] == "won":
            self.book.adjust(account, row["amount"], row["charge"])
        told.append(("charge.dispute.closed", row))
        return self.book.keep(account, "disputes", row)

    def detach(self, account: str, method: str) -> Row:
        card = self.book.get(account, "payment_methods", "PaymentMethod", method)
        if card["customer"] is None:
            raise invalid("The payment method you provided is not attached to a customer.")
        return self.book.keep(account, "payment_methods", {**card, "customer": None})

    def _set_up(self, account: str, session: Row) -> Row:
        card = self._row("pm", "payment_method", {}) | {
            "type": "card",
            "card": CARD,
            "customer": session["customer"],
        }
        self.book.keep(account, "payment_methods", card)
        intent = self._row("seti", "setup_intent", session) | {
            "status": "succeeded",
            "usage": "off_session",
            "customer": session["customer"],
            "payment_method": card["id"],
        }
        return self.book.keep(account, "setup_intents", intent)

    def _taken(self, account: str, amount: int, currency: str, facts: Row) -> Row:
        return self.book.capture(account, self._intent(amount, currency, facts, "succeeded"))

    def _intent(self, amount: int, currency: str, facts: Row, status: str) -> Row:
        return self._row("pi", "payment_intent", facts) | {
            "amount": amount,
            "amount_received": amount if status == "succeeded" else 0,
            "currency": currency.lower(),
            "customer": facts.get("customer"),
            "payment_method": facts.get("payment_method"),
            "latest_charge": self.book.new_id("ch"),
            "last_payment_error": None,
            "status": status,
        }

    def _closed(self, account: str, row: Row, **facts: Any) -> Row:
        return self.book.keep(account, "sessions", {**row, "url": None, **facts})

    def _row(self, prefix: str, kind: str, facts: Row) -> Row:
        return {
            "id": self.book.new_id(prefix),
            "object": kind,
            "created": self.book.clock.seconds(),
            "metadata": facts.get("metadata") or {},
            "livemode": False,
        }


def _decline(life: Mode) -> dict[str, str]:
    if life.name == "authentication_required":
        return {"code": "authentication_required", "decline_code": "authentication_required"}
    code = str(life.facts.get("decline_code", "insufficient_funds"))
    return {"code": "card_declined", "decline_code": code}
