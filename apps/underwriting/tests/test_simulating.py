"""A draft over past requests: every figure worked out by hand."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Store
from apps.accounts.tests.factories import MerchantFactory, StoreFactory
from apps.core import clock
from apps.core.ids import uuid7
from apps.underwriting.dtos import Outcomes
from apps.underwriting.models import Assessment, UnderwritingPolicy
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.facts import facts_json
from apps.underwriting.modules.terms import terms_json
from apps.underwriting.services import simulate, simulating
from apps.underwriting.tests.factories import (
    AT,
    GOOD_HISTORY,
    AssessmentFactory,
    OutcomeFactory,
    OverrideFactory,
    UnderwritingPolicyFactory,
    facts,
)

pytestmark = pytest.mark.django_db
SINCE, UNTIL = AT - timedelta(days=1), AT + timedelta(days=1)
# Nobody whose units were missing is paid before the scan, and nothing above 300 is advanced.
DRAFT: dict[str, Any] = {
    **terms_json(BUILT_IN),
    "weights": {"history": 200},
    "sums": {"EUR": {**terms_json(BUILT_IN)["sums"]["EUR"], "most_asked": "300"}},
}


@pytest.fixture
def store() -> Store:
    return StoreFactory.create(merchant__slug="ropa")


def past(store: Store, amount: str = "100", missing: int = 0, **named: Any) -> Assessment:
    """As it was decided: all of it now."""
    history = replace(GOOD_HISTORY, units_missing=missing)
    of = facts(amount, history=history)
    return AssessmentFactory.create(
        store=store, value_minor=of.value.minor, inputs=facts_json(of), **named
    )


@pytest.fixture
def three(store: Store) -> list[Assessment]:
    """100.00 of good standing; 100.00 with a unit missing; 400.00."""
    return [past(store), past(store, missing=1), past(store, "400")]


def replayed(terms: dict[str, Any] | None = None, **named: Any) -> simulating.Replay:
    read = UnderwritingPolicyFactory.build(terms=terms or DRAFT).read()
    return simulate(read, SINCE, UNTIL, **named)


class SimulateTest:
    def test_which_decisions_and_which_sums(self, three: list[Assessment]) -> None:
        OutcomeFactory.create(assessment=three[2], kind="lost", amount_minor=25_000)
        OutcomeFactory.create(assessment=three[1], kind="lost", amount_minor=1_000)
        OutcomeFactory.create(assessment=three[0], kind="settled")
        replay = replayed()

        # Scores under the draft: 15; 15 + 2 x 25 = 65; 45 and above what is ever advanced.
        assert (replay.requests, replay.changed) == (3, 2)
        assert dict(replay.rungs_before) == {"pay_now": 3}
        assert dict(replay.rungs_after) == {
            "pay_now": 1,
            "pay_at_scan": 1,
            "pay_at_inspection": 1,
        }
        sums = replay.sums["EUR"]
        assert [
            (one.as_json()["amount"], other.as_json()["amount"])
            for one, other in (
                (sums.early_before, sums.early_after),
                (sums.expected_before, sums.expected_after),
                (sums.lost_before, sums.lost_after),
            )
        ] == [
            ("600.00", "200.00"),
            # 0.5 % of 100 + 9 % of 100 + 4 % of 400; 0.50 + half of 9.00 + nothing.
            ("25.50", "5.00"),
            ("260.00", "10.00"),
        ]
        assert sums.requested.as_json()["amount"] == "600.00"
        by_order = {each.order_id: each for each in replay.changes}
        big = by_order[three[2].order_id]
        assert (big.rung_before, big.rung_after) == ("pay_now", "pay_at_inspection")
        assert big.reasons == ("value_above_most", "value_step")

    def test_the_newest_word_of_a_policy_on_each_request(self, store: Store) -> None:
        request = uuid7()
        past(store, "100", request_id=request)
        newest = past(store, "50", request_id=request, version=2)
        override = OverrideFactory.create(assessment=newest)
        past(store, "70", request_id=request, version=3, override=override)

        assert replayed().sums["EUR"].requested.as_json()["amount"] == "50.00"

    def test_within_the_time_and_of_the_merchant(self, store: Store) -> None:
        past(store, at=SINCE)
        past(store, at=UNTIL)
        past(StoreFactory.create())

        assert replayed().requests == 2
        assert replayed(merchant=store.merchant).requests == 1

    def test_in_batches_and_with_a_bounded_list(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(simulating, "AT_A_TIME", 2)
        monkeypatch.setattr(simulating, "MOST_SHOWN", 1)
        for _ in range(4):
            past(store, "400")
        replay = replayed()

        assert (replay.requests, replay.changed, len(replay.changes)) == (4, 4, 1)

    def test_the_same_terms_change_nothing(self, store: Store) -> None:
        past(store)
        AssessmentFactory.create(
            store=store,
            declined=True,
            inputs=facts_json(facts(outcomes=Outcomes(lost=1))),
        )

        replay = replayed(terms_json(BUILT_IN))
        assert (replay.requests, replay.changed) == (2, 0)


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("simulate_underwriting", *arguments, stdout=out)
    return out.getvalue()


class CommandTest:
    @pytest.fixture
    def draft(self, three: list[Assessment]) -> UnderwritingPolicy:
        return UnderwritingPolicyFactory.create(terms=DRAFT)

    def test_prints_a_table(self, draft: UnderwritingPolicy, three: list[Assessment]) -> None:
        with clock.moved(AT + timedelta(days=2) - clock.now()):
            lines = told(str(draft.pk), "--days", "3", "--merchant", "ropa").splitlines()
            assert told(str(draft.pk), "--days", "1").startswith("0 requests, 0 decided")

        assert lines[:6] == [
            "3 requests, 2 decided otherwise",
            "",
            "rung                          before     after",
            "Now                                3         1",
            "At the first scan                  0         1",
            "When the parcel arrives            0         0",
        ]
        assert "before inspection                 600.00        200.00" in lines
        assert "expected loss                      25.50          5.00" in lines
        assert (
            f"{three[2].order_id} 400.00 EUR: pay_now -> pay_at_inspection, 400.00 -> 0.00" in lines
        )

    def test_a_policy_or_merchant_that_is_not_there(self, draft: UnderwritingPolicy) -> None:
        MerchantFactory.create(slug="zapatos")
        own = UnderwritingPolicyFactory.create(of_merchant=True)
        for wrong in (
            [str(uuid7())],
            [str(draft.pk), "--merchant", "nobody"],
            [str(own.pk), "--merchant", "zapatos"],
        ):
            with pytest.raises(CommandError, match="There is no such"):
                told(*wrong)
        assert told(str(own.pk)).startswith("0 requests")
