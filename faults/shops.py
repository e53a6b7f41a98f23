"""A merchant's own shop beside a world: what happens there, and what it tells of it."""

import json
from dataclasses import dataclass, field
from typing import Any

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.events.models import Event as Told
from apps.events.models import InboxMessage
from apps.integrations import signing
from apps.integrations.custom.connectors import Connector
from apps.orders.models import Order
from fakes.custom.vendor import PATH, SECRET
from fakes.shops.control import FakeShop
from faults.client import Client, Reply
from faults.waiting import wait_for
from faults.world import World

TYPES = ("order.changed", "refund.made", "fulfilment.changed")


@dataclass(frozen=True, slots=True)
class ShopEvent:
    """As the shop names it, however often it is sent; `age` in seconds."""

    id: str
    order: str
    kind: str = "order.changed"
    age: int = 0

    @property
    def body(self) -> bytes:
        at = int(clock.now().timestamp()) // 86_400 * 86_400 - self.age
        told = {"type": self.kind, "timestamp": at, "data": {"order_id": self.order}}
        return json.dumps({**told, "id": self.id}).encode()


@dataclass(slots=True)
class Shop:
    """Connected, with a store of the world's merchant; its own webhooks go nowhere at first."""

    world: World
    fake: FakeShop = field(init=False)
    store: Store = field(init=False)
    secret: str = field(init=False, repr=False)
    port: int = 0

    def __post_init__(self) -> None:
        self.fake = self.world.rig.shop()
        grant = {"url": self.fake.address + PATH, "secret": SECRET}
        made = Connector.connect("", grant)
        self.store = StoreFactory.create(
            merchant=self.world.merchant, platform="custom", domain=made.facts.domain
        )
        self.store.seal_credentials(made.secrets)
        self.secret = made.secrets["webhook_secret"]

    def deliver(self, event: ShopEvent) -> Reply:
        """Signed now, as every sender does that tries again."""
        stamp, body = int(clock.now().timestamp()), event.body
        headers = signing.headers(self.secret, event.id, stamp, body)
        peer = Client(self.port or self.world.rig.web().port, "platforms")
        path = f"/v1/custom/{self.store.pk}"
        return peer.call("POST", path, body, {"Content-Type": "application/json", **headers})

    def there(self) -> dict[str, tuple[int, int]]:
        """By order: what it costs and what the shop gave back, as the shop has it."""
        refunds = self.fake.rows("refunds")
        return {
            row["id"]: (
                row["total"],
                sum(each["amount"] for each in refunds if each["order_id"] == row["id"]),
            )
            for row in self.fake.rows("orders")
        }

    def here(self) -> dict[str, tuple[int, int]]:
        rows = Order.objects.for_store(self.store)
        told = rows.values_list("external_id", "total_minor", "refunded_minor")
        return {order: (total, refunded) for order, total, refunded in told}

    def times(self, kind: str) -> int:
        """How many events of that kind its orders have."""
        ids = list(Order.objects.for_store(self.store).values_list("pk", flat=True))
        return Told.objects.filter(subject_id__in=ids, kind=kind).count()

    def stored(self) -> list[InboxMessage]:
        return list(InboxMessage.objects.filter(account=str(self.store.pk)))

    def wait_until_worked(self, within: float = 120) -> None:
        rows = InboxMessage.objects.filter(account=str(self.store.pk)).exclude(status="done")
        wait_for("the inbox to be empty", lambda: not rows.exists(), within)

    def edit(self, order_id: str, **changes: Any) -> None:
        """Half of the tees: 2 x 25.00 less 5.00 becomes 25.00 less 2.50."""
        row = next(each for each in self.fake.rows("orders") if each["id"] == order_id)
        lines = [{"id": row["lines"][0]["id"], "quantity": 1}]
        self.fake.edit(order_id, lines=lines, **changes)
