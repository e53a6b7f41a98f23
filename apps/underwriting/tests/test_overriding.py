from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.tests.factories import MerchantFactory, StoreFactory
from apps.core.status import IllegalTransition
from apps.underwriting.constraints import FixedOncePublished
from apps.underwriting.mixins.engine import assess
from apps.underwriting.models import Assessment, ListEntry, Outcome, UnderwritingPolicy
from apps.underwriting.models.override import AssessmentSuperseded, SecondPersonRequired
from apps.underwriting.models.policy import UnderwritingPolicyNotDraft
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.terms import TermsInvalid, terms_json
from apps.underwriting.services import (
    ListRequest,
    OverrideRequest,
    ask_override,
    draft_policy,
    list_entry,
    tell_outcome,
)
from apps.underwriting.services.listing import NothingToList
from apps.underwriting.tests.factories import (
    AT,
    AssessmentFactory,
    ListEntryFactory,
    OverrideFactory,
    UnderwritingPolicyFactory,
    assessed,
    eur,
    known,
    wanted,
)
from apps.users.models import User
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TERMS: dict[str, Any] = terms_json(BUILT_IN)


@pytest.fixture
def staff() -> User:
    return UserFactory.create(staff=True)


class OverrideTest:
    def test_up_to_two_hundred_it_holds_at_once(self, staff: User) -> None:
        ListEntryFactory.create()
        blocked = assessed(StoreFactory.create(), "200")
        override = ask_override(blocked, OverrideRequest("pay_at_scan", "Proved it", staff), AT)

        result = override.results.get()
        assert (override.status, override.decided_by) == ("approved", staff)
        assert (result.version, result.status, result.rung) == (2, "offered", "pay_at_scan")
        assert [each.as_json()["amount"] for each in result.limits.values()] == [
            "0.00",
            "200.00",
            "200.00",
            "200.00",
        ]
        assert [each["code"] for each in result.reasons][:2] == ["overridden", "blocked"]
        assert (result.inputs, result.caps) == (blocked.inputs, blocked.caps)
        assert [event.kind for event in override.timeline] == [
            "override.asked",
            "override.approved",
        ]
        assert str(override) == "pay_at_scan: Proved it"

    def test_above_it_somebody_else_must_agree(self, staff: User) -> None:
        row = AssessmentFactory.create(
            declined=True, value_minor=20_001, at_inspection_minor=20_001
        )
        override = ask_override(row, OverrideRequest("pay_now", "Known", staff), AT)
        with pytest.raises(SecondPersonRequired):
            override.approve(staff, AT)
        override.refresh_from_db()
        assert (override.status, override.results.count()) == ("asked", 0)

        result = override.approve(UserFactory.create(staff=True), AT)
        assert set(result.limits.values()) == {eur("200.01")}
        assert row.is_superseded()

    def test_the_database_wants_the_second_person_too(self, staff: User) -> None:
        with pytest.raises(IntegrityError, match="second_person"):
            OverrideFactory.create(status="approved", asked_by=staff, decided_by=staff)

    def test_a_reason_is_a_must(self) -> None:
        with pytest.raises(IntegrityError, match="override_reason"):
            OverrideFactory.create(reason="")

    def test_refused_it_changes_nothing(self, staff: User) -> None:
        override = OverrideFactory.create()
        override.refuse(staff, AT)

        assert (override.status, override.decided_at) == ("refused", AT)
        assert Assessment.objects.count() == 1
        with pytest.raises(IllegalTransition):
            override.approve(UserFactory.create(staff=True), AT)

    def test_of_an_old_version_it_is_too_late(self, staff: User) -> None:
        order, request = known(StoreFactory.create()), wanted()
        old = assess(order, request, AT)
        assess(order, request, AT)

        with pytest.raises(AssessmentSuperseded):
            ask_override(old, OverrideRequest("pay_now", "Known", staff), AT)

    def test_down_to_inspection_and_of_nothing(self, staff: User) -> None:
        down = ask_override(
            AssessmentFactory.create(), OverrideRequest("pay_at_inspection", "Odd", staff), AT
        )
        nothing = assessed(StoreFactory.create(), "0")
        of_nothing = ask_override(nothing, OverrideRequest("pay_now", "Odd", staff), AT)

        assert [each.results.get().status for each in (down, of_nothing)] == ["declined"] * 2


