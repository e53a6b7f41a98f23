"""A shop in memory behind a connector, with everything that may go wrong at one."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, cast, override

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.http import Answer, BadStatus
from apps.core.money import Money
from apps.integrations import asking, choices, connecting
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector, Declined
from apps.integrations.dtos import LineSnapshot, OrderSnapshot
from apps.integrations.returns_helper import ReturnsHelper
from apps.orders.services import hearing_shops, syncing_shops

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Status = choices.Return.Status


def snapshot(number: int = 1, price: str = "20", **named: Any) -> OrderSnapshot:
    """One mug of `price`, changed `number` minutes after AT."""
    paid = Money.of(price, "EUR")
    line = LineSnapshot(
        external_id="1",
        title="Mug",
        quantity=1,
        unit_price=paid,
        total=paid,
        tax=Money.of("0", "EUR"),
    )
    given = {
        "external_id": f"A-{number}",
        "number": f"#{number}",
        "currency": "EUR",
        "placed_at": AT,
        "tax_included": True,
        "total": paid,
        "lines": (line,),
        "platform_updated_at": AT + timedelta(minutes=number),
    }
    return OrderSnapshot(**{**given, **named})


def busy(seconds: int = 0, status: int = 429) -> BadStatus:
    headers = {"retry-after": str(seconds)} if seconds else {}
    return BadStatus("shop", Answer("shop", status, headers, b""))


class ShopInMemory:
    """What the shop holds; `troubles` are raised by the next calls, one each; None lets one pass.

    `after` are raised once the shop has done what it was asked.
    """

    def __init__(self) -> None:
        self.orders: dict[str, OrderSnapshot] = {}
        self.unreadable: tuple[asking.Unreadable, ...] = ()
        self.page_size = 2
        # Told of its history before anything else.
        self.first_pages: list[asking.OrderPage] = []
        # What it refunds is the business of payments, which has tests of its own.
        self.capabilities = frozenset(Capability) - {Capability.REFUNDS}
        self.why_not: Mapping[Capability, str] = {}
        self.helper = ReturnsHelper()
        self.troubles: list[Exception | None] = []
        self.after: list[Exception] = []
        self.asked: list[tuple[str, Any]] = []
        self.made: dict[str, Any] = {}
        self.returns: dict[str, Status] = {}
        self.subscriptions: dict[str, bool] = {}
        self.sold_out: set[str] = set()
        self.between: Callable[[], None] | None = None

    def keep(self, *orders: OrderSnapshot) -> None:
        self.orders.update({order.external_id: order for order in orders})

    def call(self, name: str, asked: Any) -> None:
        self.asked.append((name, asked))
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble

    def answered(self) -> None:
        if self.after:
            raise self.after.pop(0)

    def calls(self, name: str) -> list[Any]:
        return [asked for called, asked in self.asked if called == name]


class ConnectorInMemory(AbstractConnector):
    platform: ClassVar[str] = "custom"
    world: ClassVar[ShopInMemory]

    @property
    @override
    def offers(self) -> frozenset[Capability]:
        return frozenset(self.world.capabilities)

    @override
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        self.world.call("fetch_order", order_id)
        return self.world.orders.get(order_id)

    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        self.world.call("changed_orders", (since, cursor))
        if self.world.between:
            self.world.between()
        told = [o for o in self.world.orders.values() if _changed(o) >= since]
        told.sort(key=_changed)
        start, size = int(cursor or 0), self.world.page_size
        more = str(start + size) if start + size < len(told) else ""
        lost = () if cursor else self.world.unreadable
        return asking.OrderPage(
            orders=tuple(told[start : start + size]), unreadable=lost, cursor=more
        )

    @override
    def order_history(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        if self.world.first_pages:
            return self.world.first_pages.pop(0)
        return super().order_history(since, cursor)

    @override
    def open_return(self, order: asking.ReturnOrder) -> asking.PlatformReturn:
        self.world.call("open_return", order)
        status = Status.REQUESTED if order.is_request else Status.OPEN
        key = self.world.made.setdefault(order.reference, f"R-{len(self.world.made) + 1}")
        self.world.returns.setdefault(key, status)
        self.world.answered()
        return asking.PlatformReturn(id=key, status=status)

    def _move(self, name: str, return_id: str, status: Status) -> asking.PlatformReturn:
        self.world.call(name, return_id)
        self.world.returns[return_id] = status
        return asking.PlatformReturn(id=return_id, status=status)

    @override
    def approve_return(self, return_id: str) -> asking.PlatformReturn:
        return self._move("approve_return", return_id, Status.OPEN)

    @override
    def decline_return(self, return_id: str, reason: str) -> asking.PlatformReturn:
        return self._move("decline_return", return_id, Status.DECLINED)

    @override
    def close_return(self, return_id: str) -> asking.PlatformReturn:
        return self._move("close_return", return_id, Status.CLOSED)

    @override
    def create_exchange_order(self, order: asking.ExchangeOrder) -> asking.PlacedOrder:
        self.world.call("create_exchange_order", order)
        if any(line.variant_id in self.world.sold_out for line in order.lines):
            raise Declined("out_of_stock")
        key = self.world.made.setdefault(order.reference, f"X-{len(self.world.made) + 1}")
        self.world.answered()
        return asking.PlacedOrder(id=key, number=f"#{key}")

    @override
    def cancel_order(self, order_id: str, reason: str) -> None:
        self.world.call("cancel_order", order_id)

    @override
    def restock(self, move: asking.StockMove) -> None:
        self.world.call("restock", move)
        self.world.made.setdefault(move.reference, move.quantity)
        self.world.answered()

    @override
    def add_note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> None:
        self.world.call("add_note", (order_id, text))
        self.world.answered()

    @override
    def register_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        self.world.call("register_webhooks", url)
        self.world.subscriptions = dict.fromkeys(("orders", "refunds", "uninstalled"), True)
        return self.check_webhooks(url)

    @override
    def check_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        self.world.call("check_webhooks", url)
        return tuple(
            asking.Subscription(id=topic, topic=topic, url=url, is_active=active)
            for topic, active in self.world.subscriptions.items()
        )


# What no test of orders asks of a shop.
ConnectorInMemory.__abstractmethods__ = frozenset()


def _changed(order: OrderSnapshot) -> datetime:
    return cast("datetime", order.platform_updated_at)


def connected_shop(patch: pytest.MonkeyPatch, world: ShopInMemory, **named: Any) -> Store:
    """A store of the platform `custom` whose shop is `world`."""
    store: Store = StoreFactory.create(platform="custom", domain="shop.example", **named)
    store.seal_credentials({"token": "secret"})
    ConnectorInMemory.world = world
    ConnectorInMemory.helper = world.helper
    patch.setattr(ConnectorInMemory, "why_not", world.why_not, raising=False)
    patch.setattr(connecting, "connector_of", _connector_of)
    for module in (hearing_shops, syncing_shops):
        patch.setattr(module, "all_connectors", lambda: {"custom": ConnectorInMemory})
    return store


def _connector_of(store: Store) -> AbstractConnector | None:
    """Of the row as it is: a store that has let go of us has none."""
    known = Store.objects.get(pk=store.pk)
    if not known.is_connected or known.platform != "custom":
        return None
    ConnectorInMemory.helper = ConnectorInMemory.world.helper
    # What no test of orders asks of a shop stays abstract.
    made: Callable[[asking.Shop], AbstractConnector] = cast("Any", ConnectorInMemory)
    return made(asking.Shop(store_id=str(store.pk), domain=store.domain, currency=store.currency))
