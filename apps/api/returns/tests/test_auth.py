from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from django_hosts.resolvers import get_host
from rest_framework.request import Request
from rest_framework.test import APIClient

from apps.accounts.tests.factories import StoreFactory
from apps.api.conftest import DOMAIN
from apps.api.models import PortalSession
from apps.api.returns.base import StoreView
from apps.api.tests.factories import TOKEN, PortalSessionFactory
from apps.core import clock
from apps.orders.tests.factories import OrderFactory

BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_host("returns"), "urlconf", "apps.api.returns.tests.urls")


@pytest.fixture
def client() -> APIClient:
    return APIClient(headers={"host": f"returns-api.{DOMAIN}"})


def path_of(session: PortalSession, name: str = "order") -> str:
    return f"/v1/stores/{session.store.slug}/{name}"


@pytest.mark.django_db
class StoreOfThePathTest:
    def test_anyone_sees_an_open_store(self, client: APIClient) -> None:
        store = StoreFactory.create()

        assert client.get(f"/v1/stores/{store.slug}").json() == {
            "store": store.name,
            "merchant": store.merchant.name,
            "actor": ["shopper", ""],
            "family": f"store:{store.pk}",
        }

    @pytest.mark.parametrize(
        "named", [{"status": "paused"}, {"merchant__status": "closed"}, {"slug": "other"}]
    )
    def test_a_store_that_is_not_open_is_a_404(
        self, named: dict[str, Any], client: APIClient
    ) -> None:
        StoreFactory.create(**{"slug": "shop", **named})

        assert client.get("/v1/stores/shop").status_code == 404
        assert client.get("/v1/stores/shop/order").status_code == 404

    def test_a_visitor_is_known_by_network_only(self, rf: RequestFactory) -> None:
        view = StoreView()
        view.request = Request(rf.get("/", REMOTE_ADDR="192.0.2.77"))

        assert view.credential_id == "192.0.2.0/24"

    def test_look_ups_are_counted_per_network(self, client: APIClient) -> None:
        path = f"/v1/stores/{StoreFactory.create().slug}/lookups"
        statuses = [client.get(path).status_code for _ in range(31)]
        elsewhere = client.get(path, REMOTE_ADDR="192.0.2.1")

        assert statuses == [200] * 30 + [429]
        assert elsewhere.status_code == 200


@pytest.mark.django_db
class PortalSessionTest:
    def test_the_token_opens_its_order(self, client: APIClient) -> None:
        session = PortalSessionFactory.create()

        assert client.get(path_of(session), headers=BEARER).json() == {
            "order": str(session.order_id),
            "actor": ["shopper", str(session.pk)],
            "family": f"order:{session.order_id}",
        }

    def test_an_opened_session_gives_its_token_once(self, client: APIClient) -> None:
        order = OrderFactory.create()
        session, token = PortalSession.open(order, "search", clock.now())
        path = path_of(session)

        assert client.get(path, headers={"authorization": f"Bearer {token}"}).status_code == 200
        assert token not in session.token_hash
        assert len(token) == 43
        assert str(session) == f"search of {order.pk}"

    @pytest.mark.parametrize(
        "header", ["", "Bearer", "Bearer x", "Basic " + TOKEN, "Bearer ñ", "Bearer " + "t" * 65]
    )
    def test_no_token_no_order(self, header: str, client: APIClient) -> None:
        response = client.get(
            path_of(PortalSessionFactory.create()), headers={"authorization": header}
        )

        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="shopper"'

    def test_a_token_opens_no_other_store(self, client: APIClient) -> None:
        PortalSessionFactory.create()
        path = f"/v1/stores/{StoreFactory.create().slug}/order"

        assert client.get(path, headers=BEARER).status_code == 401

    @pytest.mark.parametrize(
        ("created", "seen", "ended", "status"),
        [
            (timedelta(0), timedelta(0), False, 200),
            (timedelta(hours=23), timedelta(minutes=59), False, 200),
            (timedelta(hours=1), timedelta(minutes=60), False, 401),
            (timedelta(hours=24), timedelta(minutes=1), False, 401),
            (timedelta(0), timedelta(0), True, 401),
        ],
    )
    def test_lives_60_minutes_idle_and_24_hours_at_most(
        self, created: timedelta, seen: timedelta, ended: bool, status: int, client: APIClient
    ) -> None:
        at = clock.now()
        session = PortalSessionFactory.create(created_at=at - created, last_seen_at=at - seen)
        if ended:
            session.end(at)

        assert client.get(path_of(session), headers=BEARER).status_code == status

    def test_is_seen_once_a_minute(self, client: APIClient, django_assert_num_queries: Any) -> None:
        at = clock.now()
        session = PortalSessionFactory.create(last_seen_at=at - timedelta(minutes=2))
        # The session with all that it stands for, and the note of its use.
        with django_assert_num_queries(2):
            client.get(path_of(session), headers=BEARER)
        with django_assert_num_queries(1):
            client.get(path_of(session), headers=BEARER)
        session.refresh_from_db()

        assert session.last_seen_at >= at

    def test_proof_is_asked_for(self, client: APIClient) -> None:
        session = PortalSessionFactory.create()
        refused = client.get(path_of(session, "secret"), headers=BEARER)
        PortalSession.objects.update(level="proved")

        assert refused.status_code == 403
        assert refused.json()["code"] == "proof_required"
        assert client.get(path_of(session, "secret"), headers=BEARER).status_code == 200
