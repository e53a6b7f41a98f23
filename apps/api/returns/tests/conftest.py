"""Clients of the returns host: without a session, and with that of PortalSessionFactory."""

import pytest
from rest_framework.test import APIClient

from apps.api.conftest import DOMAIN
from apps.api.models import PortalSession
from apps.api.tests.factories import TOKEN

HOST = f"returns-api.{DOMAIN}"


def path_of(session: PortalSession, name: str) -> str:
    return f"/v1/stores/{session.store.slug}/{name}"


@pytest.fixture
def visitor() -> APIClient:
    return APIClient(headers={"host": HOST, "accept-language": "en"})


@pytest.fixture
def shopper() -> APIClient:
    """Sends TOKEN, so it speaks for the one session that the test made."""
    return APIClient(
        headers={"host": HOST, "accept-language": "en", "authorization": f"Bearer {TOKEN}"}
    )
