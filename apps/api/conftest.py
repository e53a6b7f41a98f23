"""Fixtures of the API's tests: routes of tests only, and clients with a credential."""

from collections.abc import Callable

import pytest
from django_hosts.resolvers import get_host
from rest_framework.test import APIClient

from apps.integrations.conftest import ear, hooks_heard, start_shop
from apps.users.models import ApiKey
from apps.users.tests.factories import SECRET

__all__ = ["ear", "hooks_heard", "start_shop"]
DOMAIN = "reveni.localhost"
type ClientOf = Callable[[ApiKey], APIClient]


@pytest.fixture
def test_routes(monkeypatch: pytest.MonkeyPatch, valkey: None) -> None:
    """The public host serves apps.api.tests.urls for this test."""
    monkeypatch.setattr(get_host("public"), "urlconf", "apps.api.tests.urls")


@pytest.fixture
def client_of() -> ClientOf:
    """A client of the public host that sends the key of ApiKeyFactory."""

    def make(key: ApiKey) -> APIClient:
        return APIClient(
            headers={"host": f"api.{DOMAIN}", "authorization": f"Bearer {key.prefix}_{SECRET}"}
        )

    return make


@pytest.fixture
def anonymous() -> APIClient:
    return APIClient(headers={"host": f"api.{DOMAIN}"})
