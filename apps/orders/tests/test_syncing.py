from datetime import timedelta

import pytest

from apps.accounts.models import Store
from apps.core.http import Unreachable
from apps.integrations import asking, choices
from apps.integrations.choices import Capability
from apps.integrations.connectors import AccessLost
from apps.integrations.mixins.reading import PageCounts, TurnLost
from apps.integrations.models import OrderSync
from apps.integrations.tests.factories import OrderSyncFactory
from apps.orders.models import Order
from apps.orders.services import syncing
from apps.orders.services.syncing import (
    EVER,
    Sitting,
    SyncNotOffered,
    SyncRunning,
    read_on,
    resume_sync,
    start_sync,
)
from apps.orders.tests.shops import AT, ShopInMemory, busy, connected_shop, snapshot

Kind, Status = choices.OrderSync.Kind, choices.OrderSync.Status
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> ShopInMemory:
    return ShopInMemory()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, shop: ShopInMemory) -> Store:
    return connected_shop(monkeypatch, shop)


def counts(sync: OrderSync) -> tuple[int, int, int, int]:
    return sync.imported, sync.updated, sync.unchanged, sync.refused


def kinds(sync: OrderSync) -> list[str]:
    return [event.kind for event in sync.timeline]


class HistoryTest:
    def test_all_orders_page_by_page(self, store: Store, shop: ShopInMemory) -> None:
        shop.keep(*(snapshot(number) for number in range(1, 6)))
        sync = start_sync(store, Kind.HISTORY, AT)
        sitting = read_on(sync.pk, AT)
        sync.refresh_from_db()

        assert sitting == Sitting(3, is_over=True)
        assert shop.calls("changed_orders") == [(EVER, ""), (EVER, "2"), (EVER, "4")]
        assert (sync.status, sync.pages, counts(sync)) == (Status.DONE, 3, (5, 0, 0, 0))
        assert Order.objects.for_store(store).count() == 5
        assert kinds(sync) == ["order_sync.started", "order_sync.done"]

    def test_what_cannot_be_taken_is_listed_and_the_rest_goes_on(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        shop.keep(snapshot(1), snapshot(2, currency="USD"), snapshot(3))
        shop.unreadable = (asking.Unreadable(external_id="A-9", code="malformed_payload"),)
        sync = start_sync(store, Kind.HISTORY, AT)
        read_on(sync.pk, AT)
        sync.refresh_from_db()

        assert counts(sync) == (2, 0, 0, 2)
        assert sorted(sync.refusals.values_list("external_id", "code")) == [
            ("A-2", "wrong_currency"),
            ("A-9", "malformed_payload"),
        ]

    def test_a_second_reading_changes_what_was_edited_only(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        shop.keep(snapshot(1), snapshot(2))
        read_on(start_sync(store, Kind.HISTORY, AT).pk, AT)
        shop.keep(snapshot(1, "25", platform_updated_at=AT + HOUR))
        again = start_sync(store, Kind.HISTORY, AT + HOUR)
        read_on(again.pk, AT + HOUR)
        again.refresh_from_db()

        assert counts(again) == (0, 1, 1, 0)
        edited = Order.objects.for_store(store).get(external_id="A-1")
        assert (edited.version, edited.total.minor) == (2, 2500)


class BusyShopTest:
    """A shop that prepares its history by itself, and says when to look again."""

    def test_nobody_holds_it_meanwhile(self, store: Store, shop: ShopInMemory) -> None:
        shop.keep(*(snapshot(number) for number in range(1, 4)))
        shop.first_pages = [
            asking.OrderPage(cursor="0", wait=timedelta(seconds=30)),
            asking.OrderPage(orders=(snapshot(1),), cursor="2", expected=3),
        ]
        sync = start_sync(store, Kind.HISTORY, AT)
        sitting = read_on(sync.pk, AT)
        sync.refresh_from_db()

        assert sitting == Sitting(1, is_over=False, wait=timedelta(seconds=30))
        assert (sync.status, sync.cursor, sync.failures) == (Status.RUNNING, "0", 0)
        assert timedelta(seconds=30) <= sync.next_at - AT < timedelta(seconds=40)
        assert read_on(sync.pk, AT + timedelta(seconds=20)).pages == 0
        assert read_on(sync.pk, AT + timedelta(seconds=40)) == Sitting(2, is_over=True)
        sync.refresh_from_db()
        assert (sync.status, sync.expected, counts(sync)) == (Status.DONE, 3, (2, 0, 0, 0))

    def test_a_setback_is_counted_and_told(self, store: Store, shop: ShopInMemory) -> None:
        shop.keep(snapshot(1))
        shop.first_pages = [
            asking.OrderPage(cursor="0", setback="bulk_expired"),
            asking.OrderPage(cursor="0", setback="bulk_expired", wait=timedelta(seconds=5)),
        ]
        sync = start_sync(store, Kind.HISTORY, AT)
        read_on(sync.pk, AT)
        sync.refresh_from_db()

        assert (sync.setbacks, sync.last_error) == (2, "bulk_expired")
        read_on(sync.pk, AT + HOUR)
        sync.refresh_from_db()
        assert (sync.status, sync.setbacks, sync.imported) == (Status.DONE, 2, 1)
        assert kinds(sync) == [
            "order_sync.started",
            "order_sync.set_back",
            "order_sync.set_back",
            "order_sync.done",
        ]


class ChangesTest:
    def test_since_the_last_reading_began(self, store: Store, shop: ShopInMemory) -> None:
        OrderSyncFactory.create(store=store, done=True, asked_at=AT)
        OrderSyncFactory.create(done=True, asked_at=AT + HOUR)
        sync = start_sync(store, Kind.CHANGES, AT + HOUR)

        assert sync.since == AT - timedelta(minutes=10)

    def test_a_moment_may_be_named(self, store: Store) -> None:
        assert start_sync(store, Kind.CHANGES, AT, AT - HOUR).since == AT - HOUR


class OneAtATimeTest:
    def test_a_second_one_is_refused(self, store: Store) -> None:
        running = start_sync(store, Kind.HISTORY, AT)

        with pytest.raises(SyncRunning) as refusal:
            start_sync(store, Kind.CHANGES, AT)
        assert refusal.value.details == {"sync": str(running.pk)}

    def test_the_shop_of_somebody_else_goes_on(self, store: Store) -> None:
        start_sync(store, Kind.HISTORY, AT)
        other = OrderSyncFactory.create()

        assert other.status == Status.RUNNING

    def test_while_one_worker_reads_another_leaves(self, store: Store, shop: ShopInMemory) -> None:
        shop.keep(snapshot(1))
        sync = start_sync(store, Kind.HISTORY, AT)
        sync.take(AT)

        assert read_on(sync.pk, AT) == Sitting(0, is_over=True)
        assert shop.asked == []

    def test_a_worker_that_was_overtaken_writes_nothing(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        shop.keep(snapshot(1))
        sync = start_sync(store, Kind.HISTORY, AT)

        def overtake() -> None:
            OrderSync.objects.filter(pk=sync.pk).update(turn=9)

        shop.between = overtake

        assert read_on(sync.pk, AT) == Sitting(0, is_over=True)
        sync.refresh_from_db()
        assert (sync.status, counts(sync)) == (Status.RUNNING, (0, 0, 0, 0))
        assert not Order.objects.for_store(store).exists()

    def test_the_turn_must_be_held(self, store: Store) -> None:
        sync = OrderSyncFactory.create(store=store)

        with pytest.raises(TurnLost):
            sync.turn_page(1, PageCounts(), "", AT)

    def test_a_sitting_ends_and_another_goes_on(
        self, store: Store, shop: ShopInMemory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop.keep(*(snapshot(number) for number in range(1, 4)))
        monkeypatch.setattr(syncing, "ONE_SITTING", timedelta(0))
        sync = start_sync(store, Kind.HISTORY, AT)

        assert read_on(sync.pk, AT) == Sitting(1, is_over=False)
        assert read_on(sync.pk, AT + HOUR) == Sitting(1, is_over=True)
        sync.refresh_from_db()
        assert (sync.status, counts(sync)) == (Status.DONE, (3, 0, 0, 0))


class SilentShopTest:
    def test_it_is_asked_again_when_it_said_so(self, store: Store, shop: ShopInMemory) -> None:
        shop.keep(*(snapshot(number) for number in range(1, 4)))
        shop.troubles = [None, busy(90)]
        sync = start_sync(store, Kind.HISTORY, AT)
        read_on(sync.pk, AT)
        sync.refresh_from_db()

        assert (sync.cursor, sync.imported, sync.failures) == ("2", 2, 1)
        assert sync.last_error == "shop: answered 429"
        waits = sync.next_at - AT
        assert timedelta(seconds=90) <= waits < timedelta(seconds=95)
        assert read_on(sync.pk, AT + timedelta(seconds=60)).pages == 0
        assert read_on(sync.pk, AT + timedelta(seconds=100)) == Sitting(1, is_over=True)
        assert shop.calls("changed_orders")[-1] == (EVER, "2")
        sync.refresh_from_db()
        assert (sync.status, sync.failures, sync.last_error) == (Status.DONE, 0, "")

    def test_nobody_waits_for_days(self, store: Store, shop: ShopInMemory) -> None:
        shop.troubles = [busy(999_999)]
        sync = start_sync(store, Kind.HISTORY, AT)
        read_on(sync.pk, AT)
        sync.refresh_from_db()

        assert sync.next_at < AT + HOUR + timedelta(seconds=5)

    def test_without_a_word_the_wait_doubles_and_ends_in_failure(
        self, store: Store, shop: ShopInMemory
    ) -> None:
        sync = start_sync(store, Kind.HISTORY, AT)
        for attempt in range(10):
            shop.troubles = [Unreachable("shop", "refused")]
            read_on(sync.pk, AT + attempt * HOUR)
        sync.refresh_from_db()

        assert (sync.status, sync.failures) == (Status.FAILED, 10)
        assert kinds(sync) == ["order_sync.started", "order_sync.failed"]

    def test_a_failed_one_goes_on_from_its_page(self, store: Store, shop: ShopInMemory) -> None:
        shop.keep(*(snapshot(number) for number in range(1, 4)))
        shop.troubles = [None, AccessLost()]
        sync = start_sync(store, Kind.HISTORY, AT)
        read_on(sync.pk, AT)
        sync.refresh_from_db()
        assert (sync.status, sync.last_error) == (Status.FAILED, "access_lost")

        resume_sync(sync, AT)
        read_on(sync.pk, AT)
        sync.refresh_from_db()
        assert (sync.status, counts(sync)) == (Status.DONE, (3, 0, 0, 0))

    def test_not_while_another_reads(self, store: Store) -> None:
        failed = OrderSyncFactory.create(store=store, status=Status.FAILED)
        start_sync(store, Kind.CHANGES, AT)

        with pytest.raises(SyncRunning):
            resume_sync(failed, AT)


class NotOfferedTest:
    def test_a_store_without_a_platform(self) -> None:
        with pytest.raises(SyncNotOffered) as refusal:
            start_sync(OrderSyncFactory.create().store, Kind.HISTORY, AT)
        assert refusal.value.details["why"] == "not_connected"

    def test_a_platform_that_lists_nothing(self, store: Store, shop: ShopInMemory) -> None:
        shop.capabilities = frozenset({Capability.ORDERS})

        with pytest.raises(SyncNotOffered):
            start_sync(store, Kind.HISTORY, AT)

    def test_a_shop_that_was_disconnected_meanwhile(self, store: Store) -> None:
        sync = start_sync(store, Kind.HISTORY, AT)
        store.forget_credentials()
        read_on(sync.pk, AT)
        sync.refresh_from_db()

        assert (sync.status, sync.last_error) == (Status.STOPPED, "not_connected")
        assert kinds(sync) == ["order_sync.started", "order_sync.stopped"]
