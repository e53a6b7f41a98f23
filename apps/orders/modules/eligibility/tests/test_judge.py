from typing import Any

import pytest

from apps.orders.modules.eligibility.judge import Refusal, Verdict, judge
from apps.orders.modules.eligibility.sentences import SENTENCES
from apps.orders.modules.eligibility.tests.build import APRIL_2, rule, unit, window


def codes(verdict: Verdict) -> list[str]:
    return [refusal.code for refusal in verdict.refusals]


class BaseRefusalsTest:
    def test_a_plain_unit_may_come_back(self) -> None:
        verdict = judge(unit(), [], "shopper")
        assert verdict == Verdict()
        assert verdict.is_eligible

    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            ({"is_cancelled": True}, ["order_cancelled"]),
            ({"fulfilled": 0, "returnable": 0}, ["not_fulfilled"]),
            ({"returnable": 0}, ["no_units_left"]),
            ({"category": " Gift Card "}, ["gift_card"]),
            ({"is_final_sale": True}, ["final_sale"]),
            ({"is_returnable": False}, ["not_returnable"]),
            ({"is_final_sale": True, "at": APRIL_2}, ["final_sale", "window_closed"]),
            ({"is_gift": True}, []),
        ],
    )
    def test_each_has_a_code(self, facts: dict[str, Any], expected: list[str]) -> None:
        assert codes(judge(unit(**facts), [], "shopper")) == expected

    def test_a_fact_stands_alone(self) -> None:
        assert codes(judge(unit(returnable=0, at=APRIL_2), [], "shopper")) == ["no_units_left"]

    def test_the_closed_window_names_its_day_in_each_language(self) -> None:
        (refusal,) = judge(unit(at=APRIL_2), [], "shopper").refusals
        assert refusal.text("en") == "The last day to return this item was 31 Mar 2026."
        assert refusal.text("es") == "El último día para devolver este artículo fue el 31/03/2026."
        assert refusal.text("de").endswith("war der 31.03.2026.")
        assert refusal.text("fr").endswith("était le 31/03/2026.")
        assert refusal.text("pt") == refusal.text("en")

    def test_every_sentence_is_there_in_four_languages(self) -> None:
        assert {tuple(texts) for texts in SENTENCES.values()} == {("en", "es", "de", "fr")}


class WindowsTest:
    def test_each_wish_has_its_own(self) -> None:
        facts = {"exchange_window": window(60), "at": APRIL_2}
        assert codes(judge(unit(wish="refund", **facts), [], "shopper")) == ["window_closed"]
        assert judge(unit(wish="exchange", **facts), [], "shopper").is_eligible

    def test_without_a_wish_the_longer_one_counts(self) -> None:
        assert judge(unit(exchange_window=window(60), at=APRIL_2), [], "shopper").is_eligible
        assert judge(unit(exchange_window=window(2)), [], "shopper").is_eligible
        assert not judge(unit(exchange_window=None, at=APRIL_2), [], "shopper").is_eligible

    def test_a_store_without_exchanges_refuses_only_those(self) -> None:
        facts = {"exchange_window": None}
        assert codes(judge(unit(wish="exchange", **facts), [], "shopper")) == [
            "exchange_not_offered"
        ]
        assert judge(unit(wish="refund", **facts), [], "shopper").is_eligible


class RulesTest:
    def test_a_block_refuses_in_the_merchant_s_words(self) -> None:
        block = rule("block", code="no_socks", messages={"en": "Socks stay.", "pt": "Não."})
        verdict = judge(unit(), [block], "shopper")
        (refusal,) = verdict.refusals
        assert (refusal.code, refusal.advisory) == ("no_socks", False)
        assert (refusal.text("en"), refusal.text("pt")) == ("Socks stay.", "Não.")
        assert refusal.text("es") == SENTENCES["rule"]["es"]
        assert verdict.rules == ("no_socks",)

    def test_the_lowest_priority_speaks_first(self) -> None:
        allow, block = rule("allow", priority=1), rule("block", priority=2)
        assert judge(unit(), [block, allow], "shopper") == Verdict(rules=("allow_rule",))
        block_first = rule("block", priority=0)
        assert codes(judge(unit(), [allow, block_first], "shopper")) == ["block_rule"]

    def test_a_pause_asks_for_a_person(self) -> None:
        verdict = judge(unit(), [rule("pause"), rule("block", priority=200)], "shopper")
        assert verdict == Verdict(hold=True, rules=("pause_rule",))

    def test_waivers_and_no_instant_add_up(self) -> None:
        rules = [
            rule("waive_fee", priority=1),
            rule("pause", priority=2),
            rule("no_instant", priority=3),
            rule("waive_fee", ("sku", "in", ["other"]), code="silent"),
        ]
        assert judge(unit(), rules, "shopper") == Verdict(
            hold=True,
            waives_fee=True,
            no_instant=True,
            rules=("waive_fee_rule", "pause_rule", "no_instant_rule"),
        )

    def test_an_allow_lifts_the_store_s_own_limits_only(self) -> None:
        allow = [rule("allow")]
        late = unit(at=APRIL_2, is_final_sale=True, is_returnable=False)
        assert judge(late, allow, "shopper").is_eligible
        assert codes(judge(unit(category="gift card"), allow, "shopper")) == ["gift_card"]
        assert codes(judge(unit(returnable=0), allow, "shopper")) == ["no_units_left"]


class WhoIsBoundTest:
    @pytest.mark.parametrize("filed_by", ["staff", "api", "platform"])
    def test_others_than_shoppers_are_only_advised(self, filed_by: str) -> None:
        verdict = judge(unit(at=APRIL_2), [rule("block")], filed_by)
        assert codes(verdict) == ["window_closed", "block_rule"]
        assert verdict.is_eligible
        assert not judge(unit(at=APRIL_2), [rule("block")], "shopper").is_eligible

    @pytest.mark.parametrize("facts", [{"returnable": 0}, {"fulfilled": 0}, {"is_cancelled": True}])
    def test_facts_bind_everybody(self, facts: dict[str, Any]) -> None:
        assert not judge(unit(**facts), [], "staff").is_eligible


class RefusalTest:
    def test_a_text_is_found_even_without_english(self) -> None:
        assert Refusal("x", {"pt": "Não."}).text("de") == "Não."
