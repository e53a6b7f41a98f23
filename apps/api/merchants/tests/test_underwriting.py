"""A merchant's own underwriting policies, and what another would have decided."""

from datetime import timedelta

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import MerchantFactory, StoreFactory
from apps.api.merchants.tests.desk import Desk, at_most, owner_of, seat_at
from apps.core import clock
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.terms import terms_json
from apps.underwriting.tests.factories import (
    AssessmentFactory,
    OutcomeFactory,
    UnderwritingPolicyFactory,
)

pytestmark = pytest.mark.django_db
AT = clock.now()
POLICIES = "/v1/underwriting-policies"
# Nothing above 30.00 is advanced.
STRICT = terms_json(BUILT_IN)
STRICT["sums"] = {"EUR": {**STRICT["sums"]["EUR"], "most_asked": "30"}}


@pytest.fixture
def store() -> Store:
    return StoreFactory.create()


@pytest.fixture
def desk(store: Store) -> Desk:
    return owner_of(store.merchant)


class PoliciesTest:
    def test_lists_its_own_only(self, desk: Desk, store: Store) -> None:
        policy = UnderwritingPolicyFactory.create(merchant=store.merchant, name="Ours")
        UnderwritingPolicyFactory.create()
        UnderwritingPolicyFactory.create(of_merchant=True)
        with at_most(1):
            (listed,) = desk.get(POLICIES).json()["data"]

        assert (listed["id"], listed["name"], listed["status"]) == (str(policy.pk), "Ours", "draft")
        assert listed["terms"]["steps"][0] == {"up_to": 30, "rung": "pay_now", "percent": 100}


class SimulateTest:
    def test_which_decisions_and_sums_would_be_others(self, store: Store) -> None:
        """40.00 went out at once and was lost; under the draft it waits for inspection."""
        past = AssessmentFactory.create(store=store, at=AT - timedelta(days=2))
        OutcomeFactory.create(assessment=past, kind="lost")
        AssessmentFactory.create(at=AT - timedelta(days=2))
        draft = UnderwritingPolicyFactory.create(merchant=store.merchant, terms=STRICT)
        reader = seat_at(store.merchant, reader=True)
        since = {"since": (AT - timedelta(days=3)).isoformat()}
        shown = reader.send(f"{POLICIES}/{draft.pk}/simulate", since).json()

        forty, nothing = ({"amount": each, "currency": "EUR"} for each in ("40.00", "0.00"))
        assert (shown["requests"], shown["changed"]) == (1, 1)
        assert shown["rungs"][0] == {"rung": "pay_now", "before": 1, "after": 0}
        assert shown["rungs"][3] == {"rung": "pay_at_inspection", "before": 0, "after": 1}
        assert shown["sums"] == [
            {
                "requested": forty,
                "early_before": forty,
                "early_after": nothing,
                "expected_before": {"amount": "0.20", "currency": "EUR"},
                "expected_after": nothing,
                "lost_before": forty,
                "lost_after": nothing,
            }
        ]
        assert shown["changes"] == [
            {
                "assessment": str(past.pk),
                "order": str(past.order_id),
                "value": forty,
                "rung_before": "pay_now",
                "rung_after": "pay_at_inspection",
                "early_before": forty,
                "early_after": nothing,
                "reasons": ["value_above_most"],
            }
        ]

    def test_foreign_and_platform_policies_are_404(self, desk: Desk) -> None:
        since = {"since": AT.isoformat()}
        foreign = UnderwritingPolicyFactory.create(of_merchant=True)
        platform = UnderwritingPolicyFactory.create()
        answers = [
            desk.send(f"{POLICIES}/{each.pk}/simulate", since) for each in (foreign, platform)
        ]

        assert [each.status_code for each in answers] == [404, 404]

    def test_needs_the_right_to_read_settings(self) -> None:
        merchant = MerchantFactory.create()
        draft = UnderwritingPolicyFactory.create(merchant=merchant)
        nobody = seat_at(merchant)

        assert nobody.get(POLICIES).status_code == 403
        since = {"since": AT.isoformat()}
        assert nobody.send(f"{POLICIES}/{draft.pk}/simulate", since).status_code == 403
