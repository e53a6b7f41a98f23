import pytest

from apps.events.models import Event
from apps.users import choices, services
from apps.users.choices import Rights
from apps.users.models import Membership, Role
from apps.users.models.role import NotYourRights, OwnerIsFixed, RoleInUse, UnknownPermission
from apps.users.services import AlreadyMember, Invitation, NotTheOwner
from apps.users.tests.factories import MembershipFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db

TEAM_EDIT = {"team": "edit", "returns": "edit"}


def rights(
    permissions: dict[str, str] | None = None, *, refund: bool = False, payouts: bool = False
) -> Rights:
    return {
        "permissions": permissions or {},
        "may_refund": refund,
        "may_approve_payouts": payouts,
    }


@pytest.fixture
def owner() -> Membership:
    return MembershipFactory.create(role__owner=True)


@pytest.fixture
def lead(owner: Membership) -> Membership:
    """Edits the team and returns; neither refunds nor approves payouts."""
    role = RoleFactory.create(merchant=owner.merchant, permissions=TEAM_EDIT)
    return MembershipFactory.create(merchant=owner.merchant, role=role)


@pytest.fixture
def agent(owner: Membership) -> Membership:
    role = RoleFactory.create(merchant=owner.merchant, permissions={"returns": "read"})
    return MembershipFactory.create(merchant=owner.merchant, role=role)


class LevelTest:
    @pytest.mark.parametrize(
        ("held", "asked", "allowed"),
        [
            ("none", "read", False),
            ("read", "read", True),
            ("read", "edit", False),
            ("edit", "read", True),
            ("edit", "edit", True),
            (None, "read", False),
            (None, "none", True),
        ],
    )
    def test_higher_level_holds_the_lower(
        self, held: str | None, asked: str, allowed: bool
    ) -> None:
        permissions = {"returns": held} if held else {}
        assert RoleFactory.build(permissions=permissions).allows("returns", asked) is allowed

    def test_owner_holds_everything(self) -> None:
        owner = RoleFactory.build(owner=True)
        assert all(owner.allows(area, "edit") for area in choices.Role.Area.values)
        assert owner.covers(rights({"money": "edit"}, refund=True, payouts=True))

    @pytest.mark.parametrize(
        ("wanted", "covered"),
        [
            (rights({"returns": "read"}), True),
            (rights({"returns": "edit"}), True),
            (rights({"money": "read"}), False),
            (rights(refund=True), True),
            (rights(payouts=True), False),
        ],
    )
    def test_covers_what_it_holds_itself(self, wanted: Rights, covered: bool) -> None:
        role = RoleFactory.build(permissions={"returns": "edit"}, may_refund=True)
        assert role.covers(wanted) is covered


class DefaultRolesTest:
    def test_new_merchant_has_owner_manager_and_agent(self) -> None:
        merchant = RoleFactory.create().merchant
        roles = Role.objects.create_defaults(merchant)
        assert sorted(roles) == ["Agent", "Manager", "Owner"]
        assert roles["Owner"].is_owner
        assert roles["Manager"].allows("money", "edit")
        assert not roles["Manager"].allows("billing", "edit")
        assert roles["Manager"].may_refund
        assert not roles["Manager"].may_approve_payouts
        assert roles["Agent"].allows("returns", "edit")
        assert not roles["Agent"].allows("settings", "read")
        assert not roles["Agent"].may_refund


class RoleChangeTest:
    def test_owner_changes_a_role(self, owner: Membership, agent: Membership) -> None:
        agent.role.change(rights({"returns": "edit"}, refund=True), by=owner.role)
        role = Role.objects.get(pk=agent.role_id)
        assert role.permissions == {"returns": "edit"}
        assert (role.may_refund, role.may_approve_payouts) == (True, False)
        assert role.timeline.get().kind == "role.changed"

    def test_platform_changes_a_role(self, agent: Membership) -> None:
        agent.role.change(rights({"money": "edit"}), by=None)
        assert agent.role.allows("money", "edit")

    def test_owner_role_is_fixed(self, owner: Membership) -> None:
        for refused in (
            lambda: owner.role.change(rights(), by=None),
            lambda: owner.role.rename("Boss"),
            lambda: owner.role.remove(by=None),
        ):
            with pytest.raises(OwnerIsFixed):
                refused()

    def test_nobody_changes_the_own_role(self, lead: Membership) -> None:
        with pytest.raises(NotYourRights):
            lead.role.change(rights(TEAM_EDIT, refund=True), by=lead.role)

    def test_nobody_hands_out_more_than_held(self, lead: Membership, agent: Membership) -> None:
        with pytest.raises(NotYourRights):
            agent.role.change(rights({"returns": "read"}, refund=True), by=lead.role)
        assert not Role.objects.get(pk=agent.role_id).may_refund

    def test_nobody_takes_from_a_higher_role(self, owner: Membership, lead: Membership) -> None:
        higher = RoleFactory.create(merchant=owner.merchant, may_approve_payouts=True)
        with pytest.raises(NotYourRights):
            higher.change(rights(), by=lead.role)

    @pytest.mark.parametrize("permissions", [{"moon": "read"}, {"returns": "own"}])
    def test_unknown_area_or_level(self, agent: Membership, permissions: dict[str, str]) -> None:
        with pytest.raises(UnknownPermission):
            agent.role.change(rights(permissions), by=None)

    def test_rename(self, agent: Membership) -> None:
        agent.role.rename("Counter")
        assert str(Role.objects.get(pk=agent.role_id)) == "Counter"

    def test_role_without_members_is_removed(self, owner: Membership) -> None:
        role = RoleFactory.create(merchant=owner.merchant)
        role.remove(by=owner.role)
        assert not Role.objects.filter(name=role.name).exists()

    def test_role_with_members_stays(self, owner: Membership, agent: Membership) -> None:
        with pytest.raises(RoleInUse):
            agent.role.remove(by=owner.role)


