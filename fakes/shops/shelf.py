"""Stock, credit, returns and webhooks of one shop."""

from typing import Any

from fakes.psp.refusals import Refusal
from fakes.shops.figures import Row
from fakes.shops.tables import Tables


class Shelf(Tables):
    def seed_variant(self, facts: Row) -> Row:
        """`available` None: the shop does not count it."""
        row = {
            "id": "v1", "product_id": "p1", "title": "Tee / M", "price": 2500, "currency": "EUR",
            "sku": "TEE-M", "available": 10, "inventory_id": f"i-{facts.get('id', 'v1')}", **facts,
        }  # fmt: skip
        return self.keep("variants", row)

    def check_stock(self, variant_id: str, quantity: int) -> None:
        """A variant that nobody seeded is not counted."""
        row = self.tables.get("variants", {}).get(variant_id)
        if row and row["available"] is not None and row["available"] < quantity:
            raise Refusal(422, "refused", "Out of stock", "out_of_stock")

    def take_stock(self, variant_id: str, quantity: int) -> None:
        self.check_stock(variant_id, quantity)
        self._shift(variant_id, -quantity)

    def put_back(self, variant_id: str, quantity: int) -> None:
        self._shift(variant_id, quantity)

    def move_stock(self, variant_id: str, delta: int, reference: str = "") -> Row:
        """Asked for through the API: Refusal `out_of_stock` below zero."""
        with self.lock:
            self.get("variants", variant_id)
            if delta < 0:
                self.check_stock(variant_id, -delta)
            self.ground.faults.before("stock")
            row = {"id": self.new_id(), "variant_id": variant_id, "delta": delta,
                   "reference": reference}  # fmt: skip
            self.effect("stock", "moves", row, reference=reference)
            self._shift(variant_id, delta)
            return row

    def set_stock(self, variant_id: str, available: int, reference: str = "") -> Row:
        """For platforms that write the figure itself."""
        now = self.get("variants", variant_id)["available"] or 0
        return self.move_stock(variant_id, available - now, reference)

    def give_credit(self, facts: Row) -> Row:
        """`amount currency customer_id email reference code expires`."""
        self.ground.faults.before("credit")
        row = {
            "id": self.new_id(), "code": "", "reference": "", "customer_id": "", "email": "",
            "expires": None, "is_void": False, **facts,
        }  # fmt: skip
        row["balance"] = row["amount"]
        return self.effect("credit", "credits", row, reference=row["reference"])

    def spend_credit(self, credit_id: str, amount: int) -> Row:
        row = self.get("credits", credit_id)
        return self.effect("spent", "credits", {**row, "balance": row["balance"] - amount})

    def void_credit(self, credit_id: str) -> Row:
        """Refusal `credit_used` where some is gone; a void one is given as it is."""
        row = self.get("credits", credit_id)
        if row["is_void"]:
            return row
        if row["balance"] != row["amount"]:
            raise Refusal(422, "refused", "Some of it is spent", "credit_used")
        self.ground.faults.before("credit")
        return self.effect("void", "credits", {**row, "is_void": True, "balance": 0})

    def open_return(self, facts: Row, status: str = "open") -> Row:
        """`order_id lines[{line_id quantity reason}] reference note`."""
        self.get("orders", facts["order_id"])
        self.ground.faults.before("return")
        row = {"id": self.new_id(), "note": "", "reference": "", **facts, "status": status}
        self.effect("return", "returns", row, reference=row["reference"])
        self.ground.tell(self.shop, "returns", row)
        return row

    def turn_return(self, return_id: str, status: str, **facts: Any) -> Row:
        """Requested, open, declined, closed or cancelled; also "in the shop's admin"."""
        row = self.get("returns", return_id)
        if row["status"] == status:
            return row
        self.ground.faults.before("return")
        row = {**row, "status": status, **facts}
        self.effect("return_turned", "returns", row, reference=row["reference"])
        self.ground.tell(self.shop, "returns", row)
        return row

    def subscribe(self, facts: Row) -> Row:
        """`topic` in the platform's words, `url`, `secret`; one that is there is not looked for."""
        self.ground.faults.before("webhook")
        row = {"id": self.new_id(), "secret": "", "is_active": True, **facts}
        return self.effect("webhook", "webhooks", row)

    def change_webhook(self, webhook_id: str, **changes: Any) -> Row:
        return self.effect("webhook_changed", "webhooks",
                           {**self.get("webhooks", webhook_id), **changes})  # fmt: skip

    def unsubscribe(self, webhook_id: str) -> None:
        row = self.get("webhooks", webhook_id)
        self.effect("webhook_removed", "webhooks", {**row, "is_active": False, "is_gone": True})

    def webhooks(self) -> list[Row]:
        return [row for row in self.rows("webhooks") if not row.get("is_gone")]

    def _shift(self, variant_id: str, delta: int) -> None:
        row = self.tables.get("variants", {}).get(variant_id)
        if row and row["available"] is not None:
            self.keep("variants", {**row, "available": row["available"] + delta})
