"""Host names in lower case (django-hosts compares case-sensitively), the host that they name, and a
request id of our own."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django_hosts.resolvers import get_host, get_host_patterns

from apps.core.ids import uuid7
from apps.core.logs import request_id_var

type GetResponse = Callable[[HttpRequest], HttpResponseBase]


def lower_host(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        if host := request.META.get("HTTP_HOST"):
            request.META["HTTP_HOST"] = host.lower()
        return get_response(request)

    return middleware


def by_host(get_response: GetResponse) -> GetResponse:
    """What HostsRequestMiddleware does for hosts without a callback: around none of ours it would
    set the routes of the thread three times."""
    patterns, default = get_host_patterns(), get_host()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        name = request.get_host()
        found: Any = next((each for each in patterns if each.compiled_regex.match(name)), default)
        request.urlconf = found.urlconf
        request.host = found  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def request_id(get_response: GetResponse) -> GetResponse:
    """Every answer carries X-Request-Id, made here; a client's own is never trusted."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = request_id_var.set(str(uuid7()))
        try:
            response = get_response(request)
            response["X-Request-Id"] = request_id_var.get()
        finally:
            request_id_var.reset(token)
        return response

    return middleware
