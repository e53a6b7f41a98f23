"""What a role may do: an area's level by method, extra rights for money, a second factor."""

from functools import cache
from typing import Any, override

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.api.merchants.auth import Seat
from apps.users import choices


class Allows(BasePermission):
    """Made by `allows(area)`: READ for safe methods, else EDIT, unless a level is named."""

    area: str = ""
    level: str = ""

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, Seat):
            return False
        safe = request.method in SAFE_METHODS
        by_method = choices.Role.Level.READ if safe else choices.Role.Level.EDIT
        return request.auth.membership.role.allows(self.area, self.level or by_method)


class MayRefund(BasePermission):
    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, Seat) and request.auth.membership.role.may_refund


class MayApprovePayouts(BasePermission):
    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        seat = request.auth
        return isinstance(seat, Seat) and seat.membership.role.may_approve_payouts


class SecondFactor(BasePermission):
    """For money, export, keys and users."""

    message = "This needs a session with a second factor"
    code = "second_factor_required"

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, Seat) and request.auth.second_factor


class SecondFactorToChange(SecondFactor):
    """For views where reading money needs none."""

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)


@cache
def allows(area: str, level: str = "") -> type[Allows]:
    """`permission_classes = [allows(choices.Role.Area.RETURNS)]`."""
    return type("Allows", (Allows,), {"area": area, "level": level})
