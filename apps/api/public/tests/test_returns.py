from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.api.conftest import ClientOf
from apps.api.public.tests.test_orders import code_of
from apps.core import clock
from apps.core.ids import uuid7
from apps.orders.models import Return
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.users.models import ApiKey
from apps.users.tests.factories import ApiKeyFactory

type Send = Callable[..., Any]


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create()


@pytest.fixture
def key(store: Store) -> ApiKey:
    return ApiKeyFactory.create(merchant=store.merchant, last_used_at=clock.now())


@pytest.fixture
def client(key: ApiKey, client_of: ClientOf) -> APIClient:
    return client_of(key)


@pytest.fixture
def send(client: APIClient) -> Send:
    """Each call with a key of its own."""

    def call(ret: Return, act: str, body: Any = None) -> Any:
        return client.post(
            f"/v1/returns/{ret.pk}/{act}", body or {}, headers={"idempotency-key": uuid7().hex}
        )

    return call


def return_of(store: Store, **named: Any) -> Return:
    return ReturnFactory.create(order__store=store, **named)


def accepted(ret: Return, **named: Any) -> dict[str, Any]:
    return {
        "units": [
            {"line": str(line.pk), "outcome": "accepted", **named} for line in ret.lines.all()
        ]
    }


class ReadReturnsTest:
    def test_list_with_filters(self, client: APIClient, store: Store) -> None:
        first = return_of(store, order__external_id="x-1")
        second = return_of(store, accepted=True)
        ReturnFactory.create()

        def numbers(**query: Any) -> set[str]:
            return {each["number"] for each in client.get("/v1/returns", query).json()["data"]}

        assert numbers() == {first.number, second.number}
        assert numbers(status="accepted") == {second.number}
        assert numbers(number=first.number) == {first.number}
        assert numbers(order="x-1") == {first.number}
        assert numbers(store=store.slug) == {first.number, second.number}
        assert numbers(store="nobody") == set()

    def test_one_with_its_breakdown(self, client: APIClient, store: Store) -> None:
        ret = return_of(store)
        shown = client.get(f"/v1/returns/{ret.pk}").json()

        assert shown["net"] == {"amount": "100.00", "currency": "EUR"}
        assert shown["breakdown"] == ret.breakdown
        assert len(shown["lines"]) == 2

    def test_exchanges_are_shown(self, client: APIClient, store: Store) -> None:
        order = OrderFactory.create(store=store)
        line = order.lines.all()[0]
        ret = ReturnFactory.create(
            order=order, lines=[{"line_item": line, "quantity": 1, "exchange": {"variant_id": "v"}}]
        )
        (shown,) = client.get(f"/v1/returns/{ret.pk}").json()["exchanges"]

        assert (shown["quantity"], shown["status"]) == (1, "requested")

    @pytest.mark.parametrize("count", [1, 6])
    def test_queries_with_the_key(self, count: int, client: APIClient, store: Store) -> None:
        returns = [return_of(store, order__lines=[{"quantity": 1}] * count) for _ in range(count)]
        for path, most in (("/v1/returns", 3), (f"/v1/returns/{returns[0].pk}", 4)):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            assert len(captured) == most


