"""Host names in lower case (django-hosts compares case-sensitively) and a request id of our own."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from apps.core.ids import uuid7
from apps.core.logs import request_id_var

type GetResponse = Callable[[HttpRequest], HttpResponseBase]


def lower_host(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        if host := request.META.get("HTTP_HOST"):
            request.META["HTTP_HOST"] = host.lower()
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
