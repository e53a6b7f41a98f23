"""What is checked before a view is chosen, and the headers every API answer carries."""

from typing import Any

from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from apps.api.common.problems import BAD_REQUEST, BODY_TOO_LARGE, Problem
from apps.core.middleware import GetResponse

BODY_LIMIT = 256 * 1024
WEBHOOK_LIMIT = 1024 * 1024
UPLOAD_LIMIT = 10 * 1024 * 1024
ENCODED = Problem(415, "encoded_body", "Content-Encoding is not taken on requests")
# allauth's own pages and Django's admin are HTML; they set what they need themselves.
_PAGES = frozenset({"admin"})
# Who calls here signs what he sends or carries a token: no session, no user, no form of ours.
_STATELESS = frozenset({"platforms", "public", "returns", "customers", "health"})
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-site",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
# As Django keeps them, which would judge each of them anew for each answer.
_KEPT = {name.lower(): (name, value) for name, value in HEADERS.items()}


def api_edge(get_response: GetResponse) -> GetResponse:
    """After `by_host`: refuses by declared size and encoding, then adds HEADERS."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        host = host_name(request)
        if host in _PAGES:
            return get_response(request)
        refusal = refusal_of(request, host)
        response = refusal.response() if refusal else get_response(request)
        kept: dict[str, tuple[str, str]] = vars(response.headers)["_store"]
        for name, pair in _KEPT.items():
            kept.setdefault(name, pair)
        return response

    return middleware


class _Views(BaseHandler):
    """Django's way from an address to its view, with no middleware on it."""

    _view_middleware = _template_response_middleware = _exception_middleware = ()


def stateless(get_response: GetResponse) -> GetResponse:
    """Behind this stand sessions, users, CSRF, messages and allauth: most hosts have none."""
    views: Any = _Views()
    show: Any = convert_exception_to_response(views._get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if host_name(request) not in _STATELESS:
            return get_response(request)
        response: HttpResponseBase = show(request)
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    return middleware


def host_name(request: HttpRequest) -> str:
    return getattr(getattr(request, "host", None), "name", "")


def refusal_of(request: HttpRequest, host: str) -> Problem | None:
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() != "identity":
        return ENCODED
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not (declared.isascii() and declared.isdigit()):
        return BAD_REQUEST
    # A number of more digits than a limit has need not be read.
    too_large = len(declared) > 12 or int(declared) > limit_of(request, host)
    return BODY_TOO_LARGE if too_large else None


def limit_of(request: HttpRequest, host: str) -> int:
    """Bytes; only routes with a multipart parser ever read an upload."""
    if host == "platforms":
        return WEBHOOK_LIMIT
    if (request.content_type or "").startswith("multipart/"):
        return UPLOAD_LIMIT
    return BODY_LIMIT
