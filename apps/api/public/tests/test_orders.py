from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.api.conftest import ClientOf
from apps.api.public.tests.orders import euros, line, order
from apps.core import clock
from apps.core.ids import uuid7
from apps.events.models import Event
from apps.orders.models import LineItem, Order
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.users.models import ApiKey
from apps.users.tests.factories import ApiKeyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return StoreFactory.create()


@pytest.fixture
def key(store: Store) -> ApiKey:
    """Used a moment ago, so that noting its use costs no query."""
    return ApiKeyFactory.create(merchant=store.merchant, last_used_at=clock.now())


@pytest.fixture
def client(key: ApiKey, client_of: ClientOf) -> APIClient:
    return client_of(key)


def code_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def rows() -> tuple[int, int, int]:
    return Order.objects.count(), LineItem.objects.count(), Event.objects.count()


class TellAnOrderTest:
    def test_new_then_unchanged_then_changed(self, client: APIClient, store: Store) -> None:
        first = client.post("/v1/orders", order())
        same = client.post("/v1/orders", order())
        changed = client.post("/v1/orders", order(number="#1002"))

        assert (first.status_code, first.json()["result"]) == (201, "created")
        assert (same.status_code, same.json()["result"]) == (200, "unchanged")
        assert (changed.json()["result"], changed.json()["version"]) == ("updated", 2)
        assert first.json()["total"] == euros("20.00")
        assert first.json()["store"] == store.slug
        assert first.json()["payments"][0]["captured"] == euros("20.00")
        assert Order.objects.get().number == "#1002"

    def test_stale_news(self, client: APIClient) -> None:
        client.post("/v1/orders", order(updated_at="2026-03-03T08:00:00Z"))
        old = client.post("/v1/orders", order(updated_at="2026-03-02T09:00:00Z", number="#2"))

        assert (old.status_code, old.json()["result"]) == (200, "stale")

    def test_a_merchant_of_several_stores_names_one(self, client: APIClient, store: Store) -> None:
        other = StoreFactory.create(merchant=store.merchant)
        foreign = StoreFactory.create()

        assert code_of(client.post("/v1/orders", order())) == (400, "store_unclear")
        assert code_of(client.post("/v1/orders", order(store=foreign.slug))) == (
            400,
            "store_unclear",
        )
        told = client.post("/v1/orders", order(store=other.slug))
        assert told.json()["store"] == other.slug

    @pytest.mark.parametrize(
        ("body", "answer"),
        [
            (order(colour="red"), (400, "invalid_form")),
            (order(lines=[line(quantity=-1)]), (400, "invalid_form")),
            (order(lines=[line(quantity=0.5)]), (400, "invalid_form")),
            (
                order(lines=[line(total={"amount": "1.00", "currency": "USD"})]),
                (400, "invalid_form"),
            ),
            (
                order(
                    currency="USD",
                    total={"amount": "1.00", "currency": "USD"},
                    lines=[line(unit_price={"amount": "0.50", "currency": "USD"})],
                ),
                (400, "wrong_currency"),
            ),
            (
                order(
                    payments=[
                        {
                            "external_id": "p",
                            "kind": "card",
                            "captured": euros("1.00"),
                            "refunded": euros("1.01"),
                        }
                    ]
                ),
                (400, "refunded_more_than_captured"),
            ),
            ([], (400, "invalid_form")),
            ("order", (400, "invalid_form")),
        ],
    )
    def test_bad_input_changes_nothing(
        self, body: Any, answer: tuple[int, str], client: APIClient
    ) -> None:
        assert code_of(client.post("/v1/orders", body)) == answer
        assert rows() == (0, 0, 0)

    @pytest.mark.parametrize(
        "raw",
        [
            b"[" * 10_000 + b"]" * 10_000,
            b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
            b'{"external_id": "a\\u0000b"}',
            b'{"external_id": "\\ud800"}',
            b'{"external_id": "a", "external_id": "b"}',
            b'{"total": NaN}',
            b"\xff",
            b"",
        ],
    )
    def test_hostile_bodies_are_4xx_and_change_nothing(self, raw: bytes, client: APIClient) -> None:
        response = client.post("/v1/orders", data=raw, content_type="application/json")

        assert response.status_code == 400
        assert response.json()["code"]
        assert rows() == (0, 0, 0)

    def test_a_body_too_large(self, client: APIClient) -> None:
        raw = b" " * (256 * 1024 + 1)
        response = client.post("/v1/orders", data=raw, content_type="application/json")

        assert code_of(response) == (413, "body_too_large")

    def test_a_key_replays_and_refuses_another_body(self, client: APIClient) -> None:
        named = {"idempotency-key": "k-1"}
        first = client.post("/v1/orders", order(), headers=named)
        again = client.post("/v1/orders", order(), headers=named)
        other = client.post("/v1/orders", order(number="#9"), headers=named)

        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert code_of(other) == (422, "idempotency_key_reused")
        assert Order.objects.get().number == "#1001"

    def test_a_refusal_replays_too(self, client: APIClient) -> None:
        StoreFactory.create(merchant=ApiKey.objects.get().merchant)
        named = {"idempotency-key": "k-2"}
        first = client.post("/v1/orders", order(), headers=named)
        again = client.post("/v1/orders", order(), headers=named)

        assert code_of(first) == (400, "store_unclear")
        assert again["Idempotent-Replayed"] == "true"

    def test_a_line_on_its_way_back_keeps_its_sums(self, client: APIClient) -> None:
        client.post("/v1/orders", order())
        ReturnFactory.create(order=Order.objects.get())
        told = client.post("/v1/orders", order(lines=[line(quantity=1)], total=euros("10.00")))

        assert told.json()["lines"][0]["quantity"] == 2
        assert "line_with_return_edited" in told.json()["flags"]

    def test_scopes(self, store: Store, client_of: ClientOf) -> None:
        reader = client_of(ApiKeyFactory.create(merchant=store.merchant, scopes=["read"]))
        writer = client_of(ApiKeyFactory.create(merchant=store.merchant, scopes=["orders:write"]))

        assert code_of(reader.post("/v1/orders", order())) == (403, "permission_denied")
        assert code_of(reader.post("/v1/orders/bulk", {"orders": [order()]})) == (
            403,
            "permission_denied",
        )
        assert writer.post("/v1/orders", order()).status_code == 201
        assert code_of(writer.get("/v1/orders")) == (403, "permission_denied")
        assert reader.get("/v1/orders").status_code == 200


