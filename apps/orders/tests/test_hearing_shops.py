import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from apps.accounts.models import Store
from apps.core import clock
from apps.core.http import Unreachable
from apps.events import choices as events
from apps.events import inbox
from apps.events.models import InboxMessage
from apps.events.services import process, process_one
from apps.events.tests.factories import InboxMessageFactory
from apps.integrations import choices
from apps.integrations.connectors import AccessLost
from apps.integrations.tests.factories import OrderSyncFactory
from apps.orders.models import Order
from apps.orders.services import hearing_shops
from apps.orders.services.hearing_shops import OrderNotThere, hear, listen
from apps.orders.services.importing import Result, import_order
from apps.orders.tests.factories import OrderFactory
from apps.orders.tests.shops import AT, ShopInMemory, connected_shop, snapshot

NUMBERS = count()
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> ShopInMemory:
    return ShopInMemory()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, shop: ShopInMemory) -> Store:
    return connected_shop(monkeypatch, shop)


def told(store: Store, topic: str = "orders", **body: object) -> InboxMessage:
    """Each a body of its own: the same one again is no new message."""
    body = {**body, "event": next(NUMBERS)}
    return InboxMessageFactory.create(
        merchant_id=store.merchant_id,
        source="custom",
        account=str(store.pk),
        topic=topic,
        body=json.dumps(body).encode(),
        received_at=AT,
        available_at=AT,
    )


def now(message: InboxMessage) -> InboxMessage:
    """It came in at this moment, and not while nobody listened."""
    message.received_at = clock.now()
    return message


