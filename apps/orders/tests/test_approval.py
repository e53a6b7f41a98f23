from datetime import UTC, datetime
from uuid import UUID

import pytest

from apps.core.status import IllegalTransition
from apps.orders.dtos import UnitDecision
from apps.orders.mixins.cancellation import UnitsAccepted
from apps.orders.models import Return
from apps.orders.tests.factories import ReturnFactory

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


def returned(ret: Return) -> list[int]:
    return [line.returned_quantity for line in ret.order.lines.all()]


def kinds(ret: Return) -> list[str]:
    return [event.kind for event in ret.timeline.order_by("sequence")]


@pytest.mark.django_db
class ReturnApprovalTest:
    def test_approved_it_is_in_progress(self) -> None:
        ret = ReturnFactory.create(requested=True)
        ret.approve(AT)
        ret.refresh_from_db()
        assert (ret.status, ret.opened_at) == ("in_progress", AT)
        assert kinds(ret) == ["return.approved"]

    def test_refused_it_frees_its_units_once(self) -> None:
        ret = ReturnFactory.create(requested=True)
        assert returned(ret) == [2, 1]
        ret.refuse("Worn", AT)
        ret.refresh_from_db()
        assert (ret.status, ret.decided_at, ret.reject_reason) == ("rejected", AT, "Worn")
        assert {line.decision for line in ret.lines.all()} == {"rejected"}
        assert returned(ret) == [0, 0]
        with pytest.raises(IllegalTransition):
            ret.refuse("Again", AT)
        assert returned(ret) == [0, 0]
        assert kinds(ret) == ["return.rejected"]

    def test_what_is_under_way_is_neither_approved_nor_refused(self) -> None:
        ret = ReturnFactory.create()
        with pytest.raises(IllegalTransition):
            ret.approve(AT)
        with pytest.raises(IllegalTransition):
            ret.refuse("Late", AT)
        assert returned(ret) == [2, 1]


@pytest.mark.django_db
class ReturnCancellationTest:
    @pytest.mark.parametrize("trait", ["requested", "shipped"])
    def test_cancelled_it_frees_its_units_once(self, trait: str) -> None:
        ret = ReturnFactory.create(**{trait: True})
        ret.cancel(AT, "Changed my mind")
        ret.refresh_from_db()
        assert (ret.status, ret.decided_at) == ("cancelled", AT)
        assert {line.reception for line in ret.lines.all()} == {"cancelled"}
        assert returned(ret) == [0, 0]
        with pytest.raises(IllegalTransition):
            ret.cancel(AT)
        assert returned(ret) == [0, 0]
        assert ret.timeline.get().payload == {"reason": "Changed my mind"}

    def test_units_rejected_before_are_not_freed_twice(self) -> None:
        """The freed shirt is in another return by then, and stays there."""
        ret = ReturnFactory.create()
        shirt, trousers = ret.lines.all()
        ret.decide([rejected(shirt.pk)], AT)
        again = ReturnFactory.create(
            order=ret.order, lines=[{"line_item": shirt.line_item, "quantity": 2}]
        )
        ret.cancel(AT)
        assert returned(again) == [2, 0]
        shirt.refresh_from_db()
        trousers.refresh_from_db()
        assert (shirt.reception, trousers.reception) == ("awaiting", "cancelled")

    def test_units_accepted_before_stand_in_its_way(self) -> None:
        ret = ReturnFactory.create()
        shirt, _ = ret.lines.all()
        ret.decide([UnitDecision(shirt.pk, "accepted")], AT)
        with pytest.raises(UnitsAccepted):
            ret.cancel(AT)
        assert returned(ret) == [2, 1]

    def test_goods_that_arrived_stand_in_its_way(self) -> None:
        with pytest.raises(IllegalTransition):
            ReturnFactory.create(received=True).cancel(AT)


def rejected(line_id: UUID) -> UnitDecision:
    return UnitDecision(line_id, "rejected", reason="Worn")