class SeatTest:
    def test_owner_moves_a_member(self, owner: Membership, agent: Membership) -> None:
        role = RoleFactory.create(merchant=owner.merchant)
        agent.change_role(role, by=owner)
        assert Membership.objects.get(pk=agent.pk).role == role
        assert str(agent) == f"{agent.user_id} at {agent.merchant_id}"

    def test_nobody_becomes_owner_by_a_change_of_role(
        self, owner: Membership, agent: Membership
    ) -> None:
        with pytest.raises(OwnerIsFixed):
            agent.change_role(owner.role, by=owner)

    def test_owner_is_neither_demoted_nor_removed(self, owner: Membership) -> None:
        role = RoleFactory.create(merchant=owner.merchant)
        with pytest.raises(OwnerIsFixed):
            owner.change_role(role, by=None)
        with pytest.raises(OwnerIsFixed):
            owner.end(by=None)

    def test_nobody_moves_up_alone(self, owner: Membership, lead: Membership) -> None:
        role = RoleFactory.create(merchant=owner.merchant, permissions=TEAM_EDIT)
        with pytest.raises(NotYourRights):
            lead.change_role(role, by=lead)

    def test_agent_has_no_say(self, owner: Membership, agent: Membership, lead: Membership) -> None:
        with pytest.raises(NotYourRights):
            lead.end(by=agent)
        with pytest.raises(NotYourRights):
            agent.change_role(lead.role, by=agent)

    def test_seat_of_another_merchant_has_no_say(self, agent: Membership) -> None:
        stranger = MembershipFactory.create(role__owner=True)
        with pytest.raises(NotYourRights):
            agent.end(by=stranger)

    def test_former_member_has_no_say(self, lead: Membership, agent: Membership) -> None:
        lead.end(by=None)
        with pytest.raises(NotYourRights):
            agent.end(by=lead)

    def test_removed_member_loses_the_seat(self, lead: Membership, agent: Membership) -> None:
        agent.end(by=lead)
        assert not Membership.objects.of_user(agent.user).exists()
        assert Membership.objects.for_merchant(lead.merchant).active().count() == 2


class InviteTest:
    def test_new_person_gets_a_user_without_password(self, owner: Membership) -> None:
        role = RoleFactory.create(merchant=owner.merchant)
        seat = services.invite(
            Invitation(owner.merchant, " Ana@Tienda.example ", role, owner, "Ana")
        )
        assert (seat.user.email, seat.user.name) == ("ana@tienda.example", "Ana")
        assert not seat.user.has_usable_password()
        assert seat.timeline.get().payload == {"role": role.name}

    def test_known_person_keeps_the_password(self, owner: Membership) -> None:
        user = UserFactory.create()
        role = RoleFactory.create(merchant=owner.merchant)
        seat = services.invite(Invitation(owner.merchant, user.email.upper(), role, owner))
        assert seat.user == user
        assert seat.user.has_usable_password()

    def test_member_is_not_invited_twice(self, owner: Membership, agent: Membership) -> None:
        with pytest.raises(AlreadyMember):
            services.invite(Invitation(owner.merchant, agent.user.email, agent.role, owner))

    def test_former_member_comes_back(self, owner: Membership, agent: Membership) -> None:
        agent.end(by=owner)
        services.invite(Invitation(owner.merchant, agent.user.email, agent.role, owner))
        assert Membership.objects.get(pk=agent.pk).is_active

    def test_nobody_invites_above_the_own_rights(self, owner: Membership, lead: Membership) -> None:
        role = RoleFactory.create(merchant=owner.merchant, may_refund=True)
        with pytest.raises(NotYourRights):
            services.invite(Invitation(owner.merchant, "up@tienda.example", role, lead))
        with pytest.raises(OwnerIsFixed):
            services.invite(Invitation(owner.merchant, "up@tienda.example", owner.role, owner))


class OwnershipTest:
    def test_passes_to_a_member(self, owner: Membership, agent: Membership) -> None:
        services.transfer_ownership(owner, agent)
        former, heir = Membership.objects.get(pk=owner.pk), Membership.objects.get(pk=agent.pk)
        assert heir.role.is_owner
        assert former.role.name == "Manager"
        assert Event.objects.get(kind="member.ownership_transferred").subject_id == heir.pk

    def test_only_the_owner_and_only_to_an_active_member(
        self, owner: Membership, agent: Membership, lead: Membership
    ) -> None:
        stranger = MembershipFactory.create()
        lead.end(by=None)
        for giver, heir in ((agent, lead), (owner, owner), (owner, stranger), (owner, lead)):
            with pytest.raises(NotTheOwner):
                services.transfer_ownership(giver, heir)
