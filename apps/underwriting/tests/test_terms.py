from typing import Any

import pytest

from apps.core.money import Money
from apps.underwriting.dtos import PolicyTerms
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.loss import chance, expected_loss
from apps.underwriting.modules.terms import TermsInvalid, read_terms, terms_json
from apps.underwriting.tests.factories import eur

SUMS: dict[str, Any] = terms_json(BUILT_IN)["sums"]["EUR"]
STEPS: list[dict[str, Any]] = [{"up_to": 30, "rung": "pay_now"}]
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"shoe": 1}, "shoe: unknown"),
    ({"steps": []}, "steps: at least one"),
    ({"steps": 5}, "steps: not in the form that it should have"),
    ({"steps": [{"rung": "pay_now"}]}, "steps: not in the form that it should have"),
    ({"steps": [{"up_to": 1, "rung": "pay_at_inspection"}]}, "steps.rung: one of"),
    ({"steps": [{"up_to": 1, "rung": "pay_now", "percent": 0}]}, "steps.percent: 1 to 100"),
    ({"steps": [{"up_to": True, "rung": "pay_now"}]}, "steps.up_to: 0 to 1000"),
    ({"steps": [*STEPS, *STEPS]}, "steps.up_to: must rise"),
    (
        {"steps": [{"up_to": 1, "rung": "pay_at_scan"}, {"up_to": 2, "rung": "pay_now"}]},
        "steps: must rise",
    ),
    (
        {
            "steps": [
                {"up_to": 1, "rung": "pay_now", "percent": 50},
                {"up_to": 2, "rung": "pay_now"},
            ]
        },
        "steps: must rise",
    ),
    ({"sums": {}}, "sums: at least one currency"),
    ({"sums": {"XXX": SUMS}}, "sums.XXX: no currency"),
    ({"sums": {"EUR": {**SUMS, "most_asked": "-1"}}}, "sums.EUR: below zero"),
    ({"sums": {"EUR": {**SUMS, "most_asked": "1.001"}}}, "inexact_amount"),
    ({"sums": {"EUR": {**SUMS, "value_steps": ["9", "8"]}}}, "value_steps: must rise"),
    (
        {"sums": {"EUR": {**SUMS, "most": {**SUMS["most"], "pay_now": "501"}}}},
        "sums.EUR.most: must not fall",
    ),
    ({"sums": {"EUR": {**SUMS, "caps": {}}}}, "sums.EUR.caps: shopper, destination"),
    ({"weights": {"shoe": 1}}, "weights: no family shoe"),
    ({"weights": {"value": 501}}, "weights.value: 0 to 500"),
    ({"weights": 5}, "weights: not in the form that it should have"),
    ({"most_per_day": 0}, "most_per_day: 1 to 1000"),
    ({"loss_rates": [{"up_to": 1, "basis_points": 10_001}]}, "loss_rates.basis_points"),
    (
        {"loss_rates": [{"up_to": 2, "basis_points": 1}, {"up_to": 1, "basis_points": 1}]},
        "loss_rates.up_to: must rise",
    ),
    ({"countries": "ES"}, "countries: a list of names"),
    ({"risky_carriers": [""]}, "risky_carriers: a list of names"),
]


class TermsTest:
    def test_written_and_read_again_they_are_the_same(self) -> None:
        assert read_terms(terms_json(BUILT_IN)) == BUILT_IN

    @pytest.mark.parametrize(("changed", "problem"), WRONG)
    def test_what_cannot_be_read_is_named(self, changed: dict[str, Any], problem: str) -> None:
        with pytest.raises(TermsInvalid) as refusal:
            read_terms({**terms_json(BUILT_IN), **changed})

        problems: Any = refusal.value.details["problems"]
        assert len(problems) == 1
        assert problem in problems[0]

    def test_all_problems_at_once(self) -> None:
        with pytest.raises(TermsInvalid) as refusal:
            read_terms({"weights": {"shoe": 1}})

        assert refusal.value.details["problems"] == [
            "weights: no family shoe",
            "steps: missing",
            "sums: missing",
        ]

    def test_categories_lose_their_case_and_codes_do_not(self) -> None:
        terms = read_terms(
            {
                "steps": STEPS,
                "sums": {"EUR": SUMS},
                "risky_categories": ["Shoes"],
                "countries": ["ES"],
            }
        )

        assert terms.risky_categories == frozenset({"shoes"})
        assert terms.countries == frozenset({"ES"})


class LossTest:
    @pytest.mark.parametrize(("score", "expected"), [(0, 50), (15, 50), (16, 150), (2000, 3500)])
    def test_the_chance_of_a_score(self, score: int, expected: int) -> None:
        assert chance(BUILT_IN, score) == expected

    def test_a_policy_without_rates_expects_nothing(self) -> None:
        assert chance(PolicyTerms(steps=(), sums={}), 99) == 0

    @pytest.mark.parametrize(
        ("now", "scan", "delivery", "expected"),
        [
            # 4 % of 100; of 50 and half of 50; of half of 100; of a fifth of 100; of nothing.
            ("100", "100", "100", "4.00"),
            ("50", "100", "100", "3.00"),
            ("0", "100", "100", "2.00"),
            ("0", "0", "100", "0.80"),
            ("0", "0", "0", "0.00"),
        ],
    )
    def test_the_later_the_cheaper(self, now: str, scan: str, delivery: str, expected: str) -> None:
        limits: dict[str, Money] = {
            "pay_now": eur(now),
            "pay_at_scan": eur(scan),
            "pay_at_delivery": eur(delivery),
            "pay_at_inspection": eur("100"),
        }

        assert expected_loss(limits, 400) == eur(expected)
