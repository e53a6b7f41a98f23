from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django_hosts.resolvers import get_host
from rest_framework.test import APIClient

from apps.accounts.tests.factories import MerchantFactory
from apps.api.conftest import DOMAIN
from apps.users.models import Membership, User
from apps.users.tests.factories import MembershipFactory, RoleFactory

type Login = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def _routes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_host("merchants"), "urlconf", "apps.api.merchants.tests.urls")


def session_of(user: User, **extra: Any) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.update(extra)
    session.save()
    return str(session.session_key)


@pytest.fixture
def login() -> Login:
    def make(membership: Membership, **extra: Any) -> APIClient:
        token = session_of(membership.user, **extra)
        return APIClient(headers={"host": f"merchants-api.{DOMAIN}", "x-session-token": token})

    return make


@pytest.mark.django_db
class MerchantUserTest:
    def test_the_session_gives_the_only_seat(self, login: Login) -> None:
        membership = MembershipFactory.create(role__reader=True)

        assert login(membership).get("/v1/seat").json() == {
            "merchant": str(membership.merchant_id),
            "actor": ["merchant", str(membership.user_id)],
            "family": f"user:{membership.user_id}",
        }

    @pytest.mark.parametrize("token", ["", "x" * 32, "x" * 400, "a b", "ñ", "\x00"])
    def test_no_session_no_seat(self, token: str) -> None:
        client = APIClient(headers={"host": f"merchants-api.{DOMAIN}", "x-session-token": token})
        response = client.get("/v1/seat")

        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Session realm="merchants"'

    def test_a_changed_password_ends_the_session(self, login: Login) -> None:
        membership = MembershipFactory.create(role__reader=True)
        client = login(membership)
        membership.user.set_password("another-oak-window-73")
        membership.user.save()

        assert client.get("/v1/seat").status_code == 401

    @pytest.mark.parametrize(
        "named", [{"is_active": False}, {"user__is_active": False}, {"merchant__status": "closed"}]
    )
    def test_a_seat_that_is_over_is_refused(self, named: dict[str, Any], login: Login) -> None:
        membership = MembershipFactory.create(role__owner=True, **named)

        assert login(membership).get("/v1/seat").status_code == 401

    def test_several_seats_need_a_choice(self, login: Login) -> None:
        first = MembershipFactory.create(role__owner=True)
        second = MembershipFactory.create(role__owner=True, user=first.user)
        response = login(first).get("/v1/seat")
        chosen = login(first).get("/v1/seat", headers={"x-merchant-id": str(second.merchant_id)})

        assert response.status_code == 400
        assert response.json()["code"] == "merchant_choice_required"
        assert set(response.json()["details"]["merchants"]) == {
            str(first.merchant_id),
            str(second.merchant_id),
        }
        assert chosen.json()["merchant"] == str(second.merchant_id)

    def test_the_choice_is_among_the_users_own(self, login: Login) -> None:
        client = login(MembershipFactory.create(role__owner=True))
        foreign = str(MerchantFactory.create().pk)

        for wanted in (foreign, "nonsense"):
            response = client.get("/v1/seat", headers={"x-merchant-id": wanted})
            assert response.status_code == 401


@pytest.mark.django_db
class PermissionsTest:
    @pytest.mark.parametrize(
        ("trait", "path", "read", "edit"),
        [
            ({"reader": True}, "/v1/seat", 200, 403),
            ({"editor": True}, "/v1/seat", 200, 204),
            ({}, "/v1/seat", 403, 403),
            ({"owner": True}, "/v1/seat", 200, 204),
            ({"reader": True}, "/v1/everything", 200, 204),
            ({"may_refund": True}, "/v1/refunds", 200, 204),
            ({"editor": True}, "/v1/refunds", 403, 403),
            ({"may_approve_payouts": True}, "/v1/payouts", 200, 204),
            ({"editor": True}, "/v1/payouts", 403, 403),
        ],
    )
    def test_the_role_decides(
        self, trait: dict[str, Any], path: str, read: int, edit: int, login: Login
    ) -> None:
        role = RoleFactory.create(**trait)
        client = login(MembershipFactory.create(merchant=role.merchant, role=role))

        assert client.get(path).status_code == read
        assert client.post(path, {}).status_code == edit

    def test_a_second_factor_of_this_session_is_asked_for(self, login: Login) -> None:
        membership = MembershipFactory.create(role__owner=True)
        methods = {"account_authentication_methods": [{"method": "password"}]}
        proved = {"account_authentication_methods": [{"method": "mfa", "type": "totp"}]}
        refused = login(membership, **methods).get("/v1/second-factor")

        assert refused.status_code == 403
        assert refused.json()["code"] == "second_factor_required"
        assert login(membership, **proved).get("/v1/second-factor").status_code == 200

    @pytest.mark.parametrize(
        "path", ["/v1/seat", "/v1/refunds", "/v1/payouts", "/v1/second-factor"]
    )
    def test_nobody_may_do_nothing(self, path: str) -> None:
        client = APIClient(headers={"host": f"merchants-api.{DOMAIN}"})

        assert client.post(path, {}).status_code == 401
