"""One store in the merchant's dashboard: its connection, its readings, its orders."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scripts.demo.client import Json, new_key
from scripts.demo.merchant import Staff
from scripts.demo.telling import wait_for

ENDED = ("done", "failed", "stopped")


@dataclass(frozen=True, slots=True)
class Store:
    owner: Staff
    slug: str

    def connect(self, platform: str, domain: str, grant: Mapping[str, str]) -> Json:
        body = {"platform": platform, "domain": domain, "grant": dict(grant)}
        return self.owner.desk.post(f"{self._path}/connection", body, key=new_key())

    def connection(self) -> Json:
        return self.owner.desk.get(f"{self._path}/connection")

    def disconnect(self) -> None:
        self.owner.desk.call("DELETE", f"{self._path}/connection")

    def readings(self) -> list[Json]:
        """Newest first."""
        found: list[Json] = self.owner.desk.get(f"{self._path}/syncs")["data"]
        return found

    def read_changes(self) -> Json:
        """For shops that tell nobody: asked now, and not only in a quarter of an hour."""
        begun = self.owner.desk.post(f"{self._path}/syncs", {"kind": "changes"}, key=new_key())
        return wait_for("the shop to be read", lambda: self._ended(begun["id"]))

    def _ended(self, sync: str) -> Json | None:
        told = self.owner.desk.get(f"/v1/syncs/{sync}")
        return told if told["status"] in ENDED else None

    def order(self, number: str) -> Json | None:
        found = self.owner.desk.get(f"/v1/orders?store={self.slug}&q={number}")["data"]
        return self.owner.desk.get(f"/v1/orders/{found[0]['id']}") if found else None

    def orders(self) -> Iterator[Json]:
        base = f"/v1/orders?store={self.slug}&limit=100"
        page = self.owner.desk.get(base)
        yield from page["data"]
        while page["next_cursor"]:
            page = self.owner.desk.get(f"{base}&cursor={page['next_cursor']}")
            yield from page["data"]

    def totals(self) -> tuple[str, str]:
        """Of all orders: what they cost, and what was given back of it."""
        orders = list(self.orders())
        sold, back = (
            sum((Decimal(order[name]["amount"]) for order in orders), Decimal("0.00"))
            for name in ("total", "refunded")
        )
        return str(sold), str(back)

    def written(self, return_id: str) -> list[Json]:
        """What was written to the shop of this return, in its order."""
        found = self.owner.desk.get(f"/v1/platform-actions?store={self.slug}&ret={return_id}")
        return list(reversed(found["data"]))

    @property
    def _path(self) -> str:
        return f"/v1/stores/{self.slug}"
