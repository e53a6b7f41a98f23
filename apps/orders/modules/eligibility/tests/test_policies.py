from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.orders.modules.eligibility.models import Policy, PolicyNotDraft, RuleDraft
from apps.orders.modules.eligibility.services import (
    CurrentPolicy,
    current_policy,
    draft_policy,
)
from apps.orders.modules.eligibility.validation import PolicyInvalid
from apps.orders.tests.factories import PolicyFactory, PolicyRuleFactory

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


def block(code: str = "no_red") -> RuleDraft:
    return RuleDraft(
        code=code,
        action="block",
        conditions=[{"field": "sku", "operator": "glob", "value": ["*-RED"]}],
        priority=7,
        messages={"en": "No."},
    )


@pytest.mark.django_db
class PolicyLifecycleTest:
    def test_a_store_without_policy_has_version_zero_and_no_rules(self) -> None:
        assert current_policy(StoreFactory.create()) == CurrentPolicy(0, ())

    def test_a_draft_binds_nobody(self) -> None:
        store = StoreFactory.create()
        draft_policy(store, "Spring").write_rules([block()])
        assert current_policy(store).version == 0

    def test_publishing_retires_the_former(self) -> None:
        store = StoreFactory.create()
        first, second = draft_policy(store), draft_policy(store)
        assert (first.version, second.version) == (1, 2)
        first.write_rules([block()])
        first.publish(AT)
        second.publish(AT)
        first.refresh_from_db()
        assert (first.status, second.status) == ("retired", "published")
        assert current_policy(store) == CurrentPolicy(2, ())
        assert [event.kind for event in second.timeline] == ["policy.published"]

    def test_other_stores_keep_theirs(self) -> None:
        other = PolicyFactory.create(published=True)
        draft_policy(StoreFactory.create()).publish(AT)
        assert Policy.objects.current(other.store) == other

    def test_rules_are_read_as_they_were_written(self) -> None:
        store = StoreFactory.create()
        policy = draft_policy(store)
        policy.write_rules([block("old")])
        policy.write_rules([block()])
        policy.publish(AT)
        (rule,) = current_policy(store).rules
        assert (rule.code, rule.priority, rule.messages) == ("no_red", 7, {"en": "No."})
        assert rule.conditions[0].values == ("*-red",)

    def test_a_published_one_is_never_edited(self) -> None:
        policy = PolicyFactory.create(published=True)
        with pytest.raises(PolicyNotDraft):
            policy.write_rules([block()])
        with pytest.raises(PolicyNotDraft):
            policy.publish(AT)

    def test_what_cannot_be_read_is_neither_saved_nor_published(self) -> None:
        policy = PolicyFactory.create()
        with pytest.raises(PolicyInvalid):
            policy.write_rules([block(), block()])
        assert not policy.rules.exists()
        PolicyRuleFactory.create(policy=policy, conditions=[{"field": "sku"}])
        with pytest.raises(PolicyInvalid):
            policy.publish(AT)
        policy.refresh_from_db()
        assert policy.status == "draft"

    def test_the_current_one_is_found_in_two_queries(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        policy = PolicyFactory.create(published=True)
        PolicyRuleFactory.create_batch(5, policy=policy)
        store = Store.objects.get(pk=policy.store_id)
        with django_assert_num_queries(2):
            assert len(current_policy(store).rules) == 5

    def test_rows_say_what_they_are(self) -> None:
        rule = PolicyRuleFactory.create(code="no_red", priority=3)
        assert (str(rule), str(rule.policy)) == ("3 block no_red", "policy 1")
