"""What goes by itself after its time."""

from datetime import timedelta

import pytest

from apps.core import clock
from apps.integrations.models import SyncRefusal
from apps.integrations.tests.factories import SyncRefusalFactory
from apps.orders.models import ImportIssue, ImportJob, Quote
from apps.orders.services.forgetting import forget_old_words
from apps.orders.tasks import forget_old_words as forget_daily
from apps.orders.tests.factories import ImportIssueFactory, QuoteFactory


@pytest.mark.django_db
class ForgettingTest:
    def test_each_at_its_time(self) -> None:
        at = clock.now()
        words = {"expires_at": at, "request": {"comment": "too small"}}
        QuoteFactory.create(**words)
        opened = QuoteFactory.create(**words, used_at=at)
        ImportIssueFactory.create(job__status="done", job__done_at=at)
        waiting = ImportIssueFactory.create(job__status="waiting", job__done_at=at).job
        SyncRefusalFactory.create()
        late = timedelta(minutes=1)

        assert forget_old_words(at + timedelta(days=30)) == 0
        assert forget_old_words(at + timedelta(days=30) + late) == 2
        with clock.moved(timedelta(days=90) + late):
            assert [forget_daily(), forget_daily()] == [1, None]

        assert [quote.pk for quote in Quote.objects.exclude(request={})] == [opened.pk]
        assert [job.pk for job in ImportJob.objects.with_file()] == [waiting.pk]
        assert [each.job_id for each in ImportIssue.objects.exclude(message="")] == [waiting.pk]
        assert ImportIssue.objects.filter(code="unknown_sku").count() == 2
        assert not SyncRefusal.objects.exists()