class BulkTest:
    def test_each_order_stands_for_itself(self, client: APIClient) -> None:
        told = [
            order(),
            order(external_id="A-2", lines=[line(quantity=0)]),
            order(external_id="A-3", store="nobody"),
            "order",
            order(number="#7"),
        ]
        shown = client.post("/v1/orders/bulk", {"orders": told}).json()

        assert [each.get("result") for each in shown["results"]] == [
            "created",
            None,
            None,
            None,
            "updated",
        ]
        assert [each["problem"]["code"] for each in shown["results"][1:4]] == [
            "invalid_form",
            "store_unclear",
            "invalid_form",
        ]
        assert shown["refused"] == 3
        assert Order.objects.get().number == "#7"

    def test_too_many(self, client: APIClient) -> None:
        response = client.post("/v1/orders/bulk", {"orders": [1] * 101})

        assert code_of(response) == (400, "invalid_form")


class ReadOrdersTest:
    def test_list_with_filters(self, client: APIClient, store: Store) -> None:
        named: dict[str, Any] = {"store": store}
        OrderFactory.create(**named, number="#1", external_id="x-1", email="ana@shop.example")
        OrderFactory.create(**named, number="#2")
        OrderFactory.create()

        def numbers(**query: Any) -> set[str]:
            return {each["number"] for each in client.get("/v1/orders", query).json()["data"]}

        assert numbers() == {"#1", "#2"}
        assert numbers(number="1") == {"#1"}
        assert numbers(external_id="x-1") == {"#1"}
        assert numbers(email="ANA@shop.example") == {"#1"}
        assert numbers(store=store.slug) == {"#1", "#2"}
        assert numbers(store="nobody") == set()

    def test_pages(self, client: APIClient, store: Store) -> None:
        OrderFactory.create_batch(3, store=store)
        first = client.get("/v1/orders", {"limit": 2}).json()
        rest = client.get("/v1/orders", {"limit": 2, "cursor": first["next_cursor"]}).json()

        assert len(first["data"]) == 2
        assert len(rest["data"]) == 1
        assert rest["next_cursor"] is None

    @pytest.mark.parametrize(
        "query", [{"limit": 1000}, {"cursor": "AAAA"}, {"ordering": "total"}, {"x": 1}]
    )
    def test_bad_queries(self, query: dict[str, Any], client: APIClient) -> None:
        assert client.get("/v1/orders", query).status_code == 400

    def test_one_with_its_etag(self, client: APIClient, store: Store) -> None:
        path = f"/v1/orders/{OrderFactory.create(store=store).pk}"
        first = client.get(path)

        assert first.json()["lines"][0]["paid"] == euros("50.00")
        assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304

    def test_foreign_and_missing_are_the_same(self, client: APIClient) -> None:
        foreign = OrderFactory.create()

        for pk in (foreign.pk, uuid7()):
            assert code_of(client.get(f"/v1/orders/{pk}")) == (404, "not_found")

    @pytest.mark.parametrize("count", [1, 6])
    def test_queries_with_the_key(self, count: int, client: APIClient, store: Store) -> None:
        orders = OrderFactory.create_batch(count, store=store, lines=[{"quantity": 1}] * count)
        for path, most in (("/v1/orders", 3), (f"/v1/orders/{orders[0].pk}", 4)):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            assert len(captured) == most
