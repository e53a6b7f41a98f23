"""F-04: 100 requests of one shopper over ten stores at once, three advances allowed."""

from collections.abc import Mapping
from threading import Barrier

import pytest
from django.db import transaction
from django.db.models import Model, QuerySet

from apps.accounts.tests.factories import StoreFactory
from apps.core.ids import uuid7
from apps.underwriting.dtos import Reservation
from apps.underwriting.managers import ExposureManager, ExposureQuerySet
from apps.underwriting.models import Assessment, Exposure, ExposureHold
from apps.underwriting.modules.slots import slots_of
from apps.underwriting.services import exposure
from apps.underwriting.services.exposure import CapReached
from apps.underwriting.tests.factories import AT, AssessmentFactory, IdentityFactory, eur
from apps.underwriting.tests.races import in_parallel

STORES = 10
REQUESTS = 100

pytestmark = pytest.mark.django_db(transaction=True)


def requests(number: int) -> list[Assessment]:
    """Of one shopper, each over one of ten stores of merchants of their own."""
    stores = [StoreFactory.create() for _ in range(min(STORES, number))]
    shopper = IdentityFactory.create()
    return [
        AssessmentFactory.create(store=stores[each % len(stores)], shopper_mark=shopper)
        for each in range(number)
    ]


def grant(assessment: Assessment) -> ExposureHold:
    mine = Assessment.objects.with_marks().get(pk=assessment.pk)
    return exposure.reserve(mine, Reservation(uuid7(), eur("40")), AT)


class ExposureRaceTest:
    def test_three_of_a_hundred_are_granted(self) -> None:
        results = in_parallel(grant, requests(REQUESTS))

        granted = [each for each in results if isinstance(each, ExposureHold)]
        assert len(granted) == 3
        assert sum(isinstance(each, CapReached) for each in results) == REQUESTS - 3
        shopper = Exposure.objects.get(scope="shopper")
        day = Exposure.objects.get(scope="day")
        assert (shopper.used, shopper.open_count) == (eur("120"), 3)
        assert (day.used, day.open_count) == (eur("120"), 3)
        assert exposure.differences() == []

    def test_without_the_lock_more_are_granted_than_allowed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: all have read before any writes."""
        number = 6
        assessments = requests(number)
        for assessment in assessments:
            make_rows(assessment)
        all_have_read = Barrier(number, timeout=20)
        locked = ExposureQuerySet.locked

        def read(rows: ExposureQuerySet, slots: Mapping[str, str], currency: str) -> list[Exposure]:
            found = locked(rows, slots, currency)
            all_have_read.wait()
            return found

        monkeypatch.setattr(QuerySet, "select_for_update", unlocked)
        monkeypatch.setattr(ExposureManager, "locked", read)
        results = in_parallel(grant, assessments, threads=number)

        assert sum(isinstance(each, ExposureHold) for each in results) == number
        assert [each.slot.partition(":")[0] for each in exposure.differences()] == [
            "day",
            "shopper",
        ]

    def test_every_lock_is_taken_in_one_order(self) -> None:
        """Two shoppers of each other's addresses and stores: in any other order they would wait
        for each other for ever."""
        stores = [StoreFactory.create(), StoreFactory.create()]
        marks = [IdentityFactory.create(), IdentityFactory.create()]
        homes = [IdentityFactory.create(kind="address"), IdentityFactory.create(kind="address")]
        assessments = [
            AssessmentFactory.create(
                store=stores[each % 2],
                shopper_mark=marks[(each // 2) % 2],
                address_mark=homes[each % 2],
                caps={
                    scope: {"minor": 10**6, "count": 100}
                    for scope in ("shopper", "address", "store", "merchant", "day")
                },
            )
            for each in range(24)
        ]
        results = in_parallel(grant, assessments)

        assert all(isinstance(each, ExposureHold) for each in results)
        assert exposure.differences() == []


def make_rows(assessment: Assessment) -> None:
    """The rows are there before, so that no insert makes the racers wait for each other."""
    shopper = assessment.shopper_mark
    assert shopper is not None
    digests = {shopper.kind: shopper.digest}
    slots = slots_of(digests, assessment.merchant_id, assessment.store_id, "EUR", AT)
    with transaction.atomic():
        Exposure.objects.locked(slots, "EUR")


def unlocked[M: Model](rows: QuerySet[M], **_: object) -> QuerySet[M]:
    return rows
