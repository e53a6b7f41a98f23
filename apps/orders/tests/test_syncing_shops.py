from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.accounts.models import Store
from apps.core import clock
from apps.core.http import Unreachable
from apps.core.tests.faults import found
from apps.integrations import choices, connecting
from apps.integrations.choices import Capability
from apps.integrations.models import OrderSync, PlatformAction
from apps.integrations.tests.factories import (
    OrderSyncFactory,
    PlatformActionFactory,
    SyncRefusalFactory,
)
from apps.orders import tasks
from apps.orders.models import Order
from apps.orders.services import syncing
from apps.orders.services.syncing_shops import check_webhooks, start_due_sync, start_due_syncs
from apps.orders.tests.factories import ExchangeLineItemFactory
from apps.orders.tests.shops import AT, ShopInMemory, connected_shop, snapshot

Kind, Status = choices.OrderSync.Kind, choices.OrderSync.Status
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> ShopInMemory:
    return ShopInMemory()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, shop: ShopInMemory) -> Store:
    monkeypatch.setattr(connecting, "webhook_url", lambda store: f"https://us.example/{store.pk}")
    return connected_shop(monkeypatch, shop)


class DueSyncsTest:
    def test_first_the_history_then_the_changes(self, store: Store) -> None:
        (first,) = start_due_syncs(AT)
        assert OrderSync.objects.get(pk=first).kind == Kind.HISTORY
        assert start_due_syncs(AT) == []

        syncing.read_on(first, AT)
        (second,) = start_due_syncs(AT + HOUR)
        assert OrderSync.objects.get(pk=second).kind == Kind.CHANGES

    @pytest.mark.enable_signals
    def test_a_shop_that_is_connected_is_read_at_once(
        self,
        store: Store,
        shop: ShopInMemory,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        shop.keep(snapshot(1), snapshot(2), snapshot(3))
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                store.connect("custom", "shop.example", {"token": "secret"})

        syncs = OrderSync.objects.for_store(store).order_by("id")
        told = [(each.kind, each.status, each.pages, each.imported) for each in syncs]
        assert told == [(Kind.HISTORY, Status.DONE, 2, 3), (Kind.CHANGES, Status.DONE, 1, 0)]

    def test_one_that_is_being_read_or_has_let_go_is_not(self, store: Store) -> None:
        start_due_syncs(AT)
        assert start_due_sync(store.pk, AT) is None

        store.forget_credentials()
        assert start_due_sync(store.pk, AT) is None

    def test_a_shop_that_let_go_is_left_alone(self, store: Store) -> None:
        store.forget_credentials()

        assert start_due_syncs(AT) == []

    def test_so_is_one_that_lists_nothing(self, store: Store, shop: ShopInMemory) -> None:
        shop.capabilities = frozenset()

        assert start_due_syncs(AT) == []

    def test_old_ones_without_anything_to_look_at_are_pruned(self, store: Store) -> None:
        old: dict[str, Any] = {"store": store, "done": True, "done_at": AT - 72 * HOUR}
        OrderSyncFactory.create(**old)
        kept = [
            OrderSyncFactory.create(**old, kind=Kind.HISTORY),
            SyncRefusalFactory.create(sync=OrderSyncFactory.create(**old)).sync,
            OrderSyncFactory.create(store=store, done=True, done_at=AT - HOUR),
        ]
        start_due_syncs(AT)

        assert set(OrderSync.objects.done()) == set(kept)


class MissedWebhooksTest:
    """F-37: webhooks dropped, the subscription removed, orders edited while nobody heard."""

    def at(self, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    def test_everything_is_found_and_the_subscription_is_back(
        self, store: Store, shop: ShopInMemory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop.keep(*(snapshot(number) for number in range(1, 4)))
        shop.subscriptions = {"orders": False}
        self.at(monkeypatch, AT + HOUR)
        tasks.catch_up_with_shops()
        shop.keep(
            snapshot(2, "30", platform_updated_at=AT + HOUR + timedelta(minutes=5)),
            snapshot(70, platform_updated_at=AT + HOUR + timedelta(minutes=6)),
        )
        self.at(monkeypatch, AT + HOUR + timedelta(minutes=15))
        tasks.catch_up_with_shops()
        tasks.check_subscriptions()
        orders = Order.objects.for_store(store).order_by("external_id")

        assert [(order.external_id, order.total.minor, order.version) for order in orders] == [
            ("A-1", 2000, 1),
            ("A-2", 3000, 2),
            ("A-3", 2000, 1),
            ("A-70", 2000, 1),
        ]
        assert shop.subscriptions == {"orders": True, "refunds": True, "uninstalled": True}
        last = OrderSync.objects.for_store(store).latest("id")
        assert (last.imported, last.updated, last.unchanged) == (1, 1, 0)

    def test_each_slot_once(self, store: Store) -> None:
        assert tasks.catch_up_with_shops() == 1
        assert tasks.catch_up_with_shops() is None
        assert tasks.check_subscriptions() == 1
        assert tasks.check_subscriptions() is None
        assert tasks.resume_syncs() == 0
        assert tasks.resume_syncs() is None


class SubscriptionTest:
    def test_what_is_missing_or_off_is_made_again_and_told(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        shop.subscriptions = {"orders": True, "refunds": False}
        check = check_webhooks(store, AT)
        assert check is not None

        assert (check.active, check.restored_count, check.restored_at) == (3, 2, AT)
        assert [(event.kind, event.payload) for event in check.timeline] == [
            ("webhooks.restored", {"topics": ["refunds", "uninstalled"]})
        ]
        assert shop.calls("register_webhooks") == [f"https://us.example/{store.pk}"]

    def test_what_is_there_is_not_news(self, store: Store, shop: ShopInMemory) -> None:
        check_webhooks(store, AT)
        check = check_webhooks(store, AT + HOUR)
        assert check is not None

        assert (check.checked_at, check.restored_at, check.restored_count) == (AT + HOUR, AT, 3)
        assert check.timeline.count() == 1

    def test_a_silent_shop_is_asked_in_an_hour(self, store: Store, shop: ShopInMemory) -> None:
        shop.troubles = [Unreachable("shop", "refused")]
        check = check_webhooks(store, AT)
        assert check is not None

        assert (check.checked_at, check.last_error) == (None, "shop: refused")

    def test_platforms_without_webhooks(self, store: Store, shop: ShopInMemory) -> None:
        shop.capabilities = frozenset({Capability.CHANGES})
        assert check_webhooks(store, AT) is None
        store.forget_credentials()
        assert check_webhooks(store, AT) is None

    def test_a_store_that_is_gone(self, store: Store, shop: ShopInMemory) -> None:
        tasks.check_subscription(str(OrderSyncFactory.create().pk))

        assert shop.asked == []


class HintTest:
    def test_without_a_broker_a_sweeper_reads_on(
        self, store: Store, shop: ShopInMemory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any, **named: Any) -> None:
            raise OperationalError

        with monkeypatch.context() as patch:
            patch.setattr(tasks.read_orders, "apply_async", refuse)
            assert tasks.catch_up_with_shops() == 1
        assert shop.asked == []
        assert tasks.resume_syncs() == 1
        assert OrderSync.objects.get().status == Status.DONE

    def test_a_long_history_is_read_in_sittings(
        self, store: Store, shop: ShopInMemory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop.keep(*(snapshot(number) for number in range(1, 6)))
        monkeypatch.setattr(syncing, "ONE_SITTING", timedelta(0))
        sync = tasks.start_order_sync(store, Kind.HISTORY)
        tasks.read_orders(str(sync.pk))
        sync.refresh_from_db()

        assert (sync.status, sync.imported, sync.turn) == (Status.DONE, 5, 3)

    def test_resumed(self, store: Store) -> None:
        failed = OrderSyncFactory.create(store=store, status=Status.FAILED, failures=10)
        tasks.resume_order_sync(failed)
        failed.refresh_from_db()

        assert (failed.status, failed.failures) == (Status.RUNNING, 0)

    def test_actions_left_behind_are_swept(self, store: Store) -> None:
        PlatformActionFactory.create(store=store, next_at=AT, kind="close_return")

        assert tasks.send_platform_actions() == 1
        assert PlatformAction.objects.get().code == "nothing_there"


class FindingsTest:
    def names(self, make: Callable[[], Any]) -> set[str]:
        subject = str(make().pk)
        return {invariant for invariant, named in found() if named == subject}

    def test_actions(self) -> None:
        old = clock.now() - HOUR
        unknown, parked, done = (
            {"status": status, "sent_at": old} for status in ("unknown", "parked", "done")
        )

        assert self.names(lambda: PlatformActionFactory.create(**unknown)) == {"I-47"}
        assert self.names(lambda: PlatformActionFactory.create(**parked)) == {"I-47"}
        assert self.names(lambda: PlatformActionFactory.create(**done)) == set()

    def test_a_shop_that_nobody_read(self, store: Store) -> None:
        def begun() -> Store:
            OrderSyncFactory.create(store=store, created_at=clock.now() - 2 * HOUR)
            return store

        assert self.names(lambda: store) == set()
        assert self.names(begun) == {"I-47"}
        OrderSyncFactory.create(store=store, done=True)
        assert self.names(lambda: store) == set()

    def test_goods_that_are_owed(self) -> None:
        goods = ExchangeLineItemFactory.create(status="reserved")
        assert self.names(lambda: goods) == set()
        PlatformActionFactory.create(
            store=goods.ret.store, subject_id=goods.pk, kind="place_exchange", status="failed"
        )

        assert self.names(lambda: goods) == {"I-38"}
