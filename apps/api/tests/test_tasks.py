from datetime import timedelta

import pytest

from apps.api import tasks
from apps.api.models import IdempotencyRecord
from apps.api.tests.factories import IdempotencyRecordFactory
from apps.core import clock


@pytest.mark.django_db
class PurgeTest:
    def test_deletes_what_is_older_than_thirty_days(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tasks, "BATCH", 2)
        at = clock.now()
        kept = IdempotencyRecordFactory.create(created_at=at - timedelta(days=29))
        IdempotencyRecordFactory.create_batch(3, created_at=at - timedelta(days=31))

        assert tasks.purge_idempotency_records() == 3
        assert tasks.purge_idempotency_records() == 0
        assert IdempotencyRecord.objects.get() == kept
