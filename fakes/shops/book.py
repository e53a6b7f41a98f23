"""Everything that one shop keeps: money as minor units of its currency, moments as seconds.

An order: `id number currency presentment_currency presentment_rate placed updated tax_included
total email name phone customer_id address{street street2 postcode city region country name phone}
lines[] shipping[{title total tax}] tenders[{id kind gateway captured}] discounts[] cancelled tags[]
notes[] status is_paid origin_id reference source`. A line: `id product_id variant_id sku title
quantity price discounts[{label amount}] total tax tax_rate fulfilled`.
"""

from typing import Any

from fakes.psp.refusals import Refusal
from fakes.shops.faults import LIVES
from fakes.shops.figures import Row
from fakes.shops.orders import new_order, with_changes
from fakes.shops.shelf import Shelf

LIVE = ("done", "pending")


class Book(Shelf):
    def seed_order(self, facts: Row) -> Row:
        """An order that a shopper has placed: no fault meets it, no stock is taken."""
        order = new_order(facts, self.now(), self.new_id())
        self.effect("order", "orders", order, reference=order["reference"], by="shopper")
        self.ground.tell(self.shop, "orders", order)
        return order

    def place_order(self, facts: Row, reference: str = "") -> Row:
        """Made through the API, with its stock taken; Refusal `out_of_stock`."""
        with self.lock:
            for line in facts["lines"]:
                self.check_stock(line["variant_id"], int(line["quantity"]))
            self.ground.faults.before("order")
            order = new_order({**facts, "reference": reference}, self.now(), self.new_id())
            for line in order["lines"]:
                self.take_stock(line["variant_id"], line["quantity"])
            self.effect("order", "orders", order, reference=reference, by="api")
        self.ground.tell(self.shop, "orders", order)
        return order

    def edit_order(self, order_id: str, changes: Row) -> Row:
        """`lines` by id with new quantities or prices; the allocations of discounts stay as they
        were, stale, as platforms leave them."""
        with self.lock:
            order = with_changes(self.get("orders", order_id), changes, self.now())
            self.effect("edit", "orders", order, by="admin")
        self.ground.tell(self.shop, "orders", order)
        return order

    def touch(self, order_id: str, **changes: Any) -> Row:
        with self.lock:
            order = {**self.get("orders", order_id), **changes, "updated": self.now()}
            self.keep("orders", order)
        self.ground.tell(self.shop, "orders", order)
        return order

    def note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> Row:
        order = self.get("orders", order_id)
        self.ground.faults.before("note")
        all_tags = [*order["tags"], *(tag for tag in tags if tag not in order["tags"])]
        notes = [*order["notes"], text] if text else order["notes"]
        self.effect("note", "notes", {"id": self.new_id(), "order_id": order_id, "text": text})
        return self.touch(order_id, notes=notes, tags=all_tags)

    def cancel(self, order_id: str, reason: str = "") -> Row:
        """Refusal `already_sent` once goods left; a cancelled one is given as it is."""
        order = self.get("orders", order_id)
        if order["cancelled"] is not None:
            return order
        if any(line["fulfilled"] for line in order["lines"]):
            raise Refusal(422, "refused", "Goods were sent", "already_sent")
        self.ground.faults.before("cancel")
        row = {**order, "cancelled": self.now(), "status": "cancelled", "cancel_reason": reason}
        self.effect("cancel", "orders", row, by="api")
        for line in order["lines"]:
            self.put_back(line["variant_id"], line["quantity"])
        return self.touch(order_id)

    def fulfil(self, order_id: str, facts: Row) -> Row:
        """A parcel leaves: `lines[{line_id quantity}]`, else all that is left."""
        order = self.get("orders", order_id)
        sent = facts.get("lines") or [
            {"line_id": line["id"], "quantity": line["quantity"] - line["fulfilled"]}
            for line in order["lines"]
        ]
        told = {"carrier": "", "tracking_number": "", "tracking_url": "", "status": "sent"}
        row = {
            "id": self.new_id(), "order_id": order_id, **told, "sent": self.now(),
            "delivered": None, **facts, "lines": sent,
        }  # fmt: skip
        self.effect("fulfilment", "fulfilments", row, by="admin")
        gone = {each["line_id"]: int(each["quantity"]) for each in sent}
        lines = [
            {**line, "fulfilled": line["fulfilled"] + gone.get(line["id"], 0)}
            for line in order["lines"]
        ]
        self.touch(order_id, lines=lines, status="completed")
        self.ground.tell(self.shop, "fulfilments", row)
        return row

    def captured(self, order_id: str, payment_id: str = "") -> int:
        """Of one tender, or of all of them."""
        tenders = self.get("orders", order_id)["tenders"]
        return sum(int(each["captured"]) for each in tenders if payment_id in ("", each["id"]))

    def refundable(self, order_id: str, payment_id: str = "") -> int:
        """What was captured and is not refunded yet."""
        rows = self.rows("refunds", order_id=order_id)
        gone = sum(
            row["amount"] for row in rows
            if row["status"] in LIVE and payment_id in ("", row["payment_id"])
        )  # fmt: skip
        return self.captured(order_id, payment_id) - int(gone)

    def refund(self, facts: Row, by: str = "api") -> Row:
        """`order_id payment_id amount reference lines[{line_id quantity}] note restock shipping`.

        Refusal `above_maximum`; whether a reference makes one refund or two is the platform's way.
        """
        with self.lock:
            order = self.get("orders", facts["order_id"])
            payment = facts.get("payment_id", "")
            if payment and payment not in {each["id"] for each in order["tenders"]}:
                raise Refusal(404, "not_found", f"No such payment: '{payment}'", "not_found")
            amount = int(facts["amount"])
            if not 0 < amount <= self.refundable(order["id"], payment):
                raise Refusal(422, "refused", "More than can be refunded", "above_maximum")
            self.ground.faults.before("refund")
            row = self._new_refund(order, facts, by)
            self.effect("refund", "refunds", row, reference=row["reference"], by=by)
            if row["restock"]:
                self._put_lines_back(order, row["lines"])
            self.touch(order["id"])
        self.ground.tell(self.shop, "refunds", row)
        return row

    def settle(self, refund_id: str, status: str) -> Row:
        """The shop's gateway ends a pending one: done or failed."""
        row = {**self.get("refunds", refund_id), "status": status}
        self.effect("settled", "refunds", row, reference=row["reference"], by="gateway")
        self.touch(row["order_id"])
        self.ground.tell(self.shop, "refunds", row)
        return row

    def _new_refund(self, order: Row, facts: Row, by: str) -> Row:
        life = self.ground.faults.take(LIVES, {})
        status = life.name.removeprefix("refund_") if life else "done"
        only = order["tenders"][0]["id"] if len(order["tenders"]) == 1 else ""
        return {
            "id": self.new_id(),
            "shipping": 0,
            "note": "",
            "reference": "",
            "restock": False,
            "lines": [],
            **facts,
            "payment_id": facts.get("payment_id") or only,
            "amount": int(facts["amount"]),
            "currency": order["currency"],
            "status": status,
            "at": self.now(),
            "by": by,
        }

    def _put_lines_back(self, order: Row, lines: list[Row]) -> None:
        variants = {line["id"]: line["variant_id"] for line in order["lines"]}
        for each in lines:
            self.put_back(variants[each["line_id"]], int(each["quantity"]))
