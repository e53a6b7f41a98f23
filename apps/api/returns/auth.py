"""Portal sessions: one order of one store, `search` or `proved`."""

from typing import Any, override

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.accounts.models import Store
from apps.api.common.shoppers import ShopperSessionAuthentication
from apps.api.models import PortalSession


class PortalSessionAuthentication(ShopperSessionAuthentication[PortalSession]):
    """`request.auth` is the session with its order and store read."""

    @override
    def find(self, store: Store, token_hash: str) -> PortalSession | None:
        sessions = PortalSession.objects.for_store(store).with_scope()
        return sessions.filter(token_hash=token_hash).first()


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
