from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from apps.core.ids import uuid7
from apps.core.status import IllegalTransition
from apps.orders.dtos import UnitDecision
from apps.orders.mixins.review import ReasonRequired, UnknownReturnLine
from apps.orders.mixins.unit_decision import MoreUnitsThanHeld
from apps.orders.models import Return, ReturnLineItem
from apps.orders.tests.factories import OrderFactory, ReturnFactory

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


def returned(ret: Return) -> list[int]:
    return [line.returned_quantity for line in ret.order.lines.all()]


def accept(line_id: UUID, quantity: int | None = None, **more: Any) -> UnitDecision:
    return UnitDecision(line_id, "accepted", quantity, **more)


def reject(line_id: UUID, quantity: int | None = None) -> UnitDecision:
    return UnitDecision(line_id, "rejected", quantity, reason="Worn")


def rows(ret: Return) -> list[tuple[Any, ...]]:
    lines = ret.lines.order_by("line_item__position", "decision")
    return [(line.quantity, line.decision, line.amount_minor, line.tax_minor) for line in lines]


@pytest.mark.django_db
class ReturnReviewTest:
    def test_all_accepted(self) -> None:
        ret = ReturnFactory.create(received=True)
        ret.accept_all(AT)
        ret.refresh_from_db()
        assert (ret.status, ret.decided_at) == ("accepted", AT)
        assert {(line.decision, line.decided_at) for line in ret.lines.all()} == {("accepted", AT)}
        assert returned(ret) == [2, 1]
        kinds = [event.kind for event in ret.timeline.order_by("sequence")]
        assert kinds == ["return.unit_decided", "return.unit_decided", "return.accepted"]

    def test_all_rejected_frees_the_units(self) -> None:
        ret = ReturnFactory.create(received=True)
        ret.reject_all("Worn", AT)
        ret.refresh_from_db()
        assert ret.status == "rejected"
        assert {line.reject_reason for line in ret.lines.all()} == {"Worn"}
        assert returned(ret) == [0, 0]

    def test_some_of_each(self) -> None:
        ret = ReturnFactory.create(received=True)
        shirt, trousers = ret.lines.all()
        ret.decide([accept(shirt.pk, grade="A", disposition="restocked", images=("a.jpg",))], AT)
        ret.refresh_from_db()
        assert (ret.status, ret.decided_at) == ("received", None)
        ret.decide([reject(trousers.pk)], AT)
        ret.refresh_from_db()
        shirt.refresh_from_db()
        assert ret.status == "partly_accepted"
        assert (shirt.grade, shirt.disposition, shirt.images) == ("A", "restocked", ["a.jpg"])
        assert returned(ret) == [2, 0]

    def test_parked_units_are_decided_later(self) -> None:
        ret = ReturnFactory.create(received=True)
        shirt, trousers = ret.lines.all()
        ret.decide([UnitDecision(shirt.pk, "for_review")], AT)
        ret.decide([UnitDecision(trousers.pk, "for_review")], AT)
        ret.refresh_from_db()
        shirt.refresh_from_db()
        assert (ret.status, shirt.decided_at) == ("for_review", None)
        with pytest.raises(IllegalTransition):
            ret.decide([UnitDecision(shirt.pk, "for_review")], AT)
        ret.accept_all(AT)
        assert ret.status == "accepted"
        kinds = [event.kind for event in ret.timeline.order_by("sequence")]
        assert kinds.count("return.for_review") == 1

    def test_missing_units_are_free_and_say_so(self) -> None:
        ret = ReturnFactory.create(received=True)
        shirt, _ = ret.lines.all()
        ret.decide([UnitDecision(shirt.pk, "missing")], AT)
        shirt.refresh_from_db()
        assert (shirt.reception, shirt.decision) == ("missing", "rejected")
        assert (shirt.reject_reason, shirt.disposition) == ("missing", "missing")
        assert returned(ret) == [0, 1]

    def test_units_that_the_shopper_keeps_are_not_missing(self) -> None:
        ret = ReturnFactory.create(lines__reception="kept")
        with pytest.raises(IllegalTransition):
            ret.decide([UnitDecision(ret.lines.all()[0].pk, "missing")], AT)

    def test_one_line_with_two_outcomes_becomes_two_rows(self) -> None:
        """10.00 for 3 units, tax 1.74: one unit is 3.33 with 0.58, the other two the rest."""
        order = OrderFactory.create(
            lines=[{"quantity": 3, "total_minor": 1000, "tax_minor": 174, "paid_minor": 1000}]
        )
        ret = ReturnFactory.create(order=order, received=True)
        line = ret.lines.get()
        ret.decide([reject(line.pk, 1), accept(line.pk, 2)], AT)
        assert rows(ret) == [(2, "accepted", 667, 116), (1, "rejected", 333, 58)]
        assert ret.status == "partly_accepted"
        assert returned(ret) == [2]

    @pytest.mark.parametrize("quantity", [-1, 0, 3])
    def test_no_other_number_of_units_than_it_holds(self, quantity: int) -> None:
        ret = ReturnFactory.create(received=True)
        with pytest.raises(MoreUnitsThanHeld):
            ret.decide([accept(ret.lines.all()[0].pk, quantity)], AT)
        assert {line.decision for line in ret.lines.all()} == {"pending"}

    def test_all_decisions_or_none(self) -> None:
        ret = ReturnFactory.create(received=True)
        shirt, trousers = ret.lines.all()
        with pytest.raises(ReasonRequired):
            ret.decide([accept(shirt.pk), UnitDecision(trousers.pk, "rejected")], AT)
        with pytest.raises(UnknownReturnLine):
            ret.decide([accept(shirt.pk), accept(uuid7())], AT)
        assert {line.decision for line in ret.lines.all()} == {"pending"}
        assert not ret.timeline.exists()

    def test_decided_is_decided(self) -> None:
        ret = ReturnFactory.create(received=True)
        shirt, _ = ret.lines.all()
        ret.decide([accept(shirt.pk)], AT)
        with pytest.raises(IllegalTransition):
            ret.decide([reject(shirt.pk)], AT)
        ret.accept_all(AT)
        with pytest.raises(IllegalTransition):
            ret.reject_all("Too late", AT)
        assert returned(ret) == [2, 1]

    def test_reject_refuses_a_request_and_rejects_what_is_open(self) -> None:
        asked, received = ReturnFactory.create(requested=True), ReturnFactory.create(received=True)
        asked.reject("Not ours", AT)
        received.reject("Worn", AT)
        assert (asked.status, asked.reject_reason) == ("rejected", "Not ours")
        assert received.status == "rejected"
        assert (returned(asked), returned(received)) == ([0, 0], [0, 0])

    def test_without_approval_nothing_is_decided(self) -> None:
        with pytest.raises(IllegalTransition):
            ReturnFactory.create(requested=True).accept_all(AT)

    def test_rows_say_what_they_are(self) -> None:
        line = ReturnFactory.create().lines.all()[0]
        assert str(line) == f"2 of {line.line_item_id}"
        assert set(ReturnLineItem.objects.live()) == set(line.ret.lines.all())
        assert not ReturnLineItem.objects.accepted()
