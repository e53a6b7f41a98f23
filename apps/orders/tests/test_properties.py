"""Whatever is returned of one order, in whatever order it settles, no cap is ever passed."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.money import Money
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.dtos import MethodChoice
from apps.orders.models import Order, Return, ReturnLineItem
from apps.orders.tests.factories import OrderFactory, ReturnFactory

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    line: int
    quantity: int
    outcome: str
    fee: int
    settles_at_once: bool


LINES = st.lists(
    st.fixed_dictionaries(
        {
            "quantity": st.integers(1, 4),
            "unit_price_minor": st.integers(0, 3000),
            "tax_minor": st.integers(0, 500),
        }
    ),
    min_size=1,
    max_size=3,
)
STEPS = st.lists(
    st.builds(
        Step,
        line=st.integers(0, 2),
        quantity=st.integers(1, 4),
        outcome=st.sampled_from(["accept", "accept", "accept", "reject", "cancel"]),
        fee=st.sampled_from([0, 0, 395]),
        settles_at_once=st.booleans(),
    ),
    max_size=6,
)


def opened(order: Order, step: Step) -> Return | None:
    lines = list(order.lines.all())
    line = lines[step.line % len(lines)]
    quantity = min(step.quantity, line.returnable_quantity)
    if not quantity:
        return None
    return ReturnFactory.create(
        order=Order.objects.get(pk=order.pk),
        method=MethodChoice(name="Post", price=Money(step.fee, "EUR")),
        lines=[{"line_item": line, "quantity": quantity}],
    )


def concluded(ret: Return, outcome: str) -> bool:
    """Whether it may settle."""
    if outcome == "cancel":
        ret.cancel(AT)
    elif outcome == "reject":
        ret.reject_all("Worn", AT)
    else:
        ret.accept_all(AT)
    return outcome == "accept"


def assert_caps(order: Order, settled: list[Breakdown]) -> None:
    now = Order.objects.get(pk=order.pk)
    given_back = Money.total((each.given_back for each in settled), "EUR")
    assert now.refunded == given_back
    assert now.refunded <= now.captured
    assert now.shipping_refunded <= now.shipping
    drawn = Money.total((leg.amount for each in settled for leg in each.legs), "EUR")
    assert drawn == Money.total((each.refunded for each in now.tenders.all()), "EUR")
    assert all(each.refunded <= each.captured for each in now.tenders.all())
    for line in now.lines.all():
        live = ReturnLineItem.objects.live().filter(line_item=line)
        assert line.returned_quantity == (live.aggregate(n=Sum("quantity"))["n"] or 0)
        assert line.refunded_quantity <= line.returned_quantity <= line.quantity
        assert line.refunded <= line.paid


@pytest.mark.django_db
class ReturnsOfOneOrderTest:
    @settings(max_examples=8)
    @given(lines=LINES, steps=STEPS, tax_included=st.booleans())
    def test_no_cap_is_passed_and_what_settles_is_what_was_quoted(
        self, lines: list[dict[str, int]], steps: list[Step], tax_included: bool
    ) -> None:
        order = OrderFactory.create(
            with_shipping=True,
            tax_included=tax_included,
            lines=[
                {**each, "tax_minor": min(each["tax_minor"], each["unit_price_minor"])}
                for each in lines
            ],
            tenders=[{"kind": "credit", "captured_minor": 300}, {}],
        )
        settled: list[Breakdown] = []
        waiting: list[Return] = []
        for step in steps:
            ret = opened(order, step)
            if ret is None or not concluded(ret, step.outcome):
                continue
            if step.settles_at_once:
                settled.append(ret.settle())
                assert settled[-1] == Breakdown.from_json(ret.breakdown)
            else:
                waiting.append(ret)
            assert_caps(order, settled)
        for ret in reversed(waiting):
            settled.append(ret.settle())
            assert_caps(order, settled)

    @settings(max_examples=5)
    @given(lines=LINES, together=st.booleans())
    def test_everything_returned_is_everything_paid(
        self, lines: list[dict[str, int]], together: bool
    ) -> None:
        """At once or unit by unit: the last one closes the order, shipping with it."""
        order = OrderFactory.create(with_shipping=True, lines=lines)
        every = [line for line in order.lines.all() for _ in range(line.quantity)]
        parts = [None] if together else [[{"line_item": line}] for line in every]
        for part in parts:
            fresh = Order.objects.get(pk=order.pk)
            ret = ReturnFactory.create(order=fresh, lines=part)
            ret.accept_all(AT)
            ret.settle()
        assert Order.objects.get(pk=order.pk).refundable == Money.zero("EUR")
