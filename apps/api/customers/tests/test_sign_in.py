import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.accounts.models import Customer, Store
from apps.accounts.tests.factories import CustomerFactory, StoreFactory
from apps.api import tasks
from apps.api.conftest import DOMAIN
from apps.api.models import CustomerSession, LoginCode
from apps.api.tests.factories import TOKEN, CustomerSessionFactory
from apps.core import clock
from apps.orders.tests.factories import OrderFactory

EMAIL = "ana@shopper.example"


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create(slug="shop", name="Tienda")


@pytest.fixture
def customer(store: Store) -> Customer:
    customer = CustomerFactory.create(merchant=store.merchant, email=EMAIL, language="es")
    OrderFactory.create(store=store, merchant=store.merchant, customer=customer)
    return customer


@pytest.fixture
def client() -> APIClient:
    return APIClient(headers={"host": f"customers-api.{DOMAIN}"})


type Ask = Callable[[str], Any]


@pytest.fixture
def ask(client: APIClient, django_capture_on_commit_callbacks: Any) -> Ask:
    def post(email: str) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post("/v1/stores/shop/codes", {"email": email})

    return post


class SignInTest:
    def test_the_code_of_the_mail_opens_a_session(
        self, customer: Customer, client: APIClient, ask: Ask, mailoutbox: list[Any]
    ) -> None:
        asked = ask(EMAIL.upper())
        code = re.findall(r"\d{6}", mailoutbox[0].body)[0]
        answer = {"code_id": asked.json()["id"], "code": code}
        signed_in = client.post("/v1/stores/shop/sessions", answer)
        bearer = {"authorization": f"Bearer {signed_in.json()['token']}"}
        profile = client.get("/v1/stores/shop/me", headers=bearer)
        again = client.post("/v1/stores/shop/sessions", answer)
        customer.refresh_from_db()

        assert (asked.status_code, signed_in.status_code, again.status_code) == (202, 201, 401)
        assert mailoutbox[0].to == [EMAIL]
        assert mailoutbox[0].subject == "Tu código para Tienda"
        assert profile.json() == {
            "email": EMAIL,
            "name": customer.name,
            "phone": "",
            "language": "es",
        }
        assert again.json()["code"] == "code_refused"
        assert customer.email_verified_at is not None

    def test_known_and_unknown_addresses_look_alike(
        self, customer: Customer, ask: Ask, mailoutbox: list[Any]
    ) -> None:
        known, unknown = ask(EMAIL), ask("nobody@shopper.example")

        assert known.status_code == unknown.status_code == 202
        assert set(known.json()) == set(unknown.json()) == {"id", "expires_at"}
        assert [mail.to for mail in mailoutbox] == [[EMAIL]]

    def test_a_customer_of_another_store_gets_no_mail(
        self, customer: Customer, store: Store, client: APIClient
    ) -> None:
        other = StoreFactory.create(merchant=store.merchant)
        row = LoginCode.ask(other, EMAIL, clock.now())

        assert tasks.send_login_code(str(row.pk)) is False

    def test_a_mail_in_english_where_the_language_is_none_of_ours(
        self, customer: Customer, store: Store, mailoutbox: list[Any]
    ) -> None:
        Customer.objects.update(language="eu")
        row = LoginCode.ask(store, EMAIL, clock.now())

        assert tasks.send_login_code(str(row.pk)) is True
        assert mailoutbox[0].subject == "Your code for Tienda"

    @pytest.mark.parametrize(
        "answer",
        [
            {"code_id": "01a2144e-efb0-75ed-8f35-36db49f308df", "code": "000000"},
            {"code_id": None, "code": "wrong!"},
        ],
    )
    def test_a_wrong_code_is_refused(
        self, answer: dict[str, Any], customer: Customer, client: APIClient, ask: Ask
    ) -> None:
        asked = ask(EMAIL).json()["id"]
        response = client.post(
            "/v1/stores/shop/sessions", {**answer, "code_id": answer["code_id"] or asked}
        )

        assert response.status_code == 401
        assert response.json()["code"] == "code_refused"

    def test_a_code_of_another_store_is_refused(
        self, customer: Customer, client: APIClient, ask: Ask
    ) -> None:
        asked = ask(EMAIL).json()["id"]
        StoreFactory.create(slug="other")
        response = client.post("/v1/stores/other/sessions", {"code_id": asked, "code": "000000"})

        assert response.status_code == 401

    def test_five_mails_an_hour_to_an_address(self, store: Store, ask: Ask) -> None:
        statuses = [ask(EMAIL).status_code for _ in range(6)]

        assert statuses == [202] * 5 + [429]
        assert ask("other@shopper.example").status_code == 202

    def test_ten_tries_an_hour_at_an_account(
        self, customer: Customer, store: Store, client: APIClient
    ) -> None:
        statuses = []
        for _ in range(3):
            row = LoginCode.ask(store, EMAIL, clock.now())
            for _ in range(4):
                answer = {"code_id": str(row.pk), "code": "wrong!"}
                statuses.append(client.post("/v1/stores/shop/sessions", answer).status_code)

        assert statuses == [401] * 10 + [429] * 2

    def test_signing_out_ends_the_session(self, customer: Customer, client: APIClient) -> None:
        store = Store.objects.get(slug="shop")
        CustomerSessionFactory.create(store=store, customer=customer)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
        out = client.delete("/v1/stores/shop/session")

        assert out.status_code == 204
        assert client.get("/v1/stores/shop/me").status_code == 401
        assert CustomerSession.objects.get().ended_at is not None

    def test_an_idle_session_is_over(self, customer: Customer, client: APIClient) -> None:
        store = Store.objects.get(slug="shop")
        idle = clock.now() - timedelta(minutes=60)
        CustomerSessionFactory.create(store=store, customer=customer, last_seen_at=idle)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {TOKEN}")

        assert client.get("/v1/stores/shop/me").status_code == 401
