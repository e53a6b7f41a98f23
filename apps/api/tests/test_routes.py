"""C-03 and S-41 on what is really routed: the check of each view, and the documents."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.http import HttpResponse
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from apps.api.common import openapi, route_checks
from apps.api.common.open_views import OpenView
from apps.api.common.operations import operation
from apps.api.conftest import DOMAIN
from apps.api.public.base import PublicView

HOSTS = list(openapi.TITLES)
CHANGELOG = Path(apps.get_app_config("api").path).parent.parent / "CHANGELOG.md"


class NoPermissionView(PublicView):
    @operation("Get", shows={204: None})
    def get(self, request: Any) -> Response:
        return self.show()


class NoCredentialView(NoPermissionView):
    authentication_classes = []


class NoThrottleView(OpenView):
    throttle_classes = []

    @operation("Get", shows={204: None})
    def get(self, request: Any) -> Response:
        return self.show()


class NoOperationView(OpenView):
    def get(self, request: Any) -> Response:
        return self.show()


def plain(_request: object) -> HttpResponse:
    return HttpResponse()


class RouteCheckTest:
    @pytest.mark.parametrize(
        ("view", "faults"),
        [
            (None, ["is not an ApiView"]),
            (APIView, ["is not an ApiView"]),
            (NoPermissionView, ["names no permission_classes"]),
            (
                NoCredentialView,
                [
                    "has no authentication_classes and does not name Anyone",
                    "names no permission_classes",
                ],
            ),
            (NoThrottleView, ["names no throttle_classes"]),
            (NoOperationView, ["has GET without @operation"]),
        ],
    )
    def test_names_what_a_view_leaves_unsaid(
        self, view: type[Any] | None, faults: list[str]
    ) -> None:
        assert route_checks.faults_of(view) == faults

    def test_every_real_route_is_closed_until_opened(self) -> None:
        assert route_checks.every_route_is_closed_until_opened(None) == []

    def test_a_bad_route_fails_the_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        callback = NoOperationView.as_view()
        bad = [("v1/bad", callback), ("x", plain)]
        monkeypatch.setattr(route_checks, "routes", lambda: iter(bad))
        errors = route_checks.every_route_is_closed_until_opened(None)

        assert [(error.id, error.msg.split(" ")[0]) for error in errors] == [
            ("api.E001", "/v1/bad"),
            ("api.E001", "/x"),
        ]

    def test_the_walk_meets_every_host(self) -> None:
        routes = [route for route, _ in route_checks.routes()]

        assert routes.count("health/live") == 7
        assert routes.count("v1/schema") == 5


class OpenApiTest:
    @pytest.mark.parametrize("host", HOSTS)
    def test_the_stored_document_is_that_of_the_routes(self, host: str) -> None:
        stored = openapi.path_of(host).read_bytes()

        assert stored == openapi.generate(host), "run: python manage.py write_openapi"

    @pytest.mark.parametrize("host", HOSTS)
    def test_the_changelog_names_the_stored_document(self, host: str) -> None:
        line = openapi.changelog_line(host, openapi.path_of(host).read_bytes())

        assert line in CHANGELOG.read_text(), f"put into CHANGELOG.md: {line}"

    def test_the_command_writes_and_tells_the_lines(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(openapi, "FOLDER", tmp_path)
        monkeypatch.setattr(openapi, "TITLES", {"public": "Public API"})
        (tmp_path / "public").mkdir()
        call_command("write_openapi")
        written = (tmp_path / "public" / "openapi.json").read_bytes()

        assert json.loads(written)["info"]["title"] == "Public API"
        assert capsys.readouterr().out.strip() == openapi.changelog_line("public", written)

    @pytest.mark.parametrize(
        ("name", "host"),
        [("returns-api", "returns"), ("platforms", "platforms"), ("api", "public")],
    )
    @pytest.mark.usefixtures("valkey")
    def test_is_served_as_it_is_stored(self, name: str, host: str) -> None:
        response = APIClient(headers={"host": f"{name}.{DOMAIN}"}).get("/v1/schema")

        assert response.status_code == 200
        assert response["Content-Type"] == "application/json"
        assert response.content == openapi.path_of(host).read_bytes()
        assert response.json()["openapi"] == "3.1.0"

    @pytest.mark.usefixtures("valkey")
    def test_the_private_host_shows_it_to_users_only(self) -> None:
        response = APIClient(headers={"host": f"merchants-api.{DOMAIN}"}).get("/v1/schema")

        assert response.status_code == 401

    def test_the_human_page_loads_nothing_from_elsewhere(self) -> None:
        response = APIClient(headers={"host": f"api.{DOMAIN}"}).get("/v1/docs")
        page = response.content.decode()

        assert response.status_code == 200
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert "/static/drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js" in page
        assert "http" not in page


class GeneratedOperationsTest:
    """What `@operation` makes of the views of tests."""

    @pytest.fixture
    def paths(self) -> dict[str, Any]:
        from drf_spectacular.generators import SchemaGenerator

        generator = SchemaGenerator(urlconf="apps.api.tests.urls")
        document: dict[str, Any] = generator.get_schema(request=None, public=True)
        paths: dict[str, Any] = document["paths"]
        return paths

    def test_refusals_tell_their_codes(self, paths: dict[str, Any]) -> None:
        responses = paths["/v1/local"]["post"]["responses"]

        assert responses["409"]["description"] == (
            "Codes: `busy`, `conflict`, `idempotency_in_progress`, `not_today`."
        )
        assert "`invalid_form`" in responses["400"]["description"]
        assert responses["401"]["content"] == {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        }
        assert "401" not in paths["/v1/open-echo"]["post"]["responses"]

    def test_the_key_is_a_header(self, paths: dict[str, Any]) -> None:
        def header(path: str) -> list[bool]:
            parameters = paths[path]["post"].get("parameters", [])
            return [p.get("required", False) for p in parameters if p["name"] == "Idempotency-Key"]

        assert header("/v1/local") == [True]
        assert header("/v1/optional") == [False]
        assert header("/v1/open-echo") == []

    def test_a_page_wraps_its_rows(self, paths: dict[str, Any]) -> None:
        listing = paths["/v1/customers"]["get"]
        shape = listing["responses"]["200"]["content"]["application/json"]["schema"]

        assert shape["properties"]["data"] == {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Shown"},
        }
        assert shape["required"] == ["data", "next_cursor"]
        assert {p["name"] for p in listing["parameters"]} == {
            "cursor",
            "limit",
            "ordering",
            "updated_since",
        }

    def test_tags_are_nouns(self, paths: dict[str, Any]) -> None:
        assert paths["/v1/customers/{id}"]["get"]["tags"] == ["customers"]
