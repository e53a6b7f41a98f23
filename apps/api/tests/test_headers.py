from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from rest_framework.test import APIClient

from apps.accounts.tests.factories import CustomerFactory
from apps.api.common.middleware import HEADERS, stateless
from apps.api.conftest import DOMAIN, ClientOf
from apps.users.tests.factories import ApiKeyFactory


class HeadersTest:
    @pytest.mark.parametrize("host", ["merchants-api", "returns-api", "platforms", "api"])
    def test_every_answer_of_an_api_is_closed_to_browsers(self, host: str) -> None:
        response = APIClient(headers={"host": f"{host}.{DOMAIN}"}).get("/health/live")

        assert {name: response[name] for name in HEADERS} == HEADERS
        assert response["Cache-Control"] == "no-store"
        assert len(response["X-Request-Id"]) == 36

    def test_hosts_without_sessions_never_come_to_what_makes_them(self) -> None:
        passed: list[str] = []

        def on(request: HttpRequest) -> HttpResponse:
            passed.append(request.path)
            return HttpResponse()

        edge = stateless(on)
        for name in ("merchants", "admin", "public", "platforms"):
            request = RequestFactory().get("/health/live")
            host: Any = SimpleNamespace(name=name)
            request.host, request.urlconf = host, "config.urls.health"  # type: ignore[attr-defined]
            response = edge(request)
            assert response.status_code == 200
        request.path_info = "/nothing"

        assert len(passed) == 2
        assert response["Content-Length"] == "18"
        assert edge(request).status_code == 404

    def test_the_admin_sets_its_own(self) -> None:
        response = APIClient(headers={"host": f"admin.{DOMAIN}"}).get("/health/live")

        assert "Content-Security-Policy" not in response

    def test_a_body_refused_early_carries_them_too(self) -> None:
        client = APIClient(headers={"host": f"api.{DOMAIN}"})

        response = client.generic("POST", "/v1/x", "", CONTENT_LENGTH="999999999")

        assert response.status_code == 413
        assert response["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize(
        ("host", "content_type", "length", "status"),
        [
            ("platforms", "application/json", 1024 * 1024, 404),
            ("platforms", "application/json", 1024 * 1024 + 1, 413),
            ("returns-api", "application/json", 256 * 1024, 404),
            ("returns-api", "application/json", 256 * 1024 + 1, 413),
            ("returns-api", "multipart/form-data; boundary=x", 10 * 1024 * 1024, 404),
            ("returns-api", "multipart/form-data; boundary=x", 10 * 1024 * 1024 + 1, 413),
        ],
    )
    def test_limits_by_host_and_kind(
        self, host: str, content_type: str, length: int, status: int
    ) -> None:
        client = APIClient(headers={"host": f"{host}.{DOMAIN}"})

        response = client.generic(
            "POST", "/v1/nothing", "", content_type, CONTENT_LENGTH=str(length)
        )

        assert response.status_code == status


@pytest.mark.django_db
@pytest.mark.usefixtures("test_routes")
class EtagTest:
    def test_an_unchanged_resource_is_a_304_without_body(self, client_of: ClientOf) -> None:
        key = ApiKeyFactory.create()
        path = f"/v1/customers/{CustomerFactory.create(merchant=key.merchant).pk}"
        client = client_of(key)
        tag = client.get(path)["ETag"]

        same = client.get(path, headers={"if-none-match": f'"other", W/{tag}'})
        other = client.get(path, headers={"if-none-match": '"other"'})

        assert (same.status_code, same.content) == (304, b"")
        assert same["ETag"] == tag
        assert other.status_code == 200

    def test_a_refusal_has_none(self, client_of: ClientOf) -> None:
        client = client_of(ApiKeyFactory.create())

        response = client.get(f"/v1/customers/{CustomerFactory.create().pk}")

        assert response.status_code == 404
        assert "ETag" not in response

    def test_a_foreign_id_looks_like_a_missing_one(self, client_of: ClientOf) -> None:
        client = client_of(ApiKeyFactory.create())
        foreign = client.get(f"/v1/customers/{CustomerFactory.create().pk}").json()
        missing = client.get("/v1/customers/00000000-0000-7000-8000-000000000000").json()

        assert {**foreign, "request_id": ""} == {**missing, "request_id": ""}
