from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.api.merchants.tests.seats import LOGIN_QUERIES, Dashboard, code_of, seat_at
from apps.core import clock
from apps.core.ids import uuid7
from apps.orders.tests.factories import OrderFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return StoreFactory.create()


@pytest.fixture
def desk(store: Store) -> Dashboard:
    return seat_at(store.merchant, "reader")


def numbers(response: Any) -> list[str]:
    return [order["number"] for order in response.json()["data"]]


class MeTest:
    def test_who_i_am_and_what_i_may(self, store: Store) -> None:
        desk = seat_at(store.merchant, "owner")
        shown = desk.get("me").json()

        assert shown["user"] == {
            "id": str(desk.user.pk),
            "name": desk.user.name,
            "email": desk.user.email,
        }
        assert shown["merchant"]["id"] == str(store.merchant_id)
        assert (shown["role"]["is_owner"], shown["role"]["may_refund"]) == (True, True)
        assert shown["second_factor"] is False


class OrderListTest:
    def test_newest_first_page_by_page(self, store: Store, desk: Dashboard) -> None:
        now = clock.now()
        for days in (3, 1, 2):
            OrderFactory.create(
                store=store, number=f"#{days}", placed_at=now - timedelta(days=days)
            )
        first = desk.get("orders", limit=2)
        second = desk.get("orders", limit=2, cursor=first.json()["next_cursor"])

        assert numbers(first) == ["#1", "#2"]
        assert numbers(second) == ["#3"]
        assert second.json()["next_cursor"] is None

    @pytest.mark.parametrize("q", ["1001", "#1001", "ANA@shop.example", "lóp", "TS-9", " #1001 "])
    def test_search_by_number_mail_name_and_sku(
        self, q: str, store: Store, desk: Dashboard
    ) -> None:
        OrderFactory.create(
            store=store,
            number="#1001",
            email="ana@shop.example",
            customer__name="Ana López",
            lines=[{"sku": "TS-9"}],
        )
        OrderFactory.create(store=store, number="#2002")

        assert numbers(desk.get("orders", q=q)) == ["#1001"]

    def test_flagged(self, store: Store, desk: Dashboard) -> None:
        OrderFactory.create(store=store, number="#1", flags=["totals_differ"])
        OrderFactory.create(store=store, number="#2")
        edited = ["line_with_return_edited", "totals_differ"]
        OrderFactory.create(
            store=store, number="#3", flags=edited, placed_at=clock.now() - timedelta(days=90)
        )

        assert numbers(desk.get("orders", flag="any")) == ["#1", "#3"]
        assert numbers(desk.get("orders", flag="totals_differ")) == ["#1", "#3"]
        assert numbers(desk.get("orders", flag="line_with_return_edited")) == ["#3"]
        assert desk.get("orders", flag="blue").status_code == 400

    def test_filters(self, store: Store, desk: Dashboard) -> None:
        other = StoreFactory.create(merchant=store.merchant)
        old = clock.now() - timedelta(days=90)
        OrderFactory.create(store=store, number="#1", shipping_address={"country": "FR"})
        OrderFactory.create(store=other, number="#2", placed_at=old)

        assert numbers(desk.get("orders", store=other.slug)) == ["#2"]
        assert numbers(desk.get("orders", country="FR")) == ["#1"]
        after = (old + timedelta(days=1)).isoformat()
        assert numbers(desk.get("orders", placed_from=after)) == ["#1"]
        assert numbers(desk.get("orders", placed_until=after)) == ["#2"]

    @pytest.mark.parametrize(
        "query", [{"colour": "red"}, {"limit": 0}, {"limit": 101}, {"country": "Spain"}]
    )
    def test_a_bad_query_is_refused(self, query: dict[str, Any], desk: Dashboard) -> None:
        assert code_of(desk.get("orders", **query)) == (400, "invalid_form")

    def test_another_merchants_orders_are_not_there(self, desk: Dashboard) -> None:
        foreign = OrderFactory.create()

        assert numbers(desk.get("orders")) == []
        assert code_of(desk.get(f"orders/{foreign.pk}")) == (404, "not_found")
        assert code_of(desk.get(f"orders/{uuid7()}")) == (404, "not_found")

    def test_the_role_decides(self, store: Store) -> None:
        nobody = seat_at(store.merchant, "may_refund")

        assert nobody.get("orders").status_code == 403


class OrderDetailTest:
    def test_lines_and_payments(self, store: Store, desk: Dashboard) -> None:
        order = OrderFactory.create(store=store)
        shown = desk.get(f"orders/{order.pk}").json()

        assert shown["total"] == {"amount": "100.00", "currency": "EUR"}
        assert [(line["sku"], line["quantity"]) for line in shown["lines"]] == [
            ("TS-1", 2),
            ("TR-1", 1),
        ]
        assert [payment["kind"] for payment in shown["payments"]] == ["card"]


class QueryCountTest:
    """Counted with the login, which costs LOGIN_QUERIES of them."""

    @pytest.mark.parametrize("rows", [1, 6])
    def test_list(self, rows: int, store: Store, desk: Dashboard) -> None:
        OrderFactory.create_batch(rows, store=store)

        assert desk.queries("orders") == LOGIN_QUERIES + 2

    @pytest.mark.parametrize("rows", [1, 6])
    def test_detail(self, rows: int, store: Store, desk: Dashboard) -> None:
        order = OrderFactory.create(store=store, lines=[{"quantity": 1}] * rows)

        assert desk.queries(f"orders/{order.pk}") == LOGIN_QUERIES + 3
