"""Customer sessions: one customer at one store."""

from typing import Any, override

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.api.common.shoppers import ShopperSessionAuthentication, store_of
from apps.api.models import CustomerSession


class CustomerSessionAuthentication(ShopperSessionAuthentication[CustomerSession]):
    """`request.auth` is the session with its customer and store read."""

    @override
    def find(self, request: Request, token_hash: str) -> CustomerSession | None:
        sessions = CustomerSession.objects.for_store(store_of(request)).with_scope()
        return sessions.filter(token_hash=token_hash).first()


class IsCustomer(BasePermission):
    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, CustomerSession)


class CustomerSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = CustomerSessionAuthentication
    name = "CustomerSession"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The token that the sign-in with a code answered with.",
        }
