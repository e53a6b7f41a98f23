import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from apps.core.ids import uuid7
from apps.events import inbox, services
from apps.events.dtos import Delivery
from apps.events.models import InboxMessage
from apps.events.tests.factories import InboxMessageFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=3650)
BODY = b'\x00{"id": 1, "name": "ni\xc3\xb1o \xff"}'
DELIVERY = Delivery(
    merchant_id=uuid7(),
    source="tried",
    account="tienda-norte",
    body=BODY,
    event_id="evt-1",
    topic="orders/updated",
)


@pytest.fixture
def handled() -> Iterator[list[bytes]]:
    bodies: list[bytes] = []

    @inbox.handles("tried")
    def handle(message: InboxMessage) -> None:
        if message.raw == b"poison":
            raise ValueError("cannot read it")
        bodies.append(message.raw)

    yield bodies
    inbox.forget("tried")


class ReceiveTest:
    def test_keeps_the_raw_bytes_and_their_hash(self) -> None:
        receipt = services.receive(DELIVERY, NOW)
        stored = InboxMessage.objects.get()
        assert receipt.is_new
        assert stored.raw == BODY
        assert stored.body_hash == hashlib.sha256(BODY).hexdigest()
        assert (stored.status, stored.received_at) == ("waiting", NOW)

    def test_the_same_event_twice_is_one_row(self) -> None:
        first = services.receive(DELIVERY, NOW)
        second = services.receive(DELIVERY, LATER)
        assert not second.is_new
        assert second.id == first.id
        assert InboxMessage.objects.count() == 1

    def test_the_same_body_under_another_id_is_the_same_event(self) -> None:
        first = services.receive(DELIVERY, NOW)
        replay = services.receive(replace(DELIVERY, event_id="evt-2"), NOW)
        assert not replay.is_new
        assert replay.id == first.id

    @pytest.mark.parametrize(
        "other",
        [
            replace(DELIVERY, merchant_id=uuid7()),
            replace(DELIVERY, source="woocommerce"),
            replace(DELIVERY, account="tienda-sur"),
            replace(DELIVERY, environment="test"),
            replace(DELIVERY, event_id="evt-2", topic="app/uninstalled"),
            replace(DELIVERY, event_id="evt-2", body=b"{}"),
        ],
    )
    def test_another_merchant_source_account_environment_or_event_is_new(
        self, other: Delivery
    ) -> None:
        services.receive(DELIVERY, NOW)
        assert services.receive(other, NOW).is_new
        assert InboxMessage.objects.count() == 2

    def test_a_known_id_with_another_body_is_parked_as_evidence(self) -> None:
        services.receive(DELIVERY, NOW)
        forged = replace(DELIVERY, body=b'{"amount": "9999.00"}')
        receipts = [services.receive(forged, NOW) for _ in range(2)]
        assert not any(receipt.is_new for receipt in receipts)
        evidence = InboxMessage.objects.parked().get()
        assert [receipt.id for receipt in receipts] == [evidence.pk, evidence.pk]
        assert evidence.raw == forged.body
        assert evidence.last_error == "another body under a known event id"
        assert InboxMessage.objects.waiting(LATER).get().raw == BODY

    def test_thin_bodies_are_events_of_their_own(self) -> None:
        thin = replace(DELIVERY, event_id="", is_thin=True)
        assert all(services.receive(thin, NOW).is_new for _ in range(2))

    def test_without_an_id_the_body_is_its_name(self) -> None:
        unnamed = replace(DELIVERY, event_id="")
        first = services.receive(unnamed, NOW)
        stored = InboxMessage.objects.get(pk=first.id)
        assert stored.event_id == inbox.digest(BODY)
        assert not services.receive(unnamed, NOW).is_new

    def test_rows_come_through_the_merchant(self) -> None:
        from types import SimpleNamespace

        services.receive(DELIVERY, NOW)
        ours, theirs = SimpleNamespace(pk=DELIVERY.merchant_id), SimpleNamespace(pk=uuid7())
        assert InboxMessage.objects.for_merchant(ours).count() == 1  # type: ignore[arg-type]
        assert InboxMessage.objects.for_merchant(theirs).count() == 0  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
