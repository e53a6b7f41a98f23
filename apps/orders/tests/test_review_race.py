"""Two people decide the same unit at once. The control, without lock and trigger, lets both win."""

from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from apps.core.status import IllegalTransition
from apps.orders.dtos import UnitDecision
from apps.orders.models import Return, ReturnLineItem
from apps.orders.tests.factories import ReturnFactory
from apps.orders.tests.races import in_parallel

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


TRIGGER = "TRIGGER orders_returnline_decision_moves"


@pytest.fixture
def no_trigger(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE orders_returnlineitem DISABLE {TRIGGER}")
        yield
        cursor.execute(f"ALTER TABLE orders_returnlineitem ENABLE {TRIGGER}")


def decided_without_the_lock() -> list[object]:
    line = ReturnFactory.create(received=True).lines.all()[0]
    everybody_has_read = Barrier(2, timeout=20)

    def decide(outcome: str) -> str:
        mine = ReturnLineItem.objects.get(pk=line.pk)
        everybody_has_read.wait()
        mine.conclude(outcome, AT)
        try:
            mine.save()
        except IntegrityError:
            return "refused"
        return outcome

    return [*in_parallel(decide, ["accepted", "rejected"])]


@pytest.mark.django_db(transaction=True)
class DecisionRaceTest:
    def test_one_wins_and_the_others_are_told(self) -> None:
        ret = ReturnFactory.create(received=True)
        line = ret.lines.all()[0]
        ready = Barrier(8, timeout=20)

        def decide(outcome: str) -> str:
            mine = Return.objects.get(pk=ret.pk)
            ready.wait()
            mine.decide([UnitDecision(line.pk, outcome, reason="Seen")], AT)
            return outcome

        outcomes = in_parallel(decide, ["accepted", "rejected"] * 4)
        won = [each for each in outcomes if isinstance(each, str)]
        assert len(won) == 1
        assert sum(isinstance(each, IllegalTransition) for each in outcomes) == 7
        line.refresh_from_db()
        assert line.decision == won[0]
        line.line_item.refresh_from_db()
        assert line.line_item.returned_quantity == (2 if won == ["accepted"] else 0)

    def test_without_the_lock_the_database_lets_one_win(self) -> None:
        outcomes = decided_without_the_lock()

        assert outcomes.count("refused") == 1

    def test_without_lock_and_trigger_both_win(self, no_trigger: None) -> None:
        assert decided_without_the_lock() == ["accepted", "rejected"]

    def test_cancelled_twice_at_once_frees_once(self) -> None:
        ret = ReturnFactory.create()

        def cancel(_: int) -> str:
            Return.objects.get(pk=ret.pk).cancel(AT)
            return "won"

        outcomes = in_parallel(cancel, range(8))
        assert [each for each in outcomes if each == "won"] == ["won"]
        assert [line.returned_quantity for line in ret.order.lines.all()] == [0, 0]