class DecideTest:
    def test_from_request_to_accepted(self, store: Store, send: Send) -> None:
        ret = return_of(store, requested=True)
        steps = [
            send(ret, "approve"),
            send(ret, "receive", {"received_at": "2026-03-02T08:05:00Z"}),
            send(ret, "decisions", accepted(ret)),
        ]

        assert [step.json()["status"] for step in steps] == ["in_progress", "received", "accepted"]
        assert steps[1].json()["received_at"] == "2026-03-02T08:05:00Z"
        assert [event.actor_kind for event in ret.timeline] == ["api"] * ret.timeline.count()

    def test_reject(self, store: Store, send: Send) -> None:
        ret = return_of(store)
        shown = send(ret, "reject", {"reason": "Worn"}).json()

        assert shown["status"] == "rejected"
        assert {line["reject_reason"] for line in shown["lines"]} == {"Worn"}

    def test_the_key_is_required(self, client: APIClient, store: Store) -> None:
        ret = return_of(store, requested=True)
        for act in ("approve", "reject", "receive", "decisions"):
            response = client.post(f"/v1/returns/{ret.pk}/{act}", {})
            assert code_of(response) == (400, "idempotency_key_missing")

    @pytest.mark.parametrize(
        ("change", "answer"),
        [
            ({"quantity": -1}, (400, "invalid_form")),
            ({"quantity": 0.5}, (400, "invalid_form")),
            ({"colour": "red"}, (400, "invalid_form")),
            ({"outcome": "rejected"}, (400, "invalid_form")),
            ({"quantity": 9}, (409, "more_units_than_held")),
            ({"line": str(uuid7())}, (404, "unknown_return_line")),
        ],
    )
    def test_bad_input_changes_nothing(
        self, change: dict[str, Any], answer: tuple[int, str], store: Store, send: Send
    ) -> None:
        ret = return_of(store, received=True)

        assert code_of(send(ret, "decisions", accepted(ret, **change))) == answer
        assert {line.decision for line in ret.lines.all()} == {"pending"}
        assert ret.timeline.count() == 0

    @pytest.mark.parametrize(
        ("act", "body"),
        [
            ("approve", {}),
            ("reject", {"reason": "No"}),
            ("receive", {}),
            ("decisions", {"units": [{"line": str(uuid7()), "outcome": "accepted"}]}),
        ],
    )
    def test_a_foreign_return_is_not_there(
        self, act: str, body: dict[str, Any], send: Send
    ) -> None:
        foreign = ReturnFactory.create()

        assert code_of(send(foreign, act, body)) == (404, "not_found")
        assert foreign.timeline.count() == 0

    def test_an_unknown_field_of_an_empty_body(self, store: Store, send: Send) -> None:
        ret = return_of(store, requested=True)

        assert code_of(send(ret, "approve", {"force": True})) == (400, "invalid_form")

    def test_what_the_status_does_not_allow(self, store: Store, send: Send) -> None:
        ret = return_of(store, accepted=True)

        assert code_of(send(ret, "approve")) == (409, "illegal_transition")
        assert code_of(send(ret, "decisions", accepted(ret))) == (409, "illegal_transition")

    def test_replays(self, client: APIClient, store: Store) -> None:
        ret = return_of(store, received=True)
        path, named = f"/v1/returns/{ret.pk}/decisions", {"idempotency-key": "once"}
        first = client.post(path, accepted(ret), headers=named)
        again = client.post(path, accepted(ret), headers=named)
        other = client.post(path, accepted(ret, grade="A"), headers=named)

        assert again.content == first.content
        assert code_of(other) == (422, "idempotency_key_reused")

    def test_scopes(self, store: Store, client_of: ClientOf) -> None:
        ret = return_of(store)
        writer = client_of(ApiKeyFactory.create(merchant=store.merchant, scopes=["returns:write"]))
        reader = client_of(ApiKeyFactory.create(merchant=store.merchant, scopes=["read"]))
        named = {"idempotency-key": "k"}

        assert code_of(writer.get(f"/v1/returns/{ret.pk}")) == (403, "permission_denied")
        assert code_of(reader.post(f"/v1/returns/{ret.pk}/receive", {}, headers=named)) == (
            403,
            "permission_denied",
        )
        assert writer.post(f"/v1/returns/{ret.pk}/receive", {}, headers=named).status_code == 200


@pytest.mark.django_db(transaction=True)
class ParallelDecisionsTest:
    def test_one_wins_and_one_is_told_409(self, client_of: ClientOf) -> None:
        store = StoreFactory.create()
        key = ApiKeyFactory.create(merchant=store.merchant, last_used_at=clock.now())
        ret = return_of(store, received=True)
        body = accepted(ret)

        def decide(name: str) -> int:
            try:
                named = {"idempotency-key": name}
                path = f"/v1/returns/{ret.pk}/decisions"
                return client_of(key).post(path, body, headers=named).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            answers = sorted(pool.map(decide, ("left", "right")))

        assert answers == [200, 409]
        assert ret.timeline.filter(kind="return.accepted").count() == 1
        assert sorted(ret.lines.values_list("quantity", "decision")) == [
            (1, "accepted"),
            (2, "accepted"),
        ]
