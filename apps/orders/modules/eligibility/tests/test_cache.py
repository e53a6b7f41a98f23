"""The current policy is read for every quote: from the cache, and never stale."""

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.core import clock
from apps.orders import choices
from apps.orders.modules.eligibility.services import current_policy
from apps.orders.tests.factories import PolicyFactory, PolicyRuleFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("cacheops_on"),
]


class CurrentPolicyCacheTest:
    def test_second_read_asks_no_database(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        policy = PolicyFactory.create(status=choices.Policy.Status.PUBLISHED)
        PolicyRuleFactory.create(policy=policy)
        first = current_policy(policy.store)
        assert len(first.rules) == 1
        with django_assert_num_queries(0):
            assert current_policy(policy.store) == first

    def test_a_published_version_binds_at_once(self) -> None:
        former = PolicyFactory.create(status=choices.Policy.Status.PUBLISHED)
        assert current_policy(former.store).rules == ()
        draft = PolicyFactory.create(store=former.store, version=former.version + 1)
        PolicyRuleFactory.create(policy=draft)
        draft.publish(clock.now())
        now = current_policy(former.store)
        assert (now.version, len(now.rules)) == (draft.version, 1)
