import uuid

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from apps.core.logs import request_id_var
from apps.core.middleware import by_host, lower_host, request_id


class LowerHostTest:
    def test_writes_the_host_in_lower_case(self) -> None:
        request = RequestFactory(headers={"host": "MERCHANTS-API.Reveni.Local"}).get("/")
        lower_host(lambda seen: HttpResponse(seen.META["HTTP_HOST"]))(request)
        assert request.META["HTTP_HOST"] == "merchants-api.reveni.local"

    def test_a_request_without_a_host_passes(self) -> None:
        request = HttpRequest()
        assert lower_host(lambda seen: HttpResponse("ok"))(request).status_code == 200
        assert "HTTP_HOST" not in request.META


class ByHostTest:
    @pytest.mark.parametrize(
        ("name", "host", "urls"),
        [
            ("returns-api.reveni.localhost", "returns", "config.urls.returns"),
            ("api.reveni.localhost:8000", "public", "config.urls.public"),
            ("localhost", "health", "config.urls.health"),
        ],
    )
    def test_a_name_has_its_host_and_its_routes(self, name: str, host: str, urls: str) -> None:
        request = RequestFactory(headers={"host": name}).get("/")

        by_host(lambda seen: HttpResponse())(request)

        assert (request.host.name, request.urlconf) == (host, urls)  # type: ignore[attr-defined]


class RequestIdTest:
    def test_is_made_here_and_sent_back(self) -> None:
        seen: list[str] = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(request_id_var.get())
            return HttpResponse()

        request = RequestFactory(headers={"x-request-id": "theirs"}).get("/")
        answer = request_id(view)(request)
        assert answer["X-Request-Id"] == seen[0]
        assert uuid.UUID(seen[0]).version == 7

    def test_is_forgotten_afterwards_even_when_the_view_fails(self) -> None:
        def fail(request: HttpRequest) -> HttpResponse:
            raise KeyError("x")

        with pytest.raises(KeyError):
            request_id(fail)(RequestFactory().get("/"))
        assert request_id_var.get() == ""
