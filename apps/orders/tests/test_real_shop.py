"""Against a shop that is a process of its own: F-11, F-37, and returns written back once."""

from queue import Empty

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.events import services
from apps.events.models import InboxMessage
from apps.integrations import asking, choices
from apps.integrations.conftest import Came, Heard, StartShop
from apps.integrations.connecting import webhook_url
from apps.integrations.custom import webhooks
from apps.integrations.custom.connectors import Connector
from apps.integrations.models import OrderSync, PlatformAction
from apps.orders import tasks
from apps.orders.models import Order
from apps.orders.services.syncing_shops import check_webhooks
from apps.orders.services.writing_back import tell_of_decision, tell_of_opening
from apps.orders.services.writing_back_sending import send_action
from apps.orders.tests.factories import ReturnFactory
from fakes.custom.vendor import PATH, SECRET
from fakes.shops.control import FakeShop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(start_shop: StartShop, monkeypatch: pytest.MonkeyPatch) -> FakeShop:
    monkeypatch.setattr("apps.core.http._pause", lambda error, attempt: 0)
    return start_shop("fakes.custom")


@pytest.fixture
def store(shop: FakeShop) -> Store:
    made = Connector.connect("shop.example", {"url": shop.address + PATH, "secret": SECRET})
    store: Store = StoreFactory.create(platform="custom", domain=made.facts.domain)
    store.seal_credentials(made.secrets)
    return store


def read(store: Store) -> OrderSync:
    sync = tasks.start_order_sync(store, choices.OrderSync.Kind.CHANGES)
    tasks.read_orders(str(sync.pk))
    sync.refresh_from_db()
    return sync


def figures(store: Store) -> dict[str, tuple[int, int]]:
    """What each order costs, and what was given back of it."""
    orders = Order.objects.for_store(store)
    rows = orders.values_list("external_id", "total_minor", "refunded_minor")
    return {order: (total, refunded) for order, total, refunded in rows}


def came(heard: Heard, number: int) -> list[Came]:
    return [heard.next() for _ in range(number)]


def take_in(store: Store, deliveries: list[Came]) -> int:
    """Each five times, as senders do that got no answer; how many were new."""
    new = 0
    for headers, body in deliveries * 5:
        delivery = webhooks.accept(str(store.pk), headers, body, clock.now())
        assert delivery is not None
        new += services.receive(delivery, clock.now()).is_new
    return new


class WebhooksTest:
    def test_doubled_and_shuffled_it_ends_as_in_order(
        self, store: Store, shop: FakeShop, hooks_heard: Heard
    ) -> None:
        shop.hooks_via(hooks_heard.address)
        Connector(_shop_of(store)).register_webhooks(webhook_url(store))
        first, second = shop.order(), shop.order()
        shop.refund(first["id"], 700)
        shop.edit(second["id"], tags=["gift"])
        told = came(hooks_heard, 4)

        assert take_in(store, told[::-1]) == 4
        assert services.process(clock.now()) == 4
        assert InboxMessage.objects.parked().count() == 0
        assert figures(store) == {first["id"]: (4500, 700), second["id"]: (4500, 0)}
        assert read(store).updated == 0

    def test_what_was_never_told_is_found_and_the_subscription_is_back(
        self, store: Store, shop: FakeShop, hooks_heard: Heard
    ) -> None:
        first = shop.order()
        assert read(store).imported == 1
        second = shop.order()
        shop.refund(first["id"], 700)
        shop.hooks_via(hooks_heard.address)
        check = check_webhooks(store, clock.now())
        sync = read(store)

        assert check is not None
        assert check.restored_count == check.active > 0
        assert (sync.imported, sync.updated) == (1, 1)
        assert figures(store) == {first["id"]: (4500, 700), second["id"]: (4500, 0)}
        again = check_webhooks(store, clock.now())
        assert again is not None
        assert again.restored_count == check.restored_count
        with pytest.raises(Empty):
            hooks_heard._came.get(block=False)


class WritingBackTest:
    def test_opened_restocked_and_closed_once_though_an_answer_was_lost(
        self, store: Store, shop: FakeShop
    ) -> None:
        shop.variant(id="v1", available=5)
        made = shop.order({"price": 2500, "quantity": 2, "variant_id": "v1"})
        shop.fulfil(made["id"])
        read(store)
        ret = ReturnFactory.create(order=Order.objects.for_store(store).get())
        (opening,) = tell_of_opening(ret.pk, clock.now())
        shop.mode("reset_after", effect="return")
        lost = send_action(opening, clock.now())
        assert lost.status == choices.PlatformAction.Status.UNKNOWN
        send_action(opening, lost.next_at)

        ret.receive(clock.now())
        line = ret.lines.get()
        line.disposition = "restocked"
        line.save()
        ret.accept_all(clock.now())
        for action_id in tell_of_decision(ret.pk, clock.now()):
            send_action(action_id, clock.now())
            send_action(action_id, clock.now())

        statuses = set(PlatformAction.objects.values_list("status", flat=True))
        assert statuses == {choices.PlatformAction.Status.DONE}
        assert [row["status"] for row in shop.rows("returns")] == ["closed"]
        assert shop.stock("v1") == 7


def _shop_of(store: Store) -> asking.Shop:
    return asking.Shop(
        store_id=str(store.pk),
        domain=store.domain,
        currency=store.currency,
        secrets=store.open_credentials(),
    )
