"""Sweeps over what is really routed: hostile bodies (F-19), and no credential (C-03)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from rest_framework.test import APIClient

from apps.accounts.models import Store
from apps.accounts.tests.factories import CustomerFactory, StoreFactory
from apps.api.common import route_checks
from apps.api.common.openapi import OpenApiView
from apps.api.common.permissions import Anyone
from apps.api.common.schema import UNSAFE
from apps.api.conftest import DOMAIN
from apps.api.tests.factories import TOKEN, CustomerSessionFactory, PortalSessionFactory
from apps.api.tests.test_hostile_bodies import CORPUS
from apps.orders.tests.factories import OrderFactory
from apps.users.tests.factories import SECRET, ApiKeyFactory, MembershipFactory

NAMES = {
    "merchants": "merchants-api",
    "returns": "returns-api",
    "customers": "customers-api",
    "platforms": "platforms",
    "public": "api",
}
SLUG = "swept-shop"
# The parser is shared and sees the whole corpus elsewhere; these reach what is a route's own.
NASTIEST = ("10,000 levels", "NUL", "a list", "null", "unknown field", "multipart")
VALUES = {"uuid": "01a2144e-efb0-75ed-8f35-36db49f308df", "slug": SLUG, "str": "x", "int": "1"}


@dataclass(frozen=True, slots=True)
class Swept:
    host: str
    route: str
    method: str
    view: type[Any]

    def __str__(self) -> str:
        return f"{self.method} {self.host} /{self.route}"

    @property
    def path(self) -> str:
        def value(match: re.Match[str]) -> str:
            return VALUES.get((match[1] or "str:").rstrip(":"), "x")

        return "/" + re.sub(r"<(\w+:)?\w+>", value, self.route)


def swept() -> Iterator[Swept]:
    for host in NAMES:
        for route, callback in route_checks.routes(f"config.urls.{host}"):
            view = route_checks.view_class(callback)
            if view is None or not callback.__module__.startswith("apps.api."):
                continue
            for method in route_checks.METHODS:
                if hasattr(view, method.lower()):
                    yield Swept(host, route, method, view)


EVERY = list(swept())


@pytest.fixture
def store(db: None) -> Store:
    return StoreFactory.create(slug=SLUG)


def credential(host: str, store: Store) -> dict[str, str]:
    """The strongest credential of the host."""
    match host:
        case "public":
            key = ApiKeyFactory.create(merchant=store.merchant)
            return {"authorization": f"Bearer {key.prefix}_{SECRET}"}
        case "merchants":
            return {"x-session-token": owner_session(store)}
        case "returns":
            order = OrderFactory.create(store=store, merchant=store.merchant)
            PortalSessionFactory.create(order=order, proved=True)
        case "customers":
            customer = CustomerFactory.create(merchant=store.merchant)
            CustomerSessionFactory.create(store=store, customer=customer)
        case _:
            return {}
    return {"authorization": f"Bearer {TOKEN}"}


def owner_session(store: Store) -> str:
    user = MembershipFactory.create(merchant=store.merchant, role__owner=True).user
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            "account_authentication_methods": [{"method": "mfa"}],
        }
    )
    session.save()
    return str(session.session_key)


def client_of(each: Swept, headers: dict[str, str]) -> APIClient:
    host = {"host": f"{NAMES[each.host]}.{DOMAIN}", "idempotency-key": "swept"}
    return APIClient(headers={**host, **headers})


class EveryRouteTest:
    @pytest.mark.parametrize("each", [e for e in EVERY if e.method in UNSAFE], ids=str)
    def test_hostile_bodies_are_refused_as_problems(
        self, each: Swept, store: Store, valkey: None
    ) -> None:
        client = client_of(each, credential(each.host, store))
        client.raise_request_exception = False
        for name in NASTIEST:
            body, content_type, _ = CORPUS[name]
            response = client.generic(each.method, each.path, body, content_type)

            # Routes without a body never read it; those with one refuse it or miss the row.
            assert response.status_code < 500, (name, response.content[:300])
            if response.status_code >= 400:
                assert response["Content-Type"] == "application/problem+json", name

    @pytest.mark.parametrize("each", EVERY, ids=str)
    def test_nobody_gets_in_without_a_credential(
        self, each: Swept, store: Store, valkey: None
    ) -> None:
        client = client_of(each, {})
        response = client.generic(each.method, each.path, "{}", "application/json")

        opened = Anyone in each.view.permission_classes or issubclass(each.view, OpenApiView)
        assert response.status_code < 500
        assert opened or response.status_code == 401

    def test_the_sweep_meets_every_host(self) -> None:
        assert {each.host for each in EVERY} == set(NAMES)
