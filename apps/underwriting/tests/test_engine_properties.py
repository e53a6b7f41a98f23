"""A worse shopper, or more value, never gets a better rung; and the engine is a function."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from apps.core.money import Money
from apps.underwriting.choices import EARLY, RUNGS, Bucket, Rung
from apps.underwriting.dtos import (
    AddressSignals,
    EmailSignals,
    Facts,
    Goods,
    History,
    ListHits,
    Outcomes,
    Platform,
    PolicyTerms,
    Room,
    Step,
)
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.engine import decide, rank
from apps.underwriting.modules.facts import facts_json, read_facts
from apps.underwriting.tests.factories import AT

few = st.integers(0, 12)
buckets = st.sampled_from(Bucket.values)
money = st.integers(-100, 150_000).map(lambda minor: Money(minor, "EUR"))
histories = st.builds(
    History,
    orders=few,
    first_order_at=st.one_of(
        st.none(), st.integers(0, 60).map(lambda days: AT - timedelta(days=days))
    ),
    returns=few,
    units_missing=few,
    units_rejected=few,
    open_returns=few,
    returns_today=few,
    returns_this_month=few,
)
outcomes = st.builds(Outcomes, settled=few, recovered=few, disputed=few, lost=few)
platforms = st.builds(
    Platform,
    orders_today=buckets,
    recovered=buckets,
    lost=buckets,
    people_at_address=buckets,
    people_at_destination=buckets,
    is_destination_for_review=st.booleans(),
)
some_facts = st.builds(
    Facts,
    value=money,
    is_instant=st.sampled_from([True, True, True, False]),
    goods=st.builds(
        Goods,
        categories=st.sampled_from([(), ("Clothing",), ("Watches",), ("Gift card",)]),
        is_tracked=st.sampled_from([True, True, False]),
    ),
    history=histories,
    outcomes=outcomes,
    platform=platforms,
    address=st.builds(AddressSignals, is_missing=st.booleans(), is_po_box=st.booleans()),
    email=st.builds(EmailSignals, is_missing=st.booleans(), is_tagged=st.booleans()),
    lists=st.sampled_from([ListHits(), ListHits(allowed=("email",)), ListHits(("iban",), ())]),
    rooms=st.lists(money.map(lambda left: Room("merchant", left)), max_size=2).map(tuple),
)
# A shopper whom no hard stop keeps from being judged by points.
mild_facts = st.builds(
    Facts,
    value=st.integers(1, 100_000).map(lambda minor: Money(minor, "EUR")),
    history=st.builds(History, orders=few, returns=few, units_missing=st.integers(0, 2)),
    outcomes=st.builds(Outcomes, settled=few),
)


@st.composite
def some_terms(draw: st.DrawFn) -> PolicyTerms:
    """The built-in ones with other weights and steps."""
    families = st.sampled_from(["value", "history", "email"])
    weights = draw(st.dictionaries(families, st.integers(0, 300)))
    ups = sorted(draw(st.sets(st.integers(0, 200), min_size=1, max_size=4)))
    ranks = sorted(
        draw(
            st.lists(
                st.tuples(st.integers(0, 2), st.integers(-100, -1)),
                min_size=len(ups),
                max_size=len(ups),
                unique=True,
            )
        )
    )
    steps = tuple(
        Step(up, EARLY[place], -minus) for up, (place, minus) in zip(ups, ranks, strict=True)
    )
    return replace(BUILT_IN, weights=weights, steps=steps)


def worse_buckets(bucket: str, by: int) -> str:
    names = list(Bucket.values)
    return names[min(names.index(bucket) + by, len(names) - 1)]


class EnginePropertiesTest:
    @given(some_facts, some_terms())
    def test_the_same_question_has_the_same_answer(self, of: Facts, terms: PolicyTerms) -> None:
        before = facts_json(of)

        assert decide(of, terms, AT) == decide(of, terms, AT)
        assert facts_json(of) == before
        assert read_facts(before) == of

    @given(some_facts, some_terms())
    def test_limits_rise_to_the_value(self, of: Facts, terms: PolicyTerms) -> None:
        decision = decide(of, terms, AT)
        limits = [decision.limits[rung] for rung in RUNGS]

        assert limits == sorted(limits)
        assert limits[0].minor >= 0
        assert limits[-1] == of.value.at_least_zero()
        assert decision.is_offered == bool(decision.limits[Rung.PAY_AT_DELIVERY])
        assert all(not decision.limits[rung] for rung in RUNGS[: rank(decision.rung)])

    @given(st.one_of(some_facts, mild_facts), some_terms(), st.integers(1, 100_000))
    def test_more_value_never_gets_a_better_rung(
        self, of: Facts, terms: PolicyTerms, more: int
    ) -> None:
        """From something that can be advanced at all: nothing has no rung but the last."""
        less = replace(of, value=Money(max(of.value.minor, 1), "EUR"))
        richer = replace(less, value=less.value + Money(more, "EUR"))

        assert rank(decide(richer, terms, AT).rung) >= rank(decide(less, terms, AT).rung)

    @given(
        st.one_of(some_facts, mild_facts),
        some_terms(),
        st.sampled_from(
            [
                "returns",
                "units_missing",
                "units_rejected",
                "open_returns",
                "returns_today",
                "returns_this_month",
            ]
        ),
        st.integers(1, 9),
    )
    def test_a_worse_history_never_gets_more(
        self, of: Facts, terms: PolicyTerms, name: str, more: int
    ) -> None:
        history = replace(of.history, **{name: getattr(of.history, name) + more})

        no_better(of, replace(of, history=history), terms)

    @given(
        st.one_of(some_facts, mild_facts),
        some_terms(),
        st.sampled_from(["recovered", "disputed", "lost"]),
        st.integers(1, 9),
    )
    def test_worse_endings_never_get_more(
        self, of: Facts, terms: PolicyTerms, name: str, more: int
    ) -> None:
        endings = replace(of.outcomes, **{name: getattr(of.outcomes, name) + more})

        no_better(of, replace(of, outcomes=endings), terms)

    @given(
        st.one_of(some_facts, mild_facts),
        some_terms(),
        st.sampled_from(
            ["orders_today", "recovered", "lost", "people_at_address", "people_at_destination"]
        ),
        st.integers(1, 4),
    )
    def test_worse_elsewhere_never_gets_more(
        self, of: Facts, terms: PolicyTerms, name: str, by: int
    ) -> None:
        worse: dict[str, Any] = {name: worse_buckets(getattr(of.platform, name), by)}
        seen = replace(of.platform, **worse)

        no_better(of, replace(of, platform=seen), terms)

    @given(st.one_of(some_facts, mild_facts), some_terms(), money)
    def test_less_room_never_gets_more(self, of: Facts, terms: PolicyTerms, left: Money) -> None:
        no_better(of, replace(of, rooms=(*of.rooms, Room("day", left))), terms)


def no_better(before: Facts, after: Facts, terms: PolicyTerms) -> None:
    one, other = decide(before, terms, AT), decide(after, terms, AT)
    assert rank(other.rung) >= rank(one.rung)
    assert all(other.limits[rung] <= one.limits[rung] for rung in RUNGS)
