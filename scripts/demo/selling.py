"""The shop's own side: its process, what was sold there, and what its desk says of the money."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.shops.control import FakeShop, running
from fakes.shops.figures import Row
from scripts.demo.kinds import Kind

FOLDER = Path(".demo")
TEE, CAP = "101", "102"
# Sixty caps at 12.10, of one of which the shop has given 4.00 back.
SOLD, SOLD_FOR, GIVEN_BACK = 60, "726.00", "4.00"
# Where the shop knows of no refunds, nothing was.
NOTHING = "0.00"


@contextmanager
def open_shop(kind: Kind) -> Iterator[FakeShop]:
    """A process of its own on the port that local settings know; it ends with the block."""
    kind.prepare()
    FOLDER.mkdir(exist_ok=True)
    log = FOLDER / f"{kind.fake}.log"
    log.unlink(missing_ok=True)
    port = int(os.environ.get("SANDBOX_SHOP_PORT", "8009"))
    with running(kind.fake, log, port) as fake:
        if not fake.address:
            raise SystemExit(f"{kind.fake} did not start on port {port}: is another demo running?")
        fake.hooks_via(f"127.0.0.1:{os.environ['PORT']}")
        kind.ready(fake)
        yield fake


@dataclass(frozen=True, slots=True)
class Seller:
    """Somebody in the shop's own admin; amounts are minor units, as the fake keeps them."""

    fake: FakeShop
    kind: Kind

    def open_shelves(self) -> None:
        """Ten of each."""
        self.fake.variant(id=TEE, product_id="11", title="Tee / M", sku="TEE-M", price=2420)
        self.fake.variant(id=CAP, product_id="12", title="Cap / One size", sku="CAP", price=1210)

    def sell_history(self) -> None:
        cap = {**_CAP, "tax": 210}
        first, *_ = [self.fake.order(cap) for _ in range(SOLD)]
        if self.kind.tells_refunds:
            self.fake.refund(first["id"], 400)

    def sell(self) -> Row:
        """2 tees at 24.20 and a cap at 12.10, all with 10 % off, and 4.84 for shipping: 59.29.

        21 % VAT is in them, so that each part is the same in cents with it and without."""
        tees = {
            "variant_id": TEE, "product_id": "11", "sku": "TEE-M", "title": "Tee", "price": 2420,
            "quantity": 2, "tax": 756, "discounts": [{"label": "SUMMER10", "amount": 484}],
        }  # fmt: skip
        cap = {**_CAP, "tax": 189, "discounts": [{"label": "SUMMER10", "amount": 121}]}
        tail = str(time.time_ns())[-10:]
        order = self.fake.order(
            tees,
            cap,
            shipping=[{"title": "Correos", "total": 484, "tax": 84}],
            name="Marta Ibáñez",
            email=f"marta.{tail}@shopper.example",
        )
        return {**order, "number": self.kind.number(order)}

    def goodwill(self, order: Row) -> Row:
        """10.00 more, which nobody told us of beforehand."""
        return self.fake.refund(order["id"], 1000, note="Goodwill")

    def by_hand(self, order: Row, amount: str) -> Row:
        """What the shop's platform has no call for, its staff do themselves."""
        return self.fake.refund(order["id"], int(amount.replace(".", "")), note="By hand")

    def refunds(self, order: Row) -> list[Row]:
        rows = self.fake.rows("refunds")
        return [row for row in rows if row["order_id"] == order["id"] and row["status"] == "done"]

    def given_back(self, order: Row) -> str:
        return euros(sum(row["amount"] for row in self.refunds(order)))

    def totals(self) -> tuple[str, str]:
        """Of all orders: what they cost, and what was given back of it."""
        sold = sum(row["total"] for row in self.fake.rows("orders"))
        back = sum(row["amount"] for row in self.fake.rows("refunds") if row["status"] == "done")
        return euros(sold), euros(back)


_CAP: Row = {
    "variant_id": CAP, "product_id": "12", "sku": "CAP", "title": "Cap", "price": 1210,
    "quantity": 1,
}  # fmt: skip


def euros(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"
