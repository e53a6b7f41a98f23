"""The human page of the public API: Redoc, from this server only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Inline styles are Redoc's own; scripts come from files."""
    response = render(request, "api/docs.html")
    response["Content-Security-Policy"] = POLICY
    return response
