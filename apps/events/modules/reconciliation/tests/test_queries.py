from datetime import timedelta

import pytest

from apps.core import clock
from apps.core.ids import uuid7
from apps.core.tests.faults import drop, found
from apps.events.tests.factories import EventFactory, InboxMessageFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
LATE = AT - timedelta(minutes=16)


class SoundWorldTest:
    def test_nothing_is_found(self) -> None:
        subject = uuid7()
        merchant = uuid7()
        # Of now, not of AT: the suite may have run for minutes before it comes here.
        soon = clock.now() - timedelta(minutes=14)
        for sequence in (1, 2):
            EventFactory.create(
                subject_id=subject, merchant_id=merchant, sequence=sequence, announced_at=AT
            )
        EventFactory.create(available_at=soon)
        InboxMessageFactory.create(available_at=soon)
        InboxMessageFactory.create(status="done", done_at=AT)

        assert found() == []


class OutboxTest:
    def test_left_behind(self) -> None:
        event = EventFactory.create(available_at=LATE)

        assert found() == [("I-46", str(event.pk))]

    def test_parked(self) -> None:
        event = EventFactory.create(available_at=LATE, attempts=10)

        assert found() == [("I-46", str(event.pk))]

    @pytest.mark.parametrize("sequences", [(2,), (1, 3)])
    def test_gap(self, sequences: tuple[int, ...]) -> None:
        merchant, subject = uuid7(), uuid7()
        for sequence in sequences:
            EventFactory.create(
                merchant_id=merchant, subject_id=subject, sequence=sequence, announced_at=AT
            )

        assert found() == [("I-48", str(subject))]


class InboxTest:
    def test_left_behind(self) -> None:
        message = InboxMessageFactory.create(available_at=LATE)

        assert found() == [("I-47", str(message.pk))]

    def test_parked(self) -> None:
        message = InboxMessageFactory.create(status="parked")

        assert found() == [("I-47", str(message.pk))]

    def test_stored_twice(self) -> None:
        drop("events_inboxmessage", "events_inbox_once")
        merchant = uuid7()
        for _ in range(2):
            InboxMessageFactory.create(
                merchant_id=merchant, event_id="evt-twice", status="done", done_at=AT
            )

        assert found() == [("I-47", "evt-twice")]
