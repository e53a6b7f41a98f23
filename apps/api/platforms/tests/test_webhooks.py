import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.exceptions import Throttled
from rest_framework.test import APIClient

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.api.common import limiter
from apps.api.conftest import DOMAIN
from apps.api.platforms import depth, gate, vendors, views
from apps.core import clock
from apps.core.rows import RowOf
from apps.events.dtos import Delivery, Greeting
from apps.events.models import InboxMessage
from apps.events.services import Receipt

SECRET = b"whisper"
BODY = b'{"id": 7, "name": "caf\xc3\xa9 \\u0000"}'


def sign(body: bytes, secret: bytes = SECRET) -> str:
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create(slug="shop")


@pytest.fixture
def client() -> APIClient:
    return APIClient(headers={"host": f"platforms.{DOMAIN}"})


@pytest.fixture(autouse=True)
def _vendor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vendor of tests, whose tokens are slugs of stores."""

    def accept(
        token: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> Delivery | Greeting | None:
        store = Store.objects.filter(slug=token).first()
        if store is not None and body == b"ping":
            return Greeting()
        if store is None or headers.get("x-signature") != sign(body):
            return None
        return Delivery(store.merchant_id, "acme", token, body, headers.get("x-id", ""))

    find = vendors.accept_of
    monkeypatch.setattr(
        vendors,
        "accept_of",
        lambda family, vendor: accept if vendor == "acme" else find(family, vendor),
    )
    monkeypatch.setattr(views, "depth", depth.Depth())
    monkeypatch.setattr(gate, "gate", gate.Gate())


@pytest.fixture
def remembering(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A vendor that finds its store as vendors do, and whose secret is the store's name; the moment
    is longer than the slowest machine takes."""
    settings.ROWS_REMEMBERED = timedelta(hours=1)
    stores: RowOf[Store, str] = RowOf(lambda slug: Store.objects.filter(slug=slug))

    def accept(
        token: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> Delivery | None:
        found = stores.of(token)
        if found is None or headers.get("x-signature") != sign(body, found.name.encode()):
            return None
        return Delivery(found.merchant_id, "acme", token, body, headers.get("x-id", ""))

    Store.objects.update(name=SECRET.decode())
    monkeypatch.setattr(vendors, "accept_of", lambda family, vendor: accept)
    return store


def send(client: APIClient, path: str = "/v1/acme/shop", body: Any = BODY, **headers: str) -> Any:
    headers = {"x-signature": sign(body), **headers}
    return client.generic("POST", path, body, "application/json", headers=headers)


class WebhookTest:
    @pytest.mark.parametrize("prefix", ["", "/carriers", "/gateways"])
    def test_a_signed_body_is_stored_as_it_came(
        self, prefix: str, store: Store, client: APIClient
    ) -> None:
        response = send(client, f"/v1{prefix}/acme/shop", **{"x-id": "event-1"})
        message = InboxMessage.objects.get()

        assert response.status_code == 202
        assert response.json() == {"id": str(message.pk)}
        assert bytes(message.body) == BODY
        assert (message.merchant_id, message.event_id) == (store.merchant_id, "event-1")

    def test_a_repeated_event_is_one_message(self, store: Store, client: APIClient) -> None:
        first = send(client, **{"x-id": "event-1"})
        second = send(client, **{"x-id": "event-1"})

        assert first.json() == second.json()
        assert InboxMessage.objects.count() == 1

    @pytest.mark.parametrize(
        ("path", "headers", "status"),
        [
            ("/v1/acme/shop", {"x-signature": ""}, 401),
            ("/v1/acme/shop", {"x-signature": "0" * 64}, 401),
            ("/v1/acme/other", {}, 401),
            ("/v1/nobody/shop", {}, 404),
            ("/v1/carriers/nobody/shop", {}, 404),
            ("/v1/tests/shop", {}, 404),
            ("/v1/ACME/shop", {}, 404),
            ("/v1/acme/shop", {"content-encoding": "gzip"}, 415),
        ],
    )
    def test_what_is_not_proved_is_not_stored(
        self, path: str, headers: dict[str, str], status: int, store: Store, client: APIClient
    ) -> None:
        response = send(client, path, **headers)

        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"
        assert InboxMessage.objects.count() == 0

    def test_a_greeting_is_answered_and_not_kept(self, store: Store, client: APIClient) -> None:
        response = send(client, body=b"ping")

        assert response.status_code == 200
        assert response.content == b""
        assert InboxMessage.objects.count() == 0

    def test_a_changed_body_is_not_stored(self, store: Store, client: APIClient) -> None:
        response = send(client, **{"x-signature": sign(BODY + b" ")})

        assert response.status_code == 401

    def test_one_megabyte_at_most(self, store: Store, client: APIClient) -> None:
        largest = b"x" * (1024 * 1024)

        assert send(client, body=largest).status_code == 202
        assert send(client, body=largest + b"x").status_code == 413

    def test_whatever_the_sender_accepts_and_calls_its_body(
        self, store: Store, client: APIClient
    ) -> None:
        response = client.generic(
            "POST",
            "/v1/acme/shop",
            "a=1",
            "text/xml; charset=utf-7",
            headers={"x-signature": sign(b"a=1"), "accept": "text/plain"},
        )

        assert response.status_code == 202

    def test_many_of_an_account_ask_for_it_once(
        self, remembering: Store, client: APIClient
    ) -> None:
        with CaptureQueriesContext(connection) as asked:
            answers = [
                send(client, "/v1/remembering/shop", body, **{"x-signature": sign(body)})
                for body in (b"1", b"2", b"3", b"4")
            ]

        assert {answer.status_code for answer in answers} == {202}
        assert InboxMessage.objects.count() == 4
        assert len([sql for sql in asked if 'FROM "accounts_store"' in sql["sql"]]) == 1

    def test_a_new_secret_signs_at_once_and_an_old_one_for_a_moment(
        self, remembering: Store, client: APIClient
    ) -> None:
        def answers(*secrets: bytes) -> list[int]:
            return [
                send(
                    client, "/v1/remembering/shop", **{"x-signature": sign(BODY, secret)}
                ).status_code
                for secret in secrets
            ]

        assert answers(SECRET) == [202]
        Store.objects.update(name="louder")
        assert answers(SECRET, b"forged", b"louder") == [202, 401, 202]
        assert answers(SECRET) == [401]

    def test_a_lost_answer_is_asked_for_again_unless_it_would_be_another_message(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        once = Delivery(store.merchant_id, "acme", "shop", BODY, "event-1")
        hint = Delivery(store.merchant_id, "acme", "shop", b"", is_thin=True)

        def twice(ask: Callable[[], Receipt], _connection: object) -> Receipt:
            ask()
            return ask()

        monkeypatch.setattr(views, "asked_first", twice)
        receipts = [views.kept(each, clock.now()) for each in (once, hint)]

        assert [receipt.is_new for receipt in receipts] == [False, True]
        assert InboxMessage.objects.count() == 2

    def test_a_full_inbox_asks_to_come_back(
        self,
        store: Store,
        client: APIClient,
        settings: Settings,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        settings.INBOX_DEPTH_LIMIT = 1
        first = send(client, **{"x-id": "1"}, body=b"1")
        cached = send(client, **{"x-id": "2"}, body=b"2")
        monkeypatch.setattr(views, "depth", depth.Depth())
        full = send(client, **{"x-id": "3"}, body=b"3")

        assert (first.status_code, cached.status_code, full.status_code) == (202, 202, 503)
        assert full["Retry-After"] == "30"
        assert full.json()["code"] == "inbox_full"

    def test_one_account_cannot_flood_the_others(
        self, store: Store, client: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        StoreFactory.create(slug="calm")
        monkeypatch.setattr(gate, "PER_ACCOUNT", 1)
        statuses = [
            send(client, path, body=body).status_code
            for path, body in (
                ("/v1/acme/shop", b"1"),
                ("/v1/acme/shop", b"2"),
                ("/v1/acme/calm", b"3"),
            )
        ]

        assert statuses == [202, 429, 202]

    def test_who_sends_many_is_counted_several_at_once_and_to_the_last_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[int] = []
        hit = limiter.hit

        def noted(rules: Sequence[limiter.Rule], *, guarded: bool, cost: int = 1) -> Any:
            asked.append(cost)
            return hit(rules, guarded=guarded, cost=cost)

        monkeypatch.setattr(limiter, "hit", noted)
        monkeypatch.setattr(gate, "PER_ACCOUNT", 400)
        mine = gate.Gate()
        mine.count("10.0.0.0/24", "acme:calm")
        for _ in range(400):
            mine.count("10.0.0.0/24", "acme:busy")
        refused = asked.copy()
        with pytest.raises(Throttled):
            mine.count("10.0.0.0/24", "acme:busy")

        # 1 + 2 + 99 x 4 are 399: four more are too many, and one is not.
        assert refused[1:] == [1, 2, *[4] * 99, 4, 1]
        assert asked[len(refused) :] == [2, 1]

    def test_a_block_is_over_with_its_minute_and_all_are_when_there_are_too_many(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gate, "MOST_NETWORKS", 1)
        mine = gate.Gate()
        mine._keep(("n", "a"), gate.Block(4, 3, 0))
        over = mine._take(("n", "a"))
        mine._keep(("n", "b"), gate.Block(4, 0, time.monotonic() + 60))

        assert over == 1
        assert mine._blocks.keys() == {("n", "b")}
        assert mine._take(("n", "b")) == 8

    def test_who_signs_nothing_is_turned_away_by_memory_and_no_other_network_is(
        self, store: Store, client: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gate, "PER_NETWORK", 2)
        forged = [send(client, **{"x-signature": "0"}).status_code for _ in range(3)]
        with monkeypatch.context() as without:
            without.setattr(limiter, "hit", lambda *_, **__: pytest.fail("asked again"))
            shut = send(client)
        body: Any = BODY
        other = client.generic(
            "POST",
            "/v1/acme/shop",
            body,
            "application/json",
            headers={"x-signature": sign(BODY)},
            REMOTE_ADDR="10.1.2.3",
        )

        assert forged == [401, 401, 429]
        assert (shut.status_code, shut["Retry-After"]) == (429, "60")
        assert other.status_code == 202

    def test_the_networks_shut_out_are_forgotten_when_there_are_too_many(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gate, "MOST_NETWORKS", 2)
        mine = gate.Gate()
        mine._shut_out("a", 0)
        mine._shut_out("b", 60)
        mine._shut_out("c", 60)

        assert mine._shut.keys() == {"b", "c"}
        mine.check("a")
        with pytest.raises(Throttled):
            mine.check("b")


ACCEPT_OF = vendors.accept_of


class VendorsTest:
    def test_a_folder_with_webhooks_is_found_by_its_name(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(vendors, "find_spec", lambda name: name)
        monkeypatch.setattr(vendors, "import_module", lambda name: SimpleNamespace(accept=name))
        found: list[Any] = [
            ACCEPT_OF.__wrapped__("gateways", "stripe"),
            ACCEPT_OF.__wrapped__("platform", "presta-shop"),
        ]

        assert found == [
            "apps.payments.gateways.stripe.webhooks",
            "apps.integrations.presta_shop.webhooks",
        ]

    def test_a_folder_without_webhooks_is_not(self) -> None:
        assert ACCEPT_OF("gateways", "manual") is None
        assert ACCEPT_OF("platform", "nobody") is None