class ReceiveRaceTest:
    def test_eight_at_once_make_one_row(self) -> None:
        def receive(number: int) -> bool:
            try:
                return services.receive(DELIVERY, NOW).is_new
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(receive, range(8)))
        assert sorted(answers) == [False] * 7 + [True]
        assert InboxMessage.objects.count() == 1

    def test_a_held_message_is_passed_by(self, handled: list[bytes]) -> None:
        message = InboxMessage.objects.get(pk=services.receive(DELIVERY, NOW).id)

        def process() -> int:
            try:
                return services.process(NOW)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                InboxMessage.objects.select_for_update().get(pk=message.pk)
                assert pool.submit(process).result(10) == 0
            assert pool.submit(process).result(10) == 1


class ProcessTest:
    def test_each_message_is_handled_once(self, handled: list[bytes]) -> None:
        message = InboxMessage.objects.get(pk=services.receive(DELIVERY, NOW).id)
        assert services.process(NOW) == 1
        assert services.process(LATER) == 0
        assert handled == [BODY]
        message.refresh_from_db()
        assert message.status == "done"
        assert message.done_at is not None

    def test_a_long_sweep_makes_way_and_the_next_goes_on(
        self, handled: list[bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        InboxMessageFactory.create_batch(2, source="tried", available_at=NOW)
        monkeypatch.setattr(services, "SWEEP_FOR", timedelta(0))
        assert services.process(NOW) == 0
        monkeypatch.undo()
        assert services.process(NOW) == 2

    def test_one_named_message_is_handled_alone(self, handled: list[bytes]) -> None:
        first, second = InboxMessageFactory.create_batch(2, source="tried", available_at=NOW)
        assert services.process_one(second.pk, NOW) is True
        assert services.process_one(second.pk, NOW) is False
        assert handled == [second.raw]
        first.refresh_from_db()
        assert first.status == "waiting"

    def test_poison_waits_longer_and_blocks_nobody(self, handled: list[bytes]) -> None:
        poison = InboxMessageFactory.create(source="tried", body=b"poison", available_at=NOW)
        InboxMessageFactory.create_batch(3, source="tried", available_at=NOW)
        assert services.process(NOW) == 3
        poison.refresh_from_db()
        assert (poison.status, poison.attempts) == ("waiting", 1)
        assert poison.last_error == "ValueError('cannot read it')"
        assert poison.available_at > NOW

    def test_poison_is_parked_after_ten_attempts(
        self, handled: list[bytes], caplog: pytest.LogCaptureFixture
    ) -> None:
        poison = InboxMessageFactory.create(source="tried", body=b"poison")
        assert [services.process(LATER, limit=1) for _ in range(12)] == [0] * 12
        poison.refresh_from_db()
        assert (poison.status, poison.attempts) == ("parked", 10)
        assert [r.levelname for r in caplog.records if "parked" in r.message] == ["CRITICAL"]

    def test_parked_message_is_replayed_once_a_person_asks(self, handled: list[bytes]) -> None:
        parked = InboxMessageFactory.create(source="tried", status="parked", attempts=10)
        assert services.process(LATER) == 0
        assert parked.replay(NOW) is True
        assert parked.replay(NOW) is False
        assert services.process(NOW) == 1

    def test_late_holder_cannot_undo_the_work_of_the_next(self) -> None:
        message = InboxMessageFactory.create(attempts=1)
        late = InboxMessage.objects.get(pk=message.pk)
        InboxMessage.objects.filter(pk=message.pk).update(attempts=2)
        late.finish(NOW)
        message.refresh_from_db()
        assert message.status == late.status == "waiting"

    def test_source_without_handler_is_tried_again(self) -> None:
        message = InboxMessageFactory.create(source="unheard-of", available_at=NOW)
        assert services.process(NOW) == 0
        message.refresh_from_db()
        assert message.last_error == "NoHandler('unheard-of')"

    def test_a_source_has_one_handler(self, handled: list[bytes]) -> None:
        with pytest.raises(ValueError, match="handler already"):
            inbox.handles("tried")(lambda message: None)
