from typing import Any

import pytest

from apps.orders.modules.eligibility.models import RuleDraft
from apps.orders.modules.eligibility.tests.build import MARCH_5
from apps.orders.modules.eligibility.validation import PolicyInvalid, check, problems

FINE = {"field": "sku", "operator": "in", "value": ["A"]}


def draft(**more: Any) -> RuleDraft:
    return RuleDraft(**{"code": "r", "action": "block", "conditions": [FINE], **more})


def found(*drafts: RuleDraft) -> list[tuple[object, ...]]:
    with pytest.raises(PolicyInvalid) as caught:
        check(drafts)
    told: Any = caught.value.details["problems"]
    return [tuple(problem.values()) for problem in told]


class CheckTest:
    def test_what_can_be_read_passes(self) -> None:
        numbers = {"field": "days", "operator": "lte", "value": "14"}
        drafts = [draft(conditions=[FINE, numbers], messages={"en": "No."}), draft(code="s")]
        assert not list(problems(drafts))

    def test_a_hundred_rules_are_enough(self) -> None:
        assert not list(problems([draft(code=f"r{n}") for n in range(100)]))
        assert found(*(draft(code=f"r{n}") for n in range(101))) == [("too_many_rules", -1, -1)]

    def test_twenty_conditions_are_enough(self) -> None:
        assert not list(problems([draft(conditions=[FINE] * 20)]))
        assert found(draft(conditions=[FINE] * 21)) == [("too_many_conditions", 0, -1)]

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"code": ""}, "code_malformed"),
            ({"code": "x" * 41}, "code_malformed"),
            ({"action": "explode"}, "unknown_action"),
            ({"active_from": MARCH_5, "active_until": MARCH_5}, "dates_reversed"),
            ({"messages": {"en": ""}}, "messages_malformed"),
            ({"messages": ["en"]}, "messages_malformed"),
            ({"conditions": {"field": "sku"}}, "conditions_not_a_list"),
        ],
    )
    def test_a_rule_is_told_what_is_wrong(self, more: dict[str, Any], code: str) -> None:
        assert found(draft(**more)) == [(code, 0, -1)]

    @pytest.mark.parametrize(
        ("condition", "code"),
        [
            ("sku", "condition_malformed"),
            ({"field": "sku", "operator": "in"}, "condition_malformed"),
            ({**FINE, "field": "price"}, "unknown_field"),
            ({**FINE, "field": []}, "unknown_field"),
            ({**FINE, "operator": "regex"}, "unknown_operator"),
            ({**FINE, "operator": "gte"}, "operator_does_not_fit"),
            ({"field": "days", "operator": "in", "value": [1]}, "operator_does_not_fit"),
            ({"field": "days", "operator": "gte", "value": "soon"}, "value_not_a_number"),
            ({"field": "days", "operator": "gte", "value": True}, "value_not_a_number"),
            ({"field": "days", "operator": "gte", "value": 1.5}, "value_not_a_number"),
            ({"field": "days", "operator": "gte", "value": "NaN"}, "value_not_a_number"),
            ({**FINE, "value": []}, "value_not_words"),
            ({**FINE, "value": [""]}, "value_not_words"),
            ({**FINE, "value": [1]}, "value_not_words"),
            ({**FINE, "value": "x" * 201}, "value_too_long"),
            ({**FINE, "value": ["x"] * 501}, "value_too_long"),
        ],
    )
    def test_a_condition_is_told_what_is_wrong(self, condition: Any, code: str) -> None:
        assert found(draft(conditions=[FINE, condition])) == [(code, 0, 1)]

    def test_all_problems_are_told_at_once(self) -> None:
        assert found(draft(action="x"), draft(code="r", messages={"en": 1})) == [
            ("code_not_unique", 0, -1),
            ("unknown_action", 0, -1),
            ("code_not_unique", 1, -1),
            ("messages_malformed", 1, -1),
        ]
