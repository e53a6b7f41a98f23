from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import Customer, Store
from apps.accounts.tests.factories import CustomerFactory, StoreFactory
from apps.api.conftest import DOMAIN
from apps.api.customers.base import CustomersStoreView
from apps.api.tests.factories import TOKEN, CustomerSessionFactory
from apps.deliveries.tests.factories import ShipmentFactory
from apps.orders.models import Order
from apps.orders.tests.factories import OrderFactory, ReturnFactory

BASE = "/v1/stores/shop"


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create(slug="shop")


@pytest.fixture
def customer(store: Store) -> Customer:
    return CustomerFactory.create(merchant=store.merchant)


@pytest.fixture
def client(store: Store, customer: Customer) -> APIClient:
    CustomerSessionFactory.create(store=store, customer=customer)
    return APIClient(
        headers={"host": f"customers-api.{DOMAIN}", "authorization": f"Bearer {TOKEN}"}
    )


def order_of(customer: Customer, store: Store, **named: Any) -> Order:
    return OrderFactory.create(store=store, merchant=store.merchant, customer=customer, **named)


class OwnOrdersTest:
    def test_lists_own_orders_of_this_store(
        self, store: Store, customer: Customer, client: APIClient
    ) -> None:
        own = order_of(customer, store)
        order_of(CustomerFactory.create(merchant=store.merchant), store)
        order_of(customer, StoreFactory.create(merchant=store.merchant))
        body = client.get(f"{BASE}/orders").json()

        assert [row["id"] for row in body["data"]] == [str(own.pk)]
        assert body["data"][0]["total"] == {"amount": "100.00", "currency": "EUR"}
        assert set(body["data"][0]) == {"id", "number", "placed_at", "delivered_at", "total"}
        assert body["next_cursor"] is None

    def test_any_list_costs_three_queries(
        self,
        store: Store,
        customer: Customer,
        client: APIClient,
        django_assert_num_queries: Any,
    ) -> None:
        for _ in range(3):
            order_of(customer, store)
        with django_assert_num_queries(3):
            client.get(f"{BASE}/orders")

    def test_shows_an_order_with_its_lines(
        self, store: Store, customer: Customer, client: APIClient
    ) -> None:
        own = order_of(customer, store)
        body = client.get(f"{BASE}/orders/{own.pk}").json()

        assert [(line["title"], line["quantity"]) for line in body["lines"]] == [
            ("T-shirt", 2),
            ("Trousers", 1),
        ]
        assert body["lines"][0]["paid"] == {"amount": "50.00", "currency": "EUR"}

    def test_the_rows_of_others_are_missing(self, store: Store, client: APIClient) -> None:
        other = CustomerFactory.create(merchant=store.merchant)
        order = order_of(other, store)
        ret = ReturnFactory.create(order=order)

        assert client.get(f"{BASE}/orders/{order.pk}").status_code == 404
        assert client.get(f"{BASE}/returns/{ret.pk}").status_code == 404
        assert client.post(f"{BASE}/returns/{ret.pk}/tracking", {}).status_code == 404


class OwnReturnsTest:
    def test_lists_and_shows_own_returns(
        self, store: Store, customer: Customer, client: APIClient
    ) -> None:
        ret = ReturnFactory.create(order=order_of(customer, store))
        ShipmentFactory.create(ret=ret, tracking_number="ZX1", carrier="Own")
        listed = client.get(f"{BASE}/returns").json()["data"]
        body = client.get(f"{BASE}/returns/{ret.pk}").json()

        assert [(row["id"], row["net"]) for row in listed] == [
            (str(ret.pk), {"amount": "100.00", "currency": "EUR"})
        ]
        assert body["number"] == ret.number
        assert [line["title"] for line in body["lines"]] == ["T-shirt", "Trousers"]
        assert [s["tracking_number"] for s in body["shipments"]] == ["ZX1"]
        assert "notes" not in body

    def test_gives_the_own_tracking_number(
        self, store: Store, customer: Customer, client: APIClient
    ) -> None:
        ret = ReturnFactory.create(order=order_of(customer, store))
        shipment = ShipmentFactory.create(ret=ret)
        path = f"{BASE}/returns/{ret.pk}/tracking"
        refused = client.post(path, {"number": "?"})
        given = client.post(path, {"number": "zx-12 345 678", "carrier": "Own"})
        shipment.refresh_from_db()

        assert (refused.status_code, given.status_code) == (400, 204)
        assert refused.json()["code"] == "not_a_tracking_number"
        assert (shipment.tracking_number, shipment.carrier) == ("ZX12345678", "Own")


class CallersTest:
    def test_every_view_names_who_calls(
        self, store: Store, customer: Customer, client: APIClient
    ) -> None:
        from apps.api.customers.base import CustomersView
        from apps.api.customers.views import ProfileView

        response = client.get(f"{BASE}/me")
        view: CustomersView = response.renderer_context["view"]  # type: ignore[attr-defined]

        assert isinstance(view, ProfileView)
        assert view.family == f"customer:{customer.pk}"
        assert CustomersStoreView.family.fget(view) == f"store:{store.pk}"  # type: ignore[attr-defined]
        assert CustomersStoreView.actor.fget(view).id == ""  # type: ignore[attr-defined]
