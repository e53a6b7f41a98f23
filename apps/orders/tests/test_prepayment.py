"""A return that waits until the shopper has paid the difference."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.core.money import Money
from apps.core.status import IllegalTransition
from apps.orders.mixins.prepayment import PaymentOutstanding
from apps.orders.models import Return
from apps.orders.tests.factories import ReturnFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


def waiting(**facts: object) -> Return:
    ret: Return = ReturnFactory.create(
        requested=True, due_minor=1295, pay_until=AT + timedelta(hours=23), **facts
    )
    return ret


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def kinds(ret: Return) -> list[str]:
    return [event.kind for event in ret.timeline.order_by("sequence")]


class PrepaymentTest:
    def test_opens_when_it_is_paid_and_only_once(self) -> None:
        ret = waiting()
        ret.note_paid(euros("12.95"), AT)
        ret.note_paid(euros("12.95"), AT + timedelta(hours=1))

        assert (ret.status, ret.opened_at, ret.pay_until) == ("in_progress", AT, None)
        assert kinds(ret) == ["return.opened"]

    def test_the_time_to_ship_begins_with_the_payment(self) -> None:
        ret = waiting(requested_at=AT - timedelta(hours=5), expires_at=AT + timedelta(days=28))
        ret.note_paid(euros("12.95"), AT)

        assert ret.expires_at == AT + timedelta(days=28, hours=5)

    def test_too_little_is_not_enough(self) -> None:
        ret = waiting()
        ret.note_paid(euros("12.94"), AT)

        assert (ret.status, ret.paid, ret.is_waiting_for_payment) == (
            "requested",
            euros("12.94"),
            True,
        )
        assert kinds(ret) == []

    def test_held_by_a_rule_it_waits_for_staff_then(self) -> None:
        ret = waiting(needs_approval=True)
        with pytest.raises(PaymentOutstanding):
            ret.approve(AT)
        ret.note_paid(euros("12.95"), AT)
        assert kinds(ret) == ["return.requested"]

        ret.approve(AT)

        assert ret.status == "in_progress"

    def test_unpaid_it_is_cancelled_and_its_units_are_free(self) -> None:
        ret = waiting()

        assert ret.lapse_unpaid(AT)
        assert not ret.lapse_unpaid(AT)

        assert ret.status == "cancelled"
        assert [line.returned_quantity for line in ret.order.lines.all()] == [0, 0]
        assert kinds(ret) == ["return.cancelled"]

    def test_paid_it_does_not_lapse(self) -> None:
        ret = waiting()
        ret.note_paid(euros("12.95"), AT)

        assert not ret.lapse_unpaid(AT)

    def test_paid_too_late_it_stays_cancelled(self) -> None:
        ret = waiting()
        ret.lapse_unpaid(AT)
        ret.note_paid(euros("12.95"), AT)

        assert (ret.status, ret.paid) == ("cancelled", euros("12.95"))
        with pytest.raises(IllegalTransition):
            ret.cancel(AT)
