"""A shop read on demand, and what was written back to it, at the dashboard."""

from typing import Any

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.api.merchants.tests.seats import LOGIN_QUERIES, Dashboard, code_of, seat_at
from apps.core.ids import uuid7
from apps.integrations.models import OrderSync
from apps.integrations.tests.factories import (
    OrderSyncFactory,
    PlatformActionFactory,
    SyncRefusalFactory,
)
from apps.orders import tasks
from apps.orders.tests.shops import ShopInMemory, connected_shop, snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> ShopInMemory:
    return ShopInMemory()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, shop: ShopInMemory) -> Store:
    return connected_shop(monkeypatch, shop)


@pytest.fixture
def desk(store: Store) -> Dashboard:
    return seat_at(store.merchant)


def ids(desk: Dashboard, path: str, **query: Any) -> list[str]:
    return [row["id"] for row in desk.get(path, **query).json()["data"]]


class ReadingTest:
    def test_from_the_wish_to_the_figures(
        self, store: Store, shop: ShopInMemory, desk: Dashboard
    ) -> None:
        shop.keep(snapshot(1), snapshot(2, currency="USD"))
        taken = desk.send(f"stores/{store.slug}/syncs", {"kind": "history"})
        assert taken.status_code == 202
        assert taken["Location"] == f"/v1/syncs/{taken.json()['id']}"
        assert (taken.json()["status"], taken.json()["store"]) == ("running", store.slug)

        tasks.read_orders(taken.json()["id"])
        shown = desk.get(f"syncs/{taken.json()['id']}").json()
        assert (shown["status"], shown["imported"], shown["refused"]) == ("done", 1, 1)
        refused = desk.get(f"syncs/{shown['id']}/refusals").json()["data"]
        assert [(each["external_id"], each["code"]) for each in refused] == [
            ("A-2", "wrong_currency")
        ]

    def test_since_a_moment(self, store: Store, desk: Dashboard) -> None:
        body = {"kind": "changes", "since": "2026-03-01T00:00:00Z"}
        taken = desk.send(f"stores/{store.slug}/syncs", body)

        assert taken.json()["since"] == "2026-03-01T00:00:00Z"

    def test_one_at_a_time(self, store: Store, desk: Dashboard) -> None:
        running = OrderSyncFactory.create(store=store)
        refused = desk.send(f"stores/{store.slug}/syncs", {"kind": "history"})

        assert code_of(refused) == (409, "sync_running")
        assert refused.json()["details"] == {"sync": str(running.pk)}

    def test_refusals(self, store: Store, desk: Dashboard) -> None:
        path = f"stores/{store.slug}/syncs"
        assert code_of(desk.send(path, {"kind": "all"})) == (400, "invalid_form")
        other = StoreFactory.create(merchant=store.merchant)
        refused = desk.send(f"stores/{other.slug}/syncs", {"kind": "history"})
        assert code_of(refused) == (409, "sync_not_offered")
        foreign = StoreFactory.create()
        assert desk.send(f"stores/{foreign.slug}/syncs", {"kind": "history"}).status_code == 404
        reader = seat_at(store.merchant, "reader")
        assert reader.send(path, {"kind": "history"}).status_code == 403

    def test_a_failed_one_goes_on(self, store: Store, desk: Dashboard) -> None:
        failed = OrderSyncFactory.create(store=store, status="failed", cursor="4")
        assert desk.send(f"syncs/{failed.pk}/resume").json()["status"] == "running"

        again = desk.send(f"syncs/{failed.pk}/resume")
        assert code_of(again) == (409, "illegal_transition")

    def test_lists(self, store: Store, desk: Dashboard) -> None:
        first = OrderSyncFactory.create(store=store, done=True)
        second = OrderSyncFactory.create(store=store)
        OrderSyncFactory.create(store__merchant=store.merchant)
        path = f"stores/{store.slug}/syncs"

        assert ids(desk, path) == [str(second.pk), str(first.pk)]
        assert ids(desk, path, status="done") == [str(first.pk)]
        assert desk.get(f"syncs/{uuid7()}").status_code == 404

    @pytest.mark.parametrize("rows", [1, 4])
    def test_queries(self, rows: int, store: Store, desk: Dashboard) -> None:
        sync = OrderSyncFactory.create(store=store)
        SyncRefusalFactory.create_batch(rows, sync=sync)
        PlatformActionFactory.create_batch(rows, store=store)
        for _ in range(rows):
            OrderSyncFactory.create(store=store, done=True)

        assert desk.queries(f"stores/{store.slug}/syncs") == LOGIN_QUERIES + 2
        assert desk.queries(f"syncs/{sync.pk}") == LOGIN_QUERIES + 1
        assert desk.queries(f"syncs/{sync.pk}/refusals") == LOGIN_QUERIES + 2
        assert desk.queries("platform-actions") == LOGIN_QUERIES + 1


class PlatformActionsTest:
    def test_lists(self, store: Store, desk: Dashboard) -> None:
        first = PlatformActionFactory.create(store=store, status="not_offered", why="Too small")
        second = PlatformActionFactory.create(
            store__merchant=store.merchant, kind="restock", status="parked"
        )
        PlatformActionFactory.create()
        path = "platform-actions"

        assert ids(desk, path) == [str(second.pk), str(first.pk)]
        assert ids(desk, path, store=store.slug) == [str(first.pk)]
        assert ids(desk, path, status="parked") == [str(second.pk)]
        assert ids(desk, path, kind="restock") == [str(second.pk)]
        assert ids(desk, path, ret=str(first.ret_id)) == [str(first.pk)]
        shown = desk.get(f"{path}/{first.pk}").json()
        assert (shown["status"], shown["why"], shown["ret"]) == (
            "not_offered",
            "Too small",
            str(first.ret_id),
        )
        assert "payload" not in shown

    def test_replayed(self, store: Store, desk: Dashboard) -> None:
        parked = PlatformActionFactory.create(store=store, status="parked", attempts=10)
        shown = desk.send(f"platform-actions/{parked.pk}/replay").json()
        assert (shown["status"], shown["attempts"]) == ("pending", 0)

        again = desk.send(f"platform-actions/{parked.pk}/replay")
        assert code_of(again) == (409, "illegal_transition")
        foreign = PlatformActionFactory.create(status="parked")
        assert desk.send(f"platform-actions/{foreign.pk}/replay").status_code == 404
        assert OrderSync.objects.count() == 0
