"""Seats at a merchant's desk for tests, and what counts as a query of the view's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts.models import Merchant
from apps.api.conftest import DOMAIN
from apps.api.merchants.tests.test_auth import session_of
from apps.core.ids import uuid7
from apps.users.models import Membership
from apps.users.tests.factories import MembershipFactory

SECOND_FACTOR = {"account_authentication_methods": [{"method": "mfa", "type": "totp"}]}
# Who asks: the session, its user and the seat with merchant and role.
CREDENTIAL = ('FROM "django_session"', 'FROM "users_user"', 'FROM "users_membership"')


class Desk(APIClient):
    """Every unsafe call carries an Idempotency-Key of its own unless it names one."""

    def __init__(self, membership: Membership, second_factor: bool = True) -> None:
        self.membership = membership
        extra = SECOND_FACTOR if second_factor else {}
        token = session_of(membership.user, **extra)
        super().__init__(
            headers={"host": f"merchants-api.{DOMAIN}", "x-session-token": token},
        )

    def send(self, path: str, body: Any = None, method: str = "POST", key: str = "") -> Any:
        """JSON in, with a key."""
        headers = {"idempotency-key": key or str(uuid7())}
        call = getattr(self, method.lower())
        return call(path, {} if body is None else body, format="json", headers=headers)


def owner_of(merchant: Merchant) -> Desk:
    return Desk(MembershipFactory.create(merchant=merchant, role__owner=True))


def seat_at(merchant: Merchant, **role: Any) -> Desk:
    """`role` as of RoleFactory: `reader=True`, `editor=True`, `permissions={...}`."""
    named = {f"role__{name}": value for name, value in role.items()}
    return Desk(MembershipFactory.create(merchant=merchant, **named))


@contextmanager
def at_most(own: int) -> Iterator[None]:
    """Counted are the SELECTs of the view: not those of the credential, which every view shares."""
    with CaptureQueriesContext(connection) as captured:
        yield
    selects = [each["sql"] for each in captured if each["sql"].startswith("SELECT")]
    counted = [sql for sql in selects if not any(table in sql for table in CREDENTIAL)]
    assert 0 < len(counted) <= own, "\n".join(counted)
