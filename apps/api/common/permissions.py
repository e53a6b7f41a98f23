"""Closed by default: each host opens what it means to (S-12)."""

from typing import Any, override

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class DenyAll(BasePermission):
    """The default of a view that names no permission."""

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class Anyone(BasePermission):
    """Named on purpose: the route is for callers without a credential."""

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        return True


class Authenticated(BasePermission):
    """A credential of this host's own kind, whatever it may do."""

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is not None
