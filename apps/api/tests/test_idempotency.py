import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from apps.accounts.models import Customer
from apps.api.common import idempotency
from apps.api.conftest import ClientOf
from apps.api.models import IdempotencyRecord
from apps.core import clock
from apps.users.models import ApiKey
from apps.users.tests.factories import ApiKeyFactory

PATHS = ["/v1/local", "/v1/remote"]
KEY = {"idempotency-key": "key-1"}


@pytest.fixture
def key(db: None) -> ApiKey:
    return ApiKeyFactory.create()


def made(key: ApiKey) -> int:
    return Customer.objects.for_merchant(key.merchant).count()


def expire(key: ApiKey) -> None:
    """The lease of a crashed call is over."""
    IdempotencyRecord.objects.filter(merchant=key.merchant).update(
        status=None, locked_until=Now() - timedelta(seconds=1)
    )


@pytest.mark.usefixtures("test_routes")
@pytest.mark.parametrize("path", PATHS)
class IdempotencyTest:
    def test_the_key_is_required(self, path: str, key: ApiKey, client_of: ClientOf) -> None:
        response = client_of(key).post(path, {})

        assert response.status_code == 400
        assert response.json()["code"] == "idempotency_key_missing"
        assert made(key) == 0

    @pytest.mark.parametrize("text", ["", "a b", "ñ", "x" * 256, "a\tb"])
    def test_a_key_is_visible_ascii(
        self, path: str, text: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        response = client_of(key).post(path, {}, headers={"idempotency-key": text})

        assert response.status_code == 400
        assert response.json()["code"] == "idempotency_key_invalid"

    def test_the_second_call_gets_the_first_answer(
        self, path: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        client = client_of(key)
        first = client.post(path, {}, headers=KEY)
        second = client.post(path, {}, headers=KEY)

        assert first.status_code == second.status_code == 201
        assert first.content == second.content
        assert first["Location"] == second["Location"]
        assert "Idempotent-Replayed" not in first
        assert second["Idempotent-Replayed"] == "true"
        assert made(key) == 1

    @pytest.mark.parametrize(
        ("again", "query"), [({"do": "make"}, ""), ({}, "?x=1"), ({"notes": []}, "")]
    )
    def test_another_request_with_the_key_is_refused(
        self, path: str, again: dict[str, Any], query: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        client = client_of(key)
        client.post(path, {}, headers=KEY)
        response = client.post(path + query, again, headers=KEY)

        assert response.status_code == 422
        assert response.json()["code"] == "idempotency_key_reused"
        assert made(key) == 1

    def test_the_order_of_the_query_does_not_matter(
        self, path: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        client = client_of(key)
        client.post(path + "?a=1&b=2", {}, headers=KEY)

        assert client.post(path + "?b=2&a=1", {}, headers=KEY)["Idempotent-Replayed"] == "true"

    def test_a_business_refusal_is_the_answer_of_the_key(
        self, path: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        client = client_of(key)
        first = client.post(path, {"do": "refuse"}, headers=KEY)
        second = client.post(path, {"do": "refuse"}, headers=KEY)

        assert first.status_code == 409
        assert first.json()["code"] == "not_today"
        assert first.content == second.content
        assert second["Content-Type"] == "application/problem+json"
        assert second["Idempotent-Replayed"] == "true"

    @pytest.mark.parametrize(
        ("body", "status"),
        [({"do": 1}, 400), ({"do": "hide"}, 404), ({"do": "unavailable"}, 503)],
    )
    def test_what_is_never_kept(
        self, path: str, body: dict[str, Any], status: int, key: ApiKey, client_of: ClientOf
    ) -> None:
        client = client_of(key)
        first = client.post(path, body, headers=KEY)
        second = client.post(path, body, headers=KEY)

        assert first.status_code == second.status_code == status
        assert "Idempotent-Replayed" not in second

    def test_after_a_crash_the_next_call_does_the_work(
        self, path: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        client = client_of(key)
        client.raise_request_exception = False
        crashes = client.post(path, {"do": "crash"}, headers=KEY)
        again = client.post(path, {"do": "crash"}, headers=KEY)

        assert crashes.status_code == again.status_code == 500

    def test_a_call_at_work_refuses_the_second(
        self, path: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        client = client_of(key)
        client.post(path, {}, headers=KEY)
        IdempotencyRecord.objects.update(status=None)

        response = client.post(path, {}, headers=KEY)

        assert response.status_code == 409
        assert response.json()["code"] == "idempotency_in_progress"
        assert response["Retry-After"] == "1"

    def test_an_expired_lease_is_taken_over(
        self, path: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        client = client_of(key)
        client.post(path, {}, headers=KEY)
        expire(key)

        response = client.post(path, {}, headers=KEY)

        assert response.status_code == 201
        assert "Idempotent-Replayed" not in response
        assert IdempotencyRecord.objects.get().fence == 2
        assert client.post(path, {}, headers=KEY)["Idempotent-Replayed"] == "true"

    def test_a_revoked_key_replays_nothing(
        self, path: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        client = client_of(key)
        client.post(path, {}, headers=KEY)
        key.revoke(clock.now())

        assert client.post(path, {}, headers=KEY).status_code == 401

    def test_a_key_without_the_scope_replays_nothing(
        self, path: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        client_of(key).post(path, {}, headers=KEY)
        reader = ApiKeyFactory.create(merchant=key.merchant, scopes=["read"])

        assert client_of(reader).post(path, {}, headers=KEY).status_code == 403

    def test_another_key_of_the_merchant_may_retry(
        self, path: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        client_of(key).post(path, {}, headers=KEY)
        second = ApiKeyFactory.create(merchant=key.merchant)

        assert client_of(second).post(path, {}, headers=KEY)["Idempotent-Replayed"] == "true"

    def test_merchants_and_environments_do_not_share_keys(
        self, path: str, key: ApiKey, client_of: ClientOf
    ) -> None:
        other = ApiKeyFactory.create()
        test_key = ApiKeyFactory.create(merchant=key.merchant, environment="test")
        for each in (key, other, test_key):
            response = client_of(each).post(path, {}, headers=KEY)
            assert response.status_code == 201
            assert "Idempotent-Replayed" not in response

        assert (made(key), made(other)) == (2, 1)


@pytest.mark.usefixtures("test_routes")
class RecoveryTest:
    def test_local_work_leaves_no_trace_of_a_crash(self, key: ApiKey, client_of: ClientOf) -> None:
        client = client_of(key)
        client.raise_request_exception = False
        client.post("/v1/local", {"do": "crash"}, headers=KEY)
        client.post("/v1/local", {"do": "refuse"}, headers={"idempotency-key": "key-2"})

        assert made(key) == 0
        assert [record.key for record in IdempotencyRecord.objects.all()] == ["key-2"]

    def test_remote_work_leaves_its_claim(self, key: ApiKey, client_of: ClientOf) -> None:
        client = client_of(key)
        client.raise_request_exception = False
        client.post("/v1/remote", {"do": "crash"}, headers=KEY)

        record = IdempotencyRecord.objects.get()
        assert (record.status, record.fence, str(record)) == (None, 1, "POST v1/remote key-1")
        response = client.post("/v1/remote", {"do": "make"}, headers=KEY)
        assert response.json()["code"] == "idempotency_key_reused"

    def test_an_answer_after_a_take_over_changes_nothing(
        self, key: ApiKey, client_of: ClientOf
    ) -> None:
        client_of(key).post("/v1/remote", {}, headers=KEY)
        record = IdempotencyRecord.objects.get()
        record.fence -= 1

        assert record.keep(200, b"{}", "", {}) is False
        assert IdempotencyRecord.objects.get().status == 201

    def test_a_claim_taken_back_meanwhile_is_in_progress(
        self, key: ApiKey, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        queryset = type(IdempotencyRecord.objects.all())
        monkeypatch.setattr(queryset, "claim", lambda *_args: None)

        response = client_of(key).post("/v1/remote", {}, headers=KEY)

        assert response.json()["code"] == "idempotency_in_progress"

    def test_the_key_is_optional_where_no_money_moves(
        self, key: ApiKey, client_of: ClientOf
    ) -> None:
        client = client_of(key)

        assert client.post("/v1/optional", {}).status_code == 201
        assert client.post("/v1/optional", {}, headers=KEY).status_code == 201
        assert client.post("/v1/optional", {}, headers=KEY)["Idempotent-Replayed"] == "true"
        assert made(key) == 2

    def test_the_work_of_a_replay_costs_three_queries(
        self, key: ApiKey, client_of: ClientOf, django_assert_num_queries: Any
    ) -> None:
        client = client_of(key)
        client.post("/v1/optional", {}, headers=KEY)

        # The key; savepoint, claim, record, release.
        with django_assert_num_queries(5):
            client.post("/v1/optional", {}, headers=KEY)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("test_routes")
@pytest.mark.parametrize("path", PATHS)
class IdempotencyRaceTest:
    THREADS = 8

    def race(self, path: str, client_of: ClientOf, key: ApiKey) -> list[int]:
        statuses: list[int] = []
        barrier = threading.Barrier(self.THREADS)

        def call() -> None:
            barrier.wait()
            try:
                statuses.append(client_of(key).post(path, {}, headers=KEY).status_code)
            finally:
                connection.close()

        threads = [threading.Thread(target=call) for _ in range(self.THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return statuses

    def test_calls_at_once_have_one_effect(self, path: str, client_of: ClientOf) -> None:
        key = ApiKeyFactory.create()
        statuses = self.race(path, client_of, key)

        assert len(statuses) == self.THREADS
        assert 201 in statuses
        assert set(statuses) <= {201, 409}
        assert made(key) == 1

    def test_without_the_claim_the_race_is_lost(
        self, path: str, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: check, then insert."""
        monkeypatch.setattr(idempotency, "once", lambda _view, act: act())
        key = ApiKeyFactory.create()
        self.race(path, client_of, key)

        assert made(key) == self.THREADS


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("test_routes")
class UncommittedClaimTest:
    def test_a_claim_not_yet_committed_is_waited_for_and_then_in_progress(
        self, client_of: ClientOf
    ) -> None:
        key = ApiKeyFactory.create()
        claimed, done = threading.Event(), threading.Event()

        def hold() -> None:
            from django.db import transaction

            scope = {
                "merchant_id": key.merchant_id,
                "environment": "live",
                "family": "api_key",
                "method": "POST",
                "route": "v1/local",
                "key": "key-1",
            }
            with transaction.atomic():
                IdempotencyRecord.objects.claim(scope, "0" * 64, timedelta(seconds=60))
                claimed.set()
                done.wait(10)
            connection.close()

        holder = threading.Thread(target=hold)
        holder.start()
        claimed.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        response = client_of(key).post("/v1/local", {}, headers=KEY)
        done.set()
        holder.join()

        assert response.status_code == 409
        assert response.json()["code"] == "idempotency_in_progress"
        assert made(key) == 0
