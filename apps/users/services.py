"""Team processes that span a user and a seat."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from apps.core.errors import DomainError
from apps.users import choices
from apps.users.models import Membership, Role, User
from apps.users.models.membership import refuse_unless_granted
from apps.users.models.role import OwnerIsFixed

if TYPE_CHECKING:
    from apps.accounts.models import Merchant


class AlreadyMember(DomainError):
    code = "already_member"
    title = "The user has a seat at this merchant already"
    status = 409


class NotTheOwner(DomainError):
    code = "not_the_owner"
    title = "Only the owner transfers ownership, to an active member"
    status = 403


@dataclass(frozen=True, slots=True)
class Invitation:
    """`by` is the seat of who invites, None for the platform."""

    merchant: "Merchant"
    email: str
    role: Role
    by: Membership | None
    name: str = ""


@transaction.atomic
def invite(invitation: Invitation) -> Membership:
    """A seat for the person, whose password is set by the reset code sent to the address."""
    if invitation.by is not None and invitation.role.is_owner:
        raise OwnerIsFixed
    refuse_unless_granted(invitation.role, invitation.by)
    user = User.objects.invited(invitation.email, invitation.name)
    seat, is_new = Membership.objects.get_or_create(
        merchant=invitation.merchant, user=user, defaults={"role": invitation.role}
    )
    if not is_new:
        if seat.is_active:
            raise AlreadyMember
        seat.resume(invitation.role)
    seat.record(choices.Event.MEMBER_INVITED, role=invitation.role.name)
    return seat


@transaction.atomic
def transfer_ownership(owner: Membership, heir: Membership) -> None:
    """The heir gets the owner's role, the owner becomes a manager; both seats in pk order."""
    seats = Membership.objects.filter(pk__in=[owner.pk, heir.pk]).select_related("role")
    locked = {seat.pk: seat for seat in seats.select_for_update(of=("self",)).order_by("pk")}
    owner, heir = locked[owner.pk], locked[heir.pk]
    fits = heir.is_active and heir.pk != owner.pk and heir.merchant_id == owner.merchant_id
    if not owner.role.is_owner or not fits:
        raise NotTheOwner
    manager, _ = Role.objects.get_or_create(
        merchant_id=owner.merchant_id,
        name=choices.MANAGER,
        defaults=choices.DEFAULT_ROLES[choices.MANAGER],
    )
    heir.role, owner.role = owner.role, manager
    for seat in (heir, owner):
        seat.save(update_fields=["role", "updated_at"])
    heir.record(choices.Event.OWNERSHIP_TRANSFERRED, former_owner=str(owner.user_id))