class OrderToldTest:
    def test_the_shop_is_asked_and_the_body_is_not_believed(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        shop.keep(snapshot(1, "20"))
        hear(told(store, id="A-1", total="0.01"))

        assert Order.objects.for_store(store).get().total.minor == 2000

    @pytest.mark.parametrize("topic", ["refunds", "returns", "fulfilments", "refunds/create"])
    def test_whatever_happened_to_an_order_its_whole_is_read(
        self, topic: str, store: Store, shop: ShopInMemory
    ) -> None:
        """Also where the order was unknown here."""
        shop.keep(snapshot(1))
        hear(told(store, topic, id="R-7", order_id="A-1"))

        assert shop.calls("fetch_order") == ["A-1"]
        assert Order.objects.for_store(store).count() == 1

    def test_a_late_one_never_brings_an_older_order_back(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        shop.keep(snapshot(1, "25", platform_updated_at=AT + timedelta(hours=2)))
        hear(told(store, id="A-1"))
        shop.keep(snapshot(1, "20", platform_updated_at=AT))
        hear(now(told(store, id="A-1")))

        assert len(shop.asked) == 2
        assert Order.objects.for_store(store).get().total.minor == 2500

    def test_an_order_that_is_not_there_yet_is_asked_for_again(self, store: Store) -> None:
        with pytest.raises(OrderNotThere):
            hear(told(store, id="A-1"))

    @pytest.mark.parametrize(
        ("topic", "body"), [("orders", {}), ("products/update", {"id": 7}), ("privacy", {"id": 1})]
    )
    def test_what_names_no_order_asks_nothing(
        self, topic: str, body: dict[str, object], store: Store, shop: ShopInMemory
    ) -> None:
        hear(told(store, topic, **body))

        assert shop.asked == []

    def test_without_access_nobody_tries_ten_times(self, store: Store, shop: ShopInMemory) -> None:
        shop.troubles = [AccessLost()]
        hear(told(store, id="A-1"))

        assert shop.calls("fetch_order") == ["A-1"]

    def test_a_store_of_another_merchant_hears_nothing(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        foreign = InboxMessageFactory.create(source="custom", account=str(store.pk), topic="orders")
        nobody = InboxMessageFactory.create(source="custom", account="x", topic="orders")
        hear(foreign)
        hear(nobody)

        assert shop.asked == []


class ReadSinceTest:
    """Of many webhooks about an order that waited, one asks the shop."""

    @pytest.fixture(autouse=True)
    def _read(self, store: Store, shop: ShopInMemory) -> None:
        shop.keep(snapshot(1), snapshot(2))
        hear(told(store, id="A-1"))

    def test_what_came_before_the_reading_is_known(self, store: Store, shop: ShopInMemory) -> None:
        hear(told(store, "refunds", order_id="A-1"))
        hear(told(store, id="A-2"))

        assert shop.calls("fetch_order") == ["A-1", "A-2"]

    @pytest.mark.parametrize(("apart", "times"), [(1, 2), (3, 1)])
    def test_clocks_of_two_machines_may_differ(
        self, apart: int, times: int, store: Store, shop: ShopInMemory
    ) -> None:
        read_at = Order.objects.for_store(store).get().read_at
        assert read_at is not None
        message = told(store, id="A-1")
        message.received_at = read_at - timedelta(seconds=apart)
        hear(message)

        assert len(shop.asked) == times

    def test_what_comes_after_it_is_read(self, store: Store, shop: ShopInMemory) -> None:
        """Also where nothing was new the last time; the reading counts from when it began."""
        orders = Order.objects.for_store(store)
        times: list[Any] = []
        for price in ("20", "20", "25"):
            shop.keep(snapshot(1, price))
            hear(now(told(store, id="A-1")))
            times.append(orders.get().read_at)

        assert times == sorted(set(times))
        assert orders.get().total.minor == 2500

    def test_of_another_store_nothing_is_known(self, store: Store, shop: ShopInMemory) -> None:
        OrderFactory.create(external_id="A-2", read_at=clock.now())
        hear(told(store, id="A-2"))

        assert shop.calls("fetch_order") == ["A-1", "A-2"]

    @pytest.mark.parametrize("at", [None, AT + timedelta(minutes=1)])
    def test_a_reading_that_was_overtaken_gives_way(
        self, at: datetime | None, store: Store
    ) -> None:
        """The platform tells no times, or the same one: what was read last is what we have."""
        told_at = {"platform_updated_at": at}
        later, earlier = clock.now(), clock.now() - timedelta(minutes=5)
        quick = import_order(store, snapshot(1, "25", **told_at), read_at=later)
        slow = import_order(store, snapshot(1, "20", **told_at), read_at=earlier)
        order = Order.objects.for_store(store).get()

        assert (quick.result, slow.result) == (Result.UPDATED, Result.STALE)
        assert (order.total.minor, order.read_at) == (2500, later)

    def test_a_newer_time_of_the_platform_wins(self, store: Store) -> None:
        later, earlier = clock.now(), clock.now() - timedelta(minutes=5)
        import_order(store, snapshot(1), read_at=later)
        import_order(store, snapshot(1), read_at=earlier)
        newer = snapshot(1, "25", platform_updated_at=AT + timedelta(hours=1))
        outcome = import_order(store, newer, read_at=earlier)
        order = Order.objects.for_store(store).get()

        assert outcome.result == Result.UPDATED
        assert order.read_at == later

    def test_what_was_not_read_for_it_has_the_shop_asked_again(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        """A file or a page of history may hold what the shop had long before."""
        import_order(store, snapshot(1, "25", platform_updated_at=None))
        hear(told(store, id="A-1"))

        assert shop.calls("fetch_order") == ["A-1", "A-1"]


class UninstalledTest:
    def test_credentials_are_forgotten_and_reading_stops(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        sync = OrderSyncFactory.create(store=store)
        hear(told(store, "uninstalled"))
        sync.refresh_from_db()
        known = Store.objects.get(pk=store.pk)

        assert (sync.status, sync.last_error) == (
            choices.OrderSync.Status.STOPPED,
            "uninstalled",
        )
        assert not known.is_connected
        assert "store.disconnected" in [event.kind for event in known.timeline]

    def test_what_comes_after_it_is_done_with(self, store: Store, shop: ShopInMemory) -> None:
        hear(told(store, "uninstalled"))
        hear(told(store, id="A-1"))

        assert shop.asked == []


class InboxTest:
    @pytest.fixture(autouse=True)
    def _ear(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inbox, "_handlers", {"custom": hear})

    def test_one_poison_among_many_holds_up_nobody(self, store: Store, shop: ShopInMemory) -> None:
        """Parked after ten attempts; replayed once it is mended."""
        shop.keep(*(snapshot(number) for number in range(1, 6)))
        poison = told(store, id="A-6")
        for number in range(1, 6):
            told(store, id=f"A-{number}")
        for attempt in range(10):
            process(clock.now() + timedelta(hours=2 * attempt))
        poison.refresh_from_db()

        assert Order.objects.for_store(store).count() == 5
        assert (poison.status, poison.attempts) == (events.InboxMessage.Status.PARKED, 10)
        shop.keep(snapshot(6))
        assert poison.replay(AT)
        assert process_one(UUID(str(poison.pk)), AT)
        assert Order.objects.for_store(store).count() == 6

    def test_a_silent_shop_is_asked_again_later(self, store: Store, shop: ShopInMemory) -> None:
        shop.keep(snapshot(1))
        shop.troubles = [Unreachable("shop", "refused")]
        message = told(store, id="A-1")

        assert process(AT) == 0
        message.refresh_from_db()
        assert message.status == events.InboxMessage.Status.WAITING
        assert process(clock.now() + timedelta(hours=2)) == 1

    def test_doubled_and_shuffled_it_is_the_shops_last_word(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        shop.keep(snapshot(1, "25", platform_updated_at=AT + timedelta(hours=1)), snapshot(2))
        for number in (2, 1, 2, 1, 1):
            told(store, "refunds", order_id=f"A-{number}")
        process(AT)
        made = Order.objects.for_store(store).order_by("external_id")

        assert [(order.total.minor, order.version) for order in made] == [(2500, 1), (2000, 1)]


class ListenTest:
    def test_every_platform_has_the_one_handler(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(inbox, "_handlers", {})
        monkeypatch.setattr(hearing_shops, "all_connectors", lambda: {"custom": None, "sfcc": None})
        listen()

        assert inbox.handler_of("sfcc") is inbox.handler_of("custom") is hear
