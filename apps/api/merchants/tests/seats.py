"""A user of a merchant at the dashboard, logged in."""

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts.models import Merchant
from apps.api.conftest import DOMAIN
from apps.users.models import Membership
from apps.users.tests.factories import MembershipFactory

# What it costs to know who asks: allauth looks for the session and reads it; then the user, and
# the seat with its merchant and role.
LOGIN_QUERIES = 4


def seat_at(merchant: Merchant, trait: str = "owner", **named: Any) -> "Dashboard":
    return Dashboard(
        MembershipFactory.create(merchant=merchant, **{f"role__{trait}": True}, **named)
    )


class Dashboard:
    """`get`, `send` and friends; unsafe calls carry a fresh Idempotency-Key unless told."""

    def __init__(self, membership: Membership) -> None:
        user = membership.user
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        self.user = user
        self.calls = 0
        self.client = APIClient(
            headers={
                "host": f"merchants-api.{DOMAIN}",
                "x-session-token": str(session.session_key),
            }
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/v1/{path}", query)

    def send(self, path: str, body: Any = None, method: str = "post", **headers: str) -> Any:
        self.calls += 1
        named = {"idempotency-key": f"call-{self.calls}", **headers}
        return getattr(self.client, method)(
            f"/v1/{path}", {} if body is None else body, headers=named
        )

    def queries(self, path: str, **query: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = self.get(path, **query)
        assert response.status_code == 200, response.content
        return len(captured)


def code_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]
