"""What holds for every order, every policy and every way of returning."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.money import Money
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.calculate import calculate
from apps.orders.calculator.facts import OrderFacts
from apps.orders.calculator.terms import (
    Destination,
    ShareRule,
    TenderOrder,
    Terms,
    ThresholdRule,
)
from apps.orders.calculator.tests.build import settle
from apps.orders.calculator.tests.strategies import (
    orders,
    policies,
    requests,
    returns_of_all,
)
from apps.orders.calculator.tree import Kind

EXAMPLES = settings(deadline=None, max_examples=4000)


def total(results: list[Breakdown], facts: OrderFacts) -> Money:
    return Money.total((each.net for each in results), facts.currency)


class SequenceTest:
    @EXAMPLES
    @given(st.data())
    def test_any_grouping_returns_what_was_paid(self, data: st.DataObject) -> None:
        """I-42: all the money, with its tax, line by line, shipping and duties included."""
        facts = data.draw(orders())
        steps = data.draw(returns_of_all(facts))
        terms = Terms(
            threshold=data.draw(st.sampled_from([ThresholdRule.PRORATE, ThresholdRule.REQUALIFY])),
            shipping=data.draw(
                st.sampled_from([ShareRule.WHEN_ALL_RETURNED, ShareRule.SHARE_BY_VALUE])
            ),
            tender_order=data.draw(st.sampled_from(TenderOrder)),
        )
        captured = Money.total((each.captured for each in facts.tenders), facts.currency)
        results, state = [], facts
        for units in steps:
            results.append(calculate(state, units, terms))
            state = settle(state, units, results[-1])
            assert all(each.refunded <= each.captured for each in state.tenders)
        assert total(results, facts) == captured
        assert not state.left
        for line in facts.lines:
            parts = [each.line_amounts[line.id] for each in results if line.id in each.line_amounts]
            assert Money.total((p.tax for p in parts), facts.currency) == line.tax
            assert Money.total((p.gross for p in parts), facts.currency) == facts.gross_of(line)
            assert sum(part.quantity for part in parts) == line.quantity

    @EXAMPLES
    @given(st.data())
    def test_prorated_parts_are_never_below_zero(self, data: st.DataObject) -> None:
        facts = data.draw(orders())
        facts = replace(facts, lines=tuple(each for each in facts.lines if not each.is_gift))
        state = facts
        for units in data.draw(returns_of_all(facts)):
            result = calculate(state, units, Terms())
            assert all(part.gross.minor >= 0 for part in result.line_amounts.values())
            assert all(part.tax.minor >= 0 for part in result.line_amounts.values())
            state = settle(state, units, result)


class BreakdownTest:
    @EXAMPLES
    @given(st.data())
    def test_every_policy(self, data: st.DataObject) -> None:
        facts = data.draw(orders())
        units = data.draw(requests(facts))
        terms = data.draw(policies(facts.currency))
        result = calculate(facts, units, terms)
        self.sums(result)
        self.caps(facts, result)
        assert calculate(facts, units, terms) == result
        assert Breakdown.from_json(json.loads(json.dumps(result.as_json()))) == result
        if terms.destination is not Destination.CREDIT:
            without = calculate(facts, units, replace(terms, bonus=None))
            assert result.refund == without.refund

    def sums(self, result: Breakdown) -> None:
        """I-13, I-45: each node is its parts, with its kind; the net is the formula's."""
        tree = result.tree
        for node in tree.walk():
            parts = Money.total((each.amount for each in node.children), tree.amount.currency)
            assert parts == node.amount or not node.children
            if node.tax is not None:
                assert node.without_tax + node.tax == node.amount
        assert result.net == (
            tree.part(Kind.GOODS)
            + tree.part(Kind.SHIPPING)
            + tree.part(Kind.DUTIES)
            + tree.part(Kind.BONUS)
            + tree.part(Kind.NEW_GOODS)
            + tree.part(Kind.FEES)
            + tree.part(Kind.CAPPED)
        )
        assert result.net == result.refund - result.due
        assert not (result.refund and result.due)
        for part in result.line_amounts.values():
            assert part.net + part.tax == part.gross
        goods = Money.total(
            (part.gross for part in result.line_amounts.values()), tree.amount.currency
        )
        assert goods == tree.part(Kind.GOODS)

    def caps(self, facts: OrderFacts, result: Breakdown) -> None:
        """I-09, I-12: never above what was captured, and each leg from a payment that holds it."""
        assert result.given_back <= facts.left
        legs = Money.total((leg.amount for leg in result.legs), facts.currency)
        assert legs == (result.net - result.tree.part(Kind.BONUS)).at_least_zero()
        held = {each.id: each.left for each in facts.tenders}
        assert all(facts.zero < leg.amount <= held[leg.tender_id] for leg in result.legs)
        units = {key: part.quantity for key, part in result.line_amounts.items()}
        assert facts.zero <= result.recoverable(units) <= result.given_back

    @EXAMPLES
    @given(st.data())
    def test_a_held_order_gives_what_it_holds(self, data: st.DataObject) -> None:
        facts = data.draw(orders())
        tenders = tuple(
            replace(each, refunded=each.captured.share(data.draw(st.integers(0, 120)), 100))
            for each in facts.tenders
        )
        facts = replace(facts, tenders=tenders)
        result = calculate(facts, data.draw(requests(facts)), data.draw(policies(facts.currency)))
        self.sums(result)
        self.caps(facts, result)
