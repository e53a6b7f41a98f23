"""What a key may do: `read` for reading, the scope named for writing."""

from functools import cache
from typing import Any, override

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.users import choices
from apps.users.models import ApiKey


class HasScope(BasePermission):
    """Made by `scoped(...)`; without a `write` scope the view can only be read."""

    write: str = ""

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        key = request.auth
        if not isinstance(key, ApiKey):
            return False
        safe = request.method in SAFE_METHODS
        return key.has_scope(choices.ApiKey.Scope.READ if safe else self.write)


@cache
def scoped(write: str = "") -> type[HasScope]:
    """`permission_classes = [scoped(choices.ApiKey.Scope.RETURNS_WRITE)]`."""
    return type("HasScope", (HasScope,), {"write": write})