class PolicyTest:
    def test_versions_of_a_merchant_and_of_the_platform(self) -> None:
        merchant = MerchantFactory.create()
        ours = [draft_policy(merchant, TERMS, "Summer").version for _ in range(2)]
        platform = draft_policy(None, TERMS)

        assert (ours, platform.version) == ([1, 2], 1)
        assert (str(platform), platform.read()) == ("platform 1", BUILT_IN)

    def test_a_published_one_is_fixed(self) -> None:
        former = UnderwritingPolicyFactory.create(published=True)
        draft = draft_policy(None, TERMS)
        draft.write({**TERMS, "most_per_day": 2}, "Stricter")
        draft.publish(AT)

        former.refresh_from_db()
        assert (former.status, draft.status, draft.published_at) == ("retired", "published", AT)
        assert (draft.read().most_per_day, draft.name) == (2, "Stricter")
        for edit in (lambda: draft.write(TERMS), lambda: draft.publish(AT)):
            with pytest.raises(UnderwritingPolicyNotDraft):
                edit()
        rows = UnderwritingPolicy.objects.filter(pk=draft.pk)
        with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic():
            rows.update(terms=TERMS)
        with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic():
            rows.delete()
        UnderwritingPolicyFactory.create(version=99).delete()
        assert UnderwritingPolicy.objects.count() == 2

    def test_the_guard_can_be_taken_away_and_put_back(self) -> None:
        policy = UnderwritingPolicyFactory.create(published=True)
        (guard,) = (
            each
            for each in UnderwritingPolicy._meta.constraints
            if isinstance(each, FixedOncePublished)
        )
        rows = UnderwritingPolicy.objects.filter(pk=policy.pk)
        with connection.cursor() as cursor:
            cursor.execute(guard.sql_down(UnderwritingPolicy))
            assert rows.update(version=8) == 1
            cursor.execute(guard.sql_up(UnderwritingPolicy))
        with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic():
            rows.update(version=9)

    def test_of_one_merchant_it_leaves_others_alone(self) -> None:
        platform = UnderwritingPolicyFactory.create(published=True)
        own = UnderwritingPolicyFactory.create(of_merchant=True)
        own.publish(AT)

        platform.refresh_from_db()
        assert platform.status == "published"
        assert str(own) == f"{own.merchant} {own.version}"

    def test_what_cannot_be_read_is_not_written(self) -> None:
        draft = draft_policy(None, TERMS)

        with pytest.raises(TermsInvalid):
            draft.write({})
        with pytest.raises(TermsInvalid):
            draft_policy(None, {})


class ListingTest:
    def test_the_value_is_kept_as_a_hash(self, staff: User) -> None:
        entry = list_entry(ListRequest("block", "email", "Ana+1@Shopper.example", "Lost", staff))

        assert "ana" not in str(ListEntry.objects.values().get()).lower()
        assert str(entry) == f"block email {entry.digest[:6]}…"
        assert assessed(StoreFactory.create()).facts.lists.blocked == ("email",)

    def test_listed_again_it_is_the_same_row(self, staff: User) -> None:
        request = ListRequest("block", "phone", "+34 600 000 001", "Lost", staff)
        entry = list_entry(request)
        entry.end(AT)
        assert not ListEntry.objects.active(AT).exists()

        assert list_entry(request).pk == entry.pk
        assert ListEntry.objects.active(AT).get().expires_at is None

    def test_an_end_is_never_put_off(self, staff: User) -> None:
        entry = ListEntryFactory.create(expires_at=AT)
        entry.end(AT.replace(year=2027))

        assert entry.expires_at == AT

    def test_no_mailbox_is_no_entry(self, staff: User) -> None:
        with pytest.raises(NothingToList):
            list_entry(ListRequest("block", "email", "ana", "Lost", staff))


class OutcomeTest:
    def test_told_twice_it_counts_once(self) -> None:
        row = AssessmentFactory.create()
        tell_outcome(row, "lost", eur("40"), AT)
        tell_outcome(row, "lost", eur("12"), AT)
        tell_outcome(row, "disputed", eur("40"), AT)

        lost = Outcome.objects.for_merchant(row.merchant).get(kind="lost")
        assert (str(lost), lost.shopper_mark) == ("lost 40.00 EUR", row.shopper_mark)
        assert Outcome.objects.count() == 2
