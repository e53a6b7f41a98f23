"""Addresses at the portal and the dashboard; the model itself is tried beside its connector."""

from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from apps.accounts.tests.factories import StoreFactory
from apps.api.common import limiter
from apps.api.merchants.tests.desk import seat_at
from apps.api.returns import limits
from apps.api.returns.tests.conftest import HOST
from apps.api.tests.factories import TOKEN, PortalSessionFactory
from apps.core.http import assert_no_transaction
from apps.integrations.addresses.dtos import ParsedAddress
from apps.integrations.openai.connectors import OpenAIConnector

pytestmark = pytest.mark.django_db
ROUTE = "address-suggestions"
SURE = {"text": "Calle Mayor 3, 2º B\n28013 Madrid", "country": "ES"}
UNSURE = {"text": "Corredoira Vella 7, 15701 Santiago", "country": "ES"}
FIELDS = {
    "recipient": "",
    "street": "Calle Mayor",
    "number": "3",
    "detail": "2º B",
    "postcode": "28013",
    "city": "Madrid",
    "region": "Madrid",
    "country": "ES",
}


def ask(session: Any, **body: Any) -> Any:
    client = APIClient(headers={"host": HOST, "authorization": f"Bearer {TOKEN}"})
    return client.post(f"/v1/stores/{session.store.slug}/{ROUTE}", body, format="json")


class PortalTest:
    def test_a_shopper_sees_fields_to_confirm(self) -> None:
        session = PortalSessionFactory.create()
        response = ask(session, **SURE)

        assert response.status_code == 200
        assert response.json() == {
            "address": FIELDS,
            "source": "parser",
            "is_unsure": False,
            "look_at": [],
        }
        assert ask(session, **UNSURE).json()["look_at"] == ["street"]

    def test_takes_no_more_than_an_address(self) -> None:
        session = PortalSessionFactory.create()

        assert ask(session, text="x" * 501).status_code == 400
        assert ask(session, text="Calle\x00 Mayor 3").status_code == 400
        assert ask(session, text="Calle Mayor 3", country="XX").status_code == 400
        assert ask(session, text="Calle Mayor 3", street="Mayor").status_code == 400

    def test_is_counted_per_order(self) -> None:
        session = PortalSessionFactory.create()
        limiter.hit(limits.addresses(session.order_id), guarded=True, cost=29)
        codes = [ask(session, **SURE).status_code for _ in range(2)]

        assert codes == [200, 429]


class DeskTest:
    def test_staff_who_may_read_returns_are_answered(self) -> None:
        store = StoreFactory.create()
        path = f"/v1/stores/{store.slug}/{ROUTE}"
        reader = seat_at(store.merchant, reader=True)
        stranger = seat_at(StoreFactory.create().merchant, reader=True)
        nobody = seat_at(store.merchant, permissions={})

        assert reader.send(path, SURE).json()["address"] == FIELDS
        assert stranger.send(path, SURE).status_code == 404
        assert nobody.send(path, SURE).status_code == 403

    def test_the_model_is_asked_so_often_a_day_for_a_store(
        self, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        settings.OPENAI_API_KEY = "sk-of-this-machine-only"
        settings.OPENAI_DAILY = 2
        monkeypatch.setattr(OpenAIConnector, "parse_address", read)
        store = StoreFactory.create()
        desk = seat_at(store.merchant, reader=True)
        path = f"/v1/stores/{store.slug}/{ROUTE}"
        sources = [desk.send(path, UNSURE).json()["source"] for _ in range(3)]

        assert sources == ["model", "model", "parser"]


def read(connector: OpenAIConnector, text: str, country: str) -> ParsedAddress:
    """As the model would: nothing is locked while it is asked."""
    assert_no_transaction()
    parts = {"street": "Corredoira Vella", "number": "7", "city": "Santiago", "postcode": "15701"}
    return ParsedAddress(**parts, country=country)
