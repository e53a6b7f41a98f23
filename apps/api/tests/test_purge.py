from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from apps.api.models import Evidence, LookupFailure, Proof
from apps.api.tasks import purge_portal_traces
from apps.api.tests.factories import EvidenceFactory, LookupFailureFactory, ProofFactory
from apps.core import clock


@pytest.mark.django_db
class PurgePortalTracesTest:
    def test_traces_go_after_30_days_and_photos_after_180(self) -> None:
        at = clock.now()
        for days in (29, 31):
            LookupFailureFactory.create(created_at=at - timedelta(days=days))
            ProofFactory.create(created_at=at - timedelta(days=days))
        young = EvidenceFactory.create(created_at=at - timedelta(days=179))
        name = EvidenceFactory.create(created_at=at - timedelta(days=181)).file.name or ""

        assert purge_portal_traces() == 3
        assert purge_portal_traces() is None
        assert LookupFailure.objects.count() == Proof.objects.count() == 1
        assert Evidence.objects.get() == young
        assert not default_storage.exists(name)
        assert default_storage.exists(str(young.file))
