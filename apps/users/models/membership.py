"""A user's seat at a merchant."""

from django.db import models

from apps.core.constraints import tenant
from apps.core.models import TenantModel
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.users import choices
from apps.users.managers import MembershipManager
from apps.users.models.role import NotYourRights, OwnerIsFixed, Role
from apps.users.models.user import User


class Membership(RecordsEvents, TenantModel):
    """`by` in its verbs is the seat of who asks, None for the platform."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")
    is_active = models.BooleanField(default=True)

    objects = MembershipManager()

    class Meta:
        constraints = (
            *tenant("users_membership", "role"),
            models.UniqueConstraint(fields=("merchant", "user"), name="users_membership_once"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} at {self.merchant_id}"

    @verb
    def change_role(self, role: Role, by: "Membership | None") -> None:
        """Neither to nor from the owner's role, not one's own, not above one's own rights."""
        self._refuse_unless_manageable(by)
        if role.is_owner:
            raise OwnerIsFixed
        refuse_unless_granted(role, by)
        self.role = role
        self.record(choices.Event.MEMBER_ROLE_CHANGED, role=role.name)

    @verb
    def end(self, by: "Membership | None") -> None:
        self._refuse_unless_manageable(by)
        self.is_active = False
        self.record(choices.Event.MEMBER_REMOVED)

    @verb
    def resume(self, role: Role) -> None:
        """A former member comes back; the invitation has judged the role."""
        self.is_active, self.role = True, role

    def _refuse_unless_manageable(self, by: "Membership | None") -> None:
        if self.role.is_owner:
            raise OwnerIsFixed
        refuse_unless_granted(self.role, by)
        if by is not None and by.pk == self.pk:
            raise NotYourRights(role=self.role.name)


def refuse_unless_granted(role: Role, by: Membership | None) -> None:
    """Raises NotYourRights unless `by` may edit the team and holds every right of the role."""
    if by is None:
        return
    team = by.role.allows(choices.Role.Area.TEAM, choices.Role.Level.EDIT)
    ours = by.is_active and by.merchant_id == role.merchant_id
    if not (team and ours and by.role.covers(role.rights)):
        raise NotYourRights(role=role.name)
