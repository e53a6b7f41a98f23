from datetime import timedelta

import pytest

from apps.api import tasks
from apps.api.models import CustomerSession, IdempotencyRecord, PortalSession
from apps.api.tests.factories import (
    CustomerSessionFactory,
    IdempotencyRecordFactory,
    PortalSessionFactory,
)
from apps.core import clock


@pytest.mark.django_db
class PurgeTest:
    def test_deletes_what_is_older_than_thirty_days(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tasks, "BATCH", 2)
        at = clock.now()
        kept = IdempotencyRecordFactory.create(created_at=at - timedelta(days=29))
        IdempotencyRecordFactory.create_batch(3, created_at=at - timedelta(days=31))

        assert tasks.purge_idempotency_records() == 3
        assert tasks.purge_idempotency_records() is None
        assert IdempotencyRecord.objects.get() == kept

    def test_deletes_sessions_a_day_after_their_end(self) -> None:
        at = clock.now()
        for factory in (CustomerSessionFactory, PortalSessionFactory):
            factory.create(created_at=at - timedelta(hours=47))
        CustomerSessionFactory.create(created_at=at - timedelta(hours=49))
        PortalSessionFactory.create(created_at=at - timedelta(hours=49))

        assert tasks.purge_sessions() == 2
        assert (CustomerSession.objects.count(), PortalSession.objects.count()) == (1, 1)
