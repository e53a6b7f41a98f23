"""Portal sessions: one order of one store, `search` or `proved`."""

from typing import Any, override

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.api.common.shoppers import ShopperSessionAuthentication
from apps.api.models import PortalSession


class PortalSessionAuthentication(ShopperSessionAuthentication[PortalSession]):
    """`request.auth` is the session with its order, customer, store and settings: one query."""

    @override
    def find(self, request: Request, token_hash: str) -> PortalSession | None:
        slug = request.parser_context["kwargs"]["slug"]
        sessions = PortalSession.objects.at_open_portal(slug).browsing().with_scope()
        session = sessions.filter(token_hash=token_hash).first()
        if session is not None:
            session.order.store = session.store
            request._request._portal_store = session.store  # type: ignore[attr-defined]
        return session


class HasSession(BasePermission):
    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, PortalSession)


class IsProved(BasePermission):
    """Personal data, credit codes and payouts to a new destination (C-11)."""

    message = "This needs a code or link sent to the contact on the order"
    code = "proof_required"

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, PortalSession) and request.auth.is_proved


class PortalSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = PortalSessionAuthentication
    name = "PortalSession"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The token of a look-up (`search`) or of a proof (`proved`).",
        }
