import logging

import pytest
from django.core.exceptions import RequestDataTooBig
from rest_framework.test import APIClient

from apps.api.common import problems
from apps.api.conftest import DOMAIN, ClientOf
from apps.users.tests.factories import ApiKeyFactory

HOSTS = ("merchants-api", "returns-api", "customers-api", "platforms", "api", "nobody")


@pytest.mark.usefixtures("test_routes")
class ProblemsTest:
    @pytest.mark.parametrize(
        ("kind", "status", "code", "retry"),
        [
            ("data", 400, "unacceptable_value", None),
            ("unicode", 400, "unacceptable_value", None),
            ("recursion", 400, "unacceptable_value", None),
            ("overflow", 400, "unacceptable_value", None),
            ("core-validation", 400, "unacceptable_value", None),
            ("lock", 409, "busy", "1"),
            ("deadlock", 409, "busy", "1"),
            ("statement", 503, "unavailable", "5"),
            ("gone", 503, "unavailable", "5"),
            ("read-only", 503, "unavailable", "5"),
            ("unique", 409, "conflict", None),
            ("missing", 404, "not_found", None),
            ("missing-page", 404, "not_found", None),
            ("forbidden", 403, "permission_denied", None),
            ("too-big", 413, "body_too_large", None),
            ("suspicious", 400, "bad_request", None),
            ("parse", 400, "parse_error", None),
            ("domain", 409, "not_today", None),
        ],
    )
    def test_becomes_a_problem(
        self, kind: str, status: int, code: str, retry: str | None, anonymous: APIClient
    ) -> None:
        response = anonymous.get(f"/v1/raise/{kind}")

        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"
        body = response.json()
        assert body["type"] == f"urn:reveni:problem:{code}"
        assert body["code"] == code
        assert body["status"] == status
        assert body["request_id"] == response["X-Request-Id"]
        assert response.headers.get("Retry-After") == retry

    def test_a_domain_error_shows_its_details(self, anonymous: APIClient) -> None:
        body = anonymous.get("/v1/raise/domain").json()

        assert body["title"] == "Not today"
        assert body["details"] == {"reason": "rain"}
        assert "errors" not in body

    def test_input_that_went_too_far_is_an_alarm(
        self, anonymous: APIClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        anonymous.get("/v1/raise/data")

        assert [r.levelno for r in caplog.records if r.name == problems.__name__] == [logging.ERROR]

    def test_our_own_fault_is_a_500_without_its_reason(self, anonymous: APIClient) -> None:
        anonymous.raise_request_exception = False

        response = anonymous.get("/v1/raise/bug")

        assert response.status_code == 500
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "internal_error"
        assert "ZeroDivision" not in response.content.decode()

    @pytest.mark.parametrize(
        ("method", "accept", "status", "code"),
        [
            ("POST", "*/*", 405, "method_not_allowed"),
            ("OPTIONS", "*/*", 405, "method_not_allowed"),
            ("TRACE", "*/*", 405, "method_not_allowed"),
            ("GET", "text/html", 406, "not_acceptable"),
        ],
    )
    def test_methods_and_types_that_are_not_served(
        self, method: str, accept: str, status: int, code: str, anonymous: APIClient
    ) -> None:
        response = anonymous.generic(method, "/v1/raise/nothing", headers={"accept": accept})

        assert response.status_code == status
        assert response.json()["code"] == code


class ErrorHandlersTest:
    @pytest.mark.parametrize("host", HOSTS)
    def test_an_unknown_path_is_a_json_404(self, host: str) -> None:
        domain = DOMAIN if host != "nobody" else ""
        client = APIClient(headers={"host": f"{host}.{domain}" if domain else "localhost"})

        response = client.get("/v1/nothing/is/to/be/found/here")

        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "not_found"

    def test_an_unknown_host_is_a_json_400(self) -> None:
        client = APIClient(headers={"host": "evil.example"}, raise_request_exception=False)

        response = client.get("/health/live")

        assert response.status_code == 400
        assert response.json()["code"] == "bad_request"

    def test_handlers_outside_a_view(self) -> None:
        too_big = RequestDataTooBig()

        assert problems.handler400(None, too_big).status_code == 413  # type: ignore[arg-type]
        assert problems.handler403(None, Exception()).status_code == 403  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.usefixtures("test_routes")
class FormProblemTest:
    def test_names_each_field_with_message_and_code(self, client_of: ClientOf) -> None:
        response = client_of(ApiKeyFactory.create()).post(
            "/v1/echo", {"do": 1, "notes": ["ok", "x" * 2_001], "merchant": "B"}
        )

        assert response.status_code == 400
        assert response.json()["code"] == "invalid_form"
        assert response.json()["errors"] == {
            "merchant": [{"message": "This field is not known here.", "code": "unknown_field"}],
            "do": [{"message": "Not a string.", "code": "invalid"}],
            "notes": {
                "1": [
                    {
                        "message": "Ensure this field has no more than 2000 characters.",
                        "code": "max_length",
                    }
                ]
            },
        }
