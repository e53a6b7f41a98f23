from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.core.money import Money
from apps.orders.dtos import UnitWish
from apps.orders.models import Order
from apps.orders.modules.eligibility.models import RuleDraft
from apps.orders.modules.eligibility.services import (
    Asked,
    draft_policy,
    eligibility_of,
    simulate,
    unit_facts,
)
from apps.orders.tests.factories import (
    OrderFactory,
    PolicyFactory,
    PolicyRuleFactory,
    ReturnFactory,
    ReturnReasonFactory,
)

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


def fresh(order: Order) -> Order:
    return Order.objects.select_related("store__preferences", "customer").get(pk=order.pk)


@pytest.mark.django_db
class EligibilityOfTest:
    def test_each_line_gets_a_verdict(self) -> None:
        order = OrderFactory.create(placed_at=datetime(2026, 2, 1, 12, tzinfo=UTC))
        line = order.lines.get(sku="TS-1")
        ReturnFactory.create(order=order, lines=[{"line_item": line, "quantity": 2}])
        shirt, trousers = eligibility_of(fresh(order), AT, "shopper")
        assert [refusal.code for refusal in shirt.refusals] == ["no_units_left"]
        assert not shirt.is_eligible
        assert (shirt.returnable, trousers.returnable) == (0, 1)
        assert trousers.is_eligible
        # Delivered on 6 February, 30 days.
        assert trousers.last_day == date(2026, 3, 8)
        assert trousers.policy_version == 0

    def test_each_wish_gets_a_verdict_in_its_order(self) -> None:
        order = OrderFactory.create(
            store__preferences__exchanges_enabled=False,
            placed_at=datetime(2026, 2, 1, tzinfo=UTC),
        )
        policy = PolicyFactory.create(store=order.store, published=True)
        conditions = [{"field": "reason", "operator": "in", "value": ["torn"]}]
        for action in ("pause", "waive_fee", "no_instant"):
            PolicyRuleFactory.create(policy=policy, action=action, conditions=conditions)
        line = order.lines.get(sku="TR-1")
        wishes = [
            UnitWish(line.pk, 1, "exchange"),
            UnitWish(line.pk, 1, "refund", reason="damaged", sub_reason="torn"),
        ]
        exchange, refund = eligibility_of(fresh(order), AT, "shopper", wishes)
        assert [refusal.code for refusal in exchange.refusals] == ["exchange_not_offered"]
        assert exchange.last_day is None
        assert (exchange.hold, exchange.waives_fee, exchange.no_instant) == (False, False, False)
        assert (refund.hold, refund.waives_fee, refund.no_instant) == (True, True, True)
        assert refund.policy_version == 1

    def test_the_queries_do_not_grow(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        order = fresh(OrderFactory.create(lines=[{}] * 20))
        policy = PolicyFactory.create(store=order.store, published=True)
        PolicyRuleFactory.create_batch(10, policy=policy)
        with django_assert_num_queries(3):
            assert len(eligibility_of(order, AT, "shopper")) == 20


@pytest.mark.django_db
class UnitFactsTest:
    def test_facts_come_from_the_rows(self) -> None:
        order = OrderFactory.create(
            tags=["b2b"],
            customer__tags=["vip"],
            lines=[
                {"quantity": 3, "unit_price_minor": 1000, "total_minor": 2400, "category": "Shoes"}
            ],
        )
        facts = unit_facts(order, order.lines.get(), AT, Asked())
        assert facts.discount_percent == Decimal(20)
        assert (facts.line_total_minor, facts.order_total_minor) == (2400, 2400)
        assert (facts.order_tags, facts.customer_tags) == (("b2b",), ("vip",))
        assert (facts.category, facts.country) == ("Shoes", "ES")
        assert (facts.reason, facts.wish) == (None, None)

    def test_a_guest_s_free_gift_divides_by_nothing(self) -> None:
        order = OrderFactory.create(
            customer=None, lines=[{"unit_price_minor": 0}], email="", cancelled=True
        )
        facts = unit_facts(order, order.lines.get(), AT, Asked("refund", ()))
        assert (facts.discount_percent, facts.customer_tags) == (Decimal(0), ())
        assert facts.is_cancelled


@pytest.mark.django_db
class SimulateTest:
    def test_a_draft_shows_which_past_units_it_would_have_judged_otherwise(self) -> None:
        order = OrderFactory.create()
        shirt, trousers = order.lines.all()
        reason = ReturnReasonFactory.create(store=order.store, code="torn")
        ret = ReturnFactory.create(
            order=order,
            lines=[{"line_item": shirt, "quantity": 2, "reason": reason}, {"line_item": trousers}],
        )
        ReturnFactory.create(filed_by="staff", order__store=order.store)
        draft = draft_policy(order.store)
        draft.write_rules(
            [
                RuleDraft(
                    code="torn",
                    action="block",
                    conditions=[{"field": "reason", "operator": "in", "value": ["torn"]}],
                )
            ]
        )
        (difference,) = simulate(draft, order.store, ret.requested_at)
        assert difference.return_id == ret.pk
        assert difference.line_id == ret.lines.get(line_item=shirt).pk
        assert difference.amount == Money(5000, "EUR")
        assert difference.before.is_eligible
        assert [refusal.code for refusal in difference.after.refusals] == ["torn"]

    def test_older_returns_are_left_out(self) -> None:
        ret = ReturnFactory.create()
        draft = draft_policy(ret.store)
        draft.write_rules([RuleDraft(code="all", action="block")])
        assert simulate(draft, ret.store, ret.requested_at + timedelta(seconds=1)) == []
        assert len(simulate(draft, ret.store, ret.requested_at)) == 2
