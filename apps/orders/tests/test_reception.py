from datetime import UTC, datetime, timedelta

import pytest

from apps.core.status import IllegalTransition
from apps.orders.dtos import UnitDecision
from apps.orders.mixins.notes import AlreadySettled
from apps.orders.models import Return
from apps.orders.tests.factories import ReturnFactory

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def kinds(ret: Return) -> list[str]:
    return [event.kind for event in ret.timeline.order_by("sequence")]


@pytest.mark.django_db
class ReturnReceptionTest:
    def test_the_first_scan_counts(self) -> None:
        ret = ReturnFactory.create()
        assert [ret.ship(AT), ret.ship(LATER)] == [True, False]
        ret.refresh_from_db()
        assert (ret.status, ret.shipped_at) == ("shipped", AT)
        assert kinds(ret) == ["return.shipped"]

    def test_the_arrival_counts_once_and_brings_the_units(self) -> None:
        ret = ReturnFactory.create(shipped=True)
        assert [ret.receive(AT), ret.receive(LATER)] == [True, False]
        ret.refresh_from_db()
        assert (ret.status, ret.received_at) == ("received", AT)
        assert {(line.reception, line.received_at) for line in ret.lines.all()} == {
            ("received", AT)
        }
        assert kinds(ret) == ["return.received"]

    def test_a_scan_after_the_arrival_is_late_news(self) -> None:
        ret = ReturnFactory.create()
        ret.receive(AT)
        assert not ret.ship(LATER)

    def test_what_was_parked_before_it_came_stays_parked(self) -> None:
        ret = ReturnFactory.create()
        shirt, trousers = ret.lines.all()
        ret.decide([UnitDecision(shirt.pk, "for_review"), UnitDecision(trousers.pk, "missing")], AT)
        assert ret.receive(AT)
        ret.refresh_from_db()
        assert (ret.status, ret.received_at) == ("for_review", AT)
        assert [line.reception for line in ret.lines.all()] == ["received", "missing"]

    def test_a_parcel_for_a_return_that_is_over_changes_nothing(self) -> None:
        accepted, cancelled = ReturnFactory.create(), ReturnFactory.create()
        accepted.accept_all(AT)
        cancelled.cancel(AT)
        assert not accepted.receive(AT)
        assert not cancelled.receive(AT)

    def test_a_parcel_without_approval_is_a_fault(self) -> None:
        with pytest.raises(IllegalTransition):
            ReturnFactory.create(requested=True).receive(AT)

    def test_one_reminder_and_only_before_it_travels(self) -> None:
        ret = ReturnFactory.create()
        assert [ret.remind(AT), ret.remind(LATER)] == [True, False]
        assert ret.reminded_at == AT
        assert not ReturnFactory.create(shipped=True).remind(AT)
        assert kinds(ret) == ["return.reminded"]


@pytest.mark.django_db
class ReturnNotesTest:
    def test_notes_are_added_in_their_order(self) -> None:
        ret = ReturnFactory.create()
        ret.note("Box torn", AT, "Ana")
        ret.note("Called", LATER)
        ret.refresh_from_db()
        assert ret.notes == [
            {"text": "Box torn", "at": AT.isoformat(), "author": "Ana"},
            {"text": "Called", "at": LATER.isoformat(), "author": ""},
        ]
        assert kinds(ret) == ["return.noted", "return.noted"]

    def test_the_refund_method_changes_until_it_is_settled(self) -> None:
        ret = ReturnFactory.create()
        ret.change_refund_method("store_credit", AT, "As asked by phone")
        ret.refresh_from_db()
        assert (ret.refund_method, ret.notes[0]["text"]) == ("store_credit", "As asked by phone")
        assert ret.timeline.get().payload == {"before": "original", "after": "store_credit"}
        ret.accept_all(AT)
        ret.settle()
        with pytest.raises(AlreadySettled):
            ret.change_refund_method("original", AT, "Too late")
        assert str(ret) == ret.number
