"""Shoppers ask for their own data and for erasure, signed in at one store."""

from typing import Any

import pytest
from kombu.exceptions import OperationalError
from rest_framework.test import APIClient

from apps.accounts.models import Customer, Store
from apps.accounts.tests.factories import CustomerFactory, StoreFactory
from apps.api import tasks
from apps.api.conftest import DOMAIN
from apps.api.tests.factories import TOKEN, CustomerSessionFactory
from apps.core import clock
from apps.orders.models import Order, PrivacyRequest
from apps.orders.modules.privacy import choices
from apps.orders.modules.privacy.tests.factories import PrivacyRequestFactory
from apps.orders.tests.factories import OrderFactory, ReturnFactory

PATH = "/v1/stores/shop/privacy-requests"


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create(slug="shop")


@pytest.fixture
def customer(store: Store) -> Customer:
    return CustomerFactory.create(merchant=store.merchant, name="Ana Gil", email="ana@x.example")


@pytest.fixture
def order(store: Store, customer: Customer) -> Order:
    return OrderFactory.create(
        store=store, merchant=store.merchant, customer=customer, email=customer.email
    )


@pytest.fixture
def client(store: Store, customer: Customer, valkey: None) -> APIClient:
    CustomerSessionFactory.create(store=store, customer=customer)
    return APIClient(
        headers={"host": f"customers-api.{DOMAIN}", "authorization": f"Bearer {TOKEN}"}
    )


def ask(client: APIClient, kind: str) -> Any:
    return client.post(PATH, {"kind": kind})


class OwnRequestsTest:
    def test_the_own_data_of_this_store(
        self, client: APIClient, order: Order, customer: Customer
    ) -> None:
        elsewhere = StoreFactory.create(merchant=order.merchant)
        OrderFactory.create(store=elsewhere, merchant=order.merchant, customer=customer)
        made = ask(client, "export")
        path = f"{PATH}/{made.json()['id']}"
        told = client.post(f"{path}/export").json()

        assert (made.status_code, made["Location"]) == (201, path)
        assert told["customer"]["name"] == "Ana Gil"
        assert [each["number"] for each in told["orders"]] == [order.number]
        after = client.get(path).json()
        assert (after["status"], after["asked_by"], after["why"]) == ("done", "shopper", [])
        assert ask(client, "export").status_code == 201

    def test_erasure_is_done_by_a_worker_and_asked_for_once(
        self,
        client: APIClient,
        order: Order,
        customer: Customer,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        ret = ReturnFactory.create(order=order, number="R7")
        with django_capture_on_commit_callbacks(execute=True):
            made = ask(client, "erasure")
        again = ask(client, "erasure")

        assert (made.status_code, again.status_code) == (201, 200)
        assert again.json()["id"] == made.json()["id"]
        assert (again.json()["status"], again.json()["why"]) == ("postponed", ["return_open:R7"])
        assert again.json()["due_at"] > made.json()["due_at"]
        type(ret).objects.filter(pk=ret.pk).update(status="cancelled")
        assert tasks.erase_shopper(made.json()["id"]) == "done"
        order.refresh_from_db()
        customer.refresh_from_db()
        assert (order.email, customer.email) == ("", "")
        assert client.get(PATH).status_code == 401

    def test_without_a_broker_it_is_swept(
        self,
        client: APIClient,
        order: Order,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        def refuse(*_: object) -> None:
            raise OperationalError

        monkeypatch.setattr(tasks.erase_shopper, "delay", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            assert ask(client, "erasure").status_code == 201
        assert tasks.erase_shoppers() == 1
        assert PrivacyRequest.objects.get().status == "done"

    def test_whoever_asked_about_them_and_nobody_else(
        self, client: APIClient, store: Store, customer: Customer
    ) -> None:
        mine = PrivacyRequestFactory.create(store=store, customer=customer)
        mine.refuse("Not the shopper", clock.now())
        PrivacyRequestFactory.create(store=StoreFactory.create(merchant=store.merchant))
        theirs = PrivacyRequestFactory.create(
            store=store, customer=CustomerFactory.create(merchant=store.merchant)
        )
        (shown,) = client.get(PATH).json()["data"]

        assert (shown["id"], shown["refusal"]) == (str(mine.pk), "Not the shopper")
        assert client.get(f"{PATH}/{theirs.pk}").status_code == 404
        # Taken by who asked for it: the merchant hands this one out, and it was refused.
        assert client.post(f"{PATH}/{mine.pk}/export").status_code == 404
        PrivacyRequest.objects.update(source=choices.PrivacyRequest.Source.SHOPPER)
        assert client.post(f"{PATH}/{mine.pk}/export").json()["code"] == "privacy_request_refused"

    def test_five_a_day(self, client: APIClient) -> None:
        answers = [ask(client, "export").status_code for _ in range(6)]

        assert answers == [201, 200, 200, 200, 200, 429]
        assert ask(client, "shop").status_code == 400
