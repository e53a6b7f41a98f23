"""What the two shopper hosts share: the store of the path, and bearer tokens of sessions."""

from typing import Any, override

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import Store
from apps.api.models.sessions import ShopperSession, digest
from apps.core import clock

LONGEST = 64


def store_of(request: Request) -> Store:
    """The open portal that `{slug}` names, read once; raises Http404."""
    cached = getattr(request._request, "_portal_store", None)
    if isinstance(cached, Store):
        return cached
    slug = request.parser_context["kwargs"]["slug"]
    store = Store.objects.open_portals().filter(slug=slug).first()
    if store is None:
        raise Http404
    request._request._portal_store = store  # type: ignore[attr-defined]
    return store


class ShopperSessionAuthentication[S: ShopperSession](BaseAuthentication):
    """`Authorization: Bearer <token>`, valid at the store of the path only."""

    session: type[S]

    @override
    def authenticate(self, request: Request) -> tuple[Any, S] | None:
        header = get_authorization_header(request).decode("latin-1")
        if not header:
            store_of(request)
            return None
        scheme, _, token = header.partition(" ")
        session = None
        if scheme.lower() == "bearer" and len(token) <= LONGEST and token.isascii():
            session = self.find(request, digest(token.strip()))
        at = clock.now()
        if session is None or not session.is_open(at):
            store_of(request)
            raise AuthenticationFailed("The session is not open")
        session.see(at)
        return AnonymousUser(), session

    def find(self, request: Request, token_hash: str) -> S | None:
        raise NotImplementedError

    @override
    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="shopper"'
