import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from rest_framework.test import APIClient

from apps.api.conftest import DOMAIN

HOSTS = ["merchants-api", "returns-api", "customers-api", "platforms", "api", "admin"]


class HealthTest:
    @pytest.mark.parametrize("host", HOSTS)
    def test_live_on_every_host(self, host: str) -> None:
        response = APIClient(headers={"host": f"{host}.{DOMAIN}"}).get("/health/live")

        assert response.json() == {"status": "live"}

    def test_the_default_host_has_nothing_else(self) -> None:
        client = APIClient(headers={"host": "localhost"})

        assert client.get("/health/live").status_code == 200
        assert client.get("/admin/").status_code == 404
        assert client.get("/v1/schema").status_code == 404

    @pytest.mark.django_db
    def test_ready(self) -> None:
        response = APIClient(headers={"host": "localhost"}).get("/health/ready")

        assert response.status_code == 200
        assert response.json() == {"status": "ready", "postgres": True, "valkey": True}

    @pytest.mark.django_db
    def test_not_ready_without_valkey(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "LIMITER_URL", "redis://127.0.0.1:1/0")
        response = APIClient(headers={"host": "localhost"}).get("/health/ready")

        assert response.status_code == 503
        assert response.json() == {"status": "not_ready", "postgres": True, "valkey": False}

    @pytest.mark.django_db
    def test_not_ready_without_postgres(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def away() -> None:
            raise DatabaseError("gone")

        monkeypatch.setattr(connection, "cursor", away)
        response = APIClient(headers={"host": "localhost"}).get("/health/ready")

        assert response.status_code == 503
        assert response.json()["postgres"] is False

    def test_only_reading(self) -> None:
        assert APIClient(headers={"host": "localhost"}).post("/health/live").status_code == 405
