"""What members of a merchant may do: a level per area, and extra rights for money."""

from collections.abc import Mapping

from django.db import models

from apps.core.constraints import tenant
from apps.core.errors import DomainError
from apps.core.models import TenantModel
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.users import choices
from apps.users.choices import Rights
from apps.users.managers import RoleManager


class UnknownPermission(DomainError):
    code = "unknown_permission"
    title = "A role names known areas and levels only"
    status = 400


class OwnerIsFixed(DomainError):
    code = "owner_is_fixed"
    title = "The owner's role and seat are fixed; ownership can only be transferred"
    status = 409


class NotYourRights(DomainError):
    code = "not_your_rights"
    title = "Nobody changes their own role or hands out rights they do not hold"
    status = 403


class RoleInUse(DomainError):
    code = "role_in_use"
    title = "The role still has members"
    status = 409


class Role(RecordsEvents, TenantModel):
    """Level per area, and the extra rights that move money; the owner's role is fixed."""

    name = models.CharField(max_length=60)
    is_owner = models.BooleanField(default=False)
    permissions = models.JSONField(default=dict)
    may_refund = models.BooleanField(default=False)
    may_approve_payouts = models.BooleanField(default=False)

    objects = RoleManager()

    class Meta:
        constraints = (
            *tenant("users_role"),
            models.UniqueConstraint(fields=("merchant", "name"), name="users_role_name"),
            models.UniqueConstraint(
                fields=("merchant",),
                condition=models.Q(is_owner=True),
                name="users_role_one_owner",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def rights(self) -> Rights:
        return {
            "permissions": dict(self.permissions),
            "may_refund": self.may_refund,
            "may_approve_payouts": self.may_approve_payouts,
        }

    def allows(self, area: str, level: str) -> bool:
        return self.is_owner or _rank(self.permissions.get(area)) >= _rank(level)

    def covers(self, rights: Rights) -> bool:
        """Whether this role holds every one of those rights itself."""
        if self.is_owner:
            return True
        levels = all(self.allows(*permission) for permission in rights["permissions"].items())
        refunds = self.may_refund or not rights["may_refund"]
        payouts = self.may_approve_payouts or not rights["may_approve_payouts"]
        return levels and refunds and payouts

    @verb
    def change(self, rights: Rights, by: "Role | None") -> None:
        """`by` is the role of who asks, None for the platform; owner and own role are refused."""
        self._refuse_unless_manageable(by)
        check_permissions(rights["permissions"])
        if by is not None and not by.covers(rights):
            raise NotYourRights(role=self.name)
        self.permissions = dict(rights["permissions"])
        self.may_refund = rights["may_refund"]
        self.may_approve_payouts = rights["may_approve_payouts"]
        self.record(choices.Event.ROLE_CHANGED, permissions={**self.permissions})

    @verb
    def rename(self, name: str) -> None:
        if self.is_owner:
            raise OwnerIsFixed
        self.name = name

    def remove(self, by: "Role | None") -> None:
        """Delete a role without members; PROTECT holds against a member who joins meanwhile."""
        self._refuse_unless_manageable(by)
        try:
            self.delete()
        except models.ProtectedError:
            raise RoleInUse(role=self.name) from None

    def _refuse_unless_manageable(self, by: "Role | None") -> None:
        if self.is_owner:
            raise OwnerIsFixed
        if by is not None and (by.pk == self.pk or not by.covers(self.rights)):
            raise NotYourRights(role=self.name)


def check_permissions(permissions: Mapping[str, str]) -> None:
    areas, levels = choices.Role.Area.values, choices.Role.Level.values
    for area, level in permissions.items():
        if area not in areas or level not in levels:
            raise UnknownPermission(area=area, level=level)


def _rank(level: str | None) -> int:
    return choices.Role.Level.values.index(level or choices.Role.Level.NONE)
