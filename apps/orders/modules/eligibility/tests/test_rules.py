from datetime import timedelta
from decimal import Decimal

import pytest

from apps.orders.modules.eligibility.judge import judge
from apps.orders.modules.eligibility.rules import Rule, matches
from apps.orders.modules.eligibility.tests.build import MARCH_5, rule, unit


def fires(a_rule: Rule, **facts: object) -> bool:
    return a_rule.code in judge(unit(**facts), [a_rule], "shopper").rules


class MatchesTest:
    @pytest.mark.parametrize(
        ("pattern", "word", "expected"),
        [
            ("ts-1", "ts-1", True),
            ("ts-1", "ts-12", False),
            ("ts-*", "ts-1-red", True),
            ("ts-*", "xts-1", False),
            ("*-red", "ts-1-red", True),
            ("*-red", "ts-1-red-xl", False),
            ("ts*red*xl", "ts-1-red-xl", True),
            ("ts*red*xl", "ts-1-xl-red", False),
            ("*", "", True),
            ("a*a", "a", False),
            ("*1*", "ts-1-red", True),
            ("a*b*c", "a-c", False),
            ("ts.1", "ts-1", False),
        ],
    )
    def test_the_star_stands_for_any_text(self, pattern: str, word: str, expected: bool) -> None:
        assert matches(pattern, word) is expected

    def test_a_hostile_pattern_takes_no_time(self) -> None:
        assert not matches("*a" * 100 + "b", "a" * 50_000)


class ConditionTest:
    def test_in_and_not_in_ignore_case(self) -> None:
        assert fires(rule("block", ("sku", "in", ["ts-1-red"])))
        assert not fires(rule("block", ("sku", "not_in", ["TS-1-Red", "x"])))
        assert fires(rule("block", ("sku", "not_in", ["x"])))

    def test_one_word_needs_no_list(self) -> None:
        assert fires(rule("block", ("sku", "glob", "TS-*")))

    def test_any_tag_may_match(self) -> None:
        tagged = {"order_tags": ("B2B", "gift")}
        assert fires(rule("block", ("order_tag", "in", ["b2b"])), **tagged)
        assert fires(rule("block", ("order_tag", "glob", "gi*")), **tagged)
        assert not fires(rule("block", ("order_tag", "not_in", ["b2b"])), **tagged)
        assert fires(rule("block", ("order_tag", "not_in", ["b2b"])))

    @pytest.mark.parametrize(
        ("name", "fact", "value"),
        [
            ("product_id", "product_id", "p1"),
            ("category", "category", "Shoes"),
            ("country", "country", "ES"),
            ("wish", "wish", "exchange"),
        ],
    )
    def test_each_text_is_read_from_its_fact(self, name: str, fact: str, value: str) -> None:
        assert fires(rule("block", (name, "in", [value])), **{fact: value})
        assert not fires(rule("block", (name, "in", [value])))

    def test_customer_tags_and_reasons_hold_several_words(self) -> None:
        assert fires(rule("block", ("customer_tag", "in", ["vip"])), customer_tags=("new", "VIP"))
        assert fires(rule("block", ("reason", "in", ["torn"])), reason=("damaged", "torn"))

    @pytest.mark.parametrize("operator", ["in", "not_in", "glob"])
    def test_what_is_not_known_yet_fulfils_nothing(self, operator: str) -> None:
        assert not fires(rule("block", ("reason", operator, ["damaged", "*"])))
        assert not fires(rule("block", ("wish", operator, ["refund", "*"])))

    @pytest.mark.parametrize(
        ("name", "facts"),
        [
            ("line_total", {"line_total_minor": 100}),
            ("order_total", {"order_total_minor": 100}),
            ("discount_percent", {"discount_percent": Decimal(100)}),
        ],
    )
    def test_numbers_have_two_closed_ends(self, name: str, facts: dict[str, object]) -> None:
        assert fires(rule("block", (name, "gte", 100)), **facts)
        assert not fires(rule("block", (name, "gte", "100.01")), **facts)
        assert fires(rule("block", (name, "lte", 100)), **facts)
        assert not fires(rule("block", (name, "lte", "99.99")), **facts)

    def test_days_since_the_window_began(self) -> None:
        """1 to 5 March are four days."""
        assert fires(rule("block", ("days", "gte", 4)))
        assert not fires(rule("block", ("days", "gte", 5)))

    def test_all_conditions_must_hold(self) -> None:
        both = rule("block", ("sku", "glob", "TS-*"), ("country", "in", ["ES"]))
        assert fires(both, country="ES")
        assert not fires(both, country="FR")

    def test_without_conditions_a_rule_always_speaks(self) -> None:
        assert fires(rule("block"))


class ActiveDatesTest:
    def test_from_counts_and_until_does_not(self) -> None:
        second = timedelta(seconds=1)
        assert fires(rule("block", active_from=MARCH_5))
        assert not fires(rule("block", active_from=MARCH_5 + second))
        assert fires(rule("block", active_until=MARCH_5 + second))
        assert not fires(rule("block", active_until=MARCH_5))
