from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.ids import uuid7
from apps.underwriting.dtos import Reservation
from apps.underwriting.mixins.engine import assess
from apps.underwriting.models import Assessment, Exposure, ExposureHold
from apps.underwriting.services import exposure
from apps.underwriting.services.exposure import (
    AboveLimit,
    AssessmentSuperseded,
    CapReached,
    Difference,
    HoldCannotGrow,
    NotOffered,
    ReferenceTaken,
)
from apps.underwriting.tests.factories import (
    AT,
    AssessmentFactory,
    ExposureFactory,
    assessed,
    eur,
    known,
    wanted,
)

pytestmark = pytest.mark.django_db
IBAN = "ES9121000418450200051332"


@pytest.fixture
def store() -> Store:
    return StoreFactory.create()


@pytest.fixture
def assessment(store: Store) -> Assessment:
    """40.00 now."""
    return assessed(store, iban=IBAN)


def used() -> dict[str, tuple[str, int]]:
    rows = Exposure.objects.all()
    return {row.scope: (row.used.as_json()["amount"], row.open_count) for row in rows}


ALL = ("address", "day", "destination", "merchant", "shopper", "store")


class ReserveTest:
    def test_counts_on_every_cap(self, assessment: Assessment) -> None:
        reference = uuid7()
        hold = exposure.reserve(assessment, Reservation(reference, eur("25")), AT)

        assert used() == dict.fromkeys(ALL, ("25.00", 1))
        shopper = Exposure.objects.get(scope="shopper")
        assert (shopper.limit, shopper.limit_count) == (eur("600"), 3)
        assert str(shopper) == "shopper 25.00 EUR of 600.00 EUR"
        assert (hold.granted, hold.open, hold.status) == (eur("25"), eur("25"), "held")
        assert str(hold) == "held 25.00 EUR of 25.00 EUR"
        assert list(ExposureHold.objects.for_merchant(assessment.merchant).held()) == [hold]
        assert hold.slots == sorted(hold.slots)
        assert [event.kind for event in hold.timeline] == ["exposure.reserved"]
        assert exposure.differences() == []

    def test_the_same_reference_counts_once(self, assessment: Assessment) -> None:
        wish = Reservation(uuid7(), eur("25"))
        first, again = (exposure.reserve(assessment, wish, AT) for _ in range(2))

        assert first.pk == again.pk
        assert used()["shopper"] == ("25.00", 1)

    def test_a_reference_is_of_one_advance(self, store: Store, assessment: Assessment) -> None:
        reference = uuid7()
        exposure.reserve(assessment, Reservation(reference, eur("25")), AT)

        with pytest.raises(ReferenceTaken):
            exposure.reserve(assessment, Reservation(reference, eur("24")), AT)
        with pytest.raises(ReferenceTaken):
            exposure.reserve(assessed(store), Reservation(reference, eur("25")), AT)
        exposure.release(store.merchant, reference, AT)
        with pytest.raises(ReferenceTaken):
            exposure.reserve(assessment, Reservation(reference, eur("25")), AT)

    def test_never_above_the_limit_of_the_decision(self, assessment: Assessment) -> None:
        """In parts too: 25 and 15 are 40, one cent more is refused with the figures (I-31)."""
        exposure.reserve(assessment, Reservation(uuid7(), eur("25")), AT)
        with pytest.raises(AboveLimit) as refusal:
            exposure.reserve(assessment, Reservation(uuid7(), eur("15.01")), AT)
        exposure.reserve(assessment, Reservation(uuid7(), eur("15")), AT)

        assert refusal.value.details == {
            "asked": {"amount": "15.01", "currency": "EUR"},
            "held": {"amount": "25.00", "currency": "EUR"},
            "limit": {"amount": "40.00", "currency": "EUR"},
        }
        assert used()["shopper"] == ("40.00", 2)

    @pytest.mark.parametrize("amount", ["0", "-1"])
    def test_nothing_is_no_advance(self, assessment: Assessment, amount: str) -> None:
        with pytest.raises(AboveLimit):
            exposure.reserve(assessment, Reservation(uuid7(), eur(amount)), AT)

    def test_a_later_rung_has_its_own_limit(self) -> None:
        row = AssessmentFactory.create(now_minor=2000)

        with pytest.raises(AboveLimit):
            exposure.reserve(row, Reservation(uuid7(), eur("40")), AT)
        hold = exposure.reserve(row, Reservation(uuid7(), eur("40"), "pay_at_scan"), AT)
        assert hold.rung == "pay_at_scan"

    def test_only_what_is_offered_and_newest(self, store: Store) -> None:
        declined = AssessmentFactory.create(declined=True)
        with pytest.raises(NotOffered):
            exposure.reserve(declined, Reservation(uuid7(), eur("1")), AT)
        order, request = known(store), wanted()
        old = assess(order, request, AT)
        assess(order, request, AT)
        with pytest.raises(AssessmentSuperseded):
            exposure.reserve(old, Reservation(uuid7(), eur("1")), AT)
        assert ExposureHold.objects.count() == 0

    def test_a_full_cap_takes_nothing_anywhere(self, store: Store) -> None:
        """The shopper's 600 are spent: 300 and 300; a third goes to no cap at all."""
        for amount in ("300", "300"):
            row = AssessmentFactory.create(
                store=store, shopper_mark=assessed(store).shopper_mark, value_minor=30_000
            )
            exposure.reserve(row, Reservation(uuid7(), eur(amount)), AT)
        third = assessed(StoreFactory.create())

        assert not third.is_offered
        caps = {scope: {"minor": 10**7, "count": 9} for scope in ALL}
        offered = AssessmentFactory.create(
            shopper_mark=third.shopper_mark,
            caps={**caps, "shopper": {"minor": 60_000, "count": 9}},
        )
        with pytest.raises(CapReached) as refusal:
            exposure.reserve(offered, Reservation(uuid7(), eur("0.01")), AT)
        assert refusal.value.details == {"scope": "shopper"}
        assert used()["shopper"] == ("600.00", 2)
        assert exposure.differences() == []

    def test_three_advances_whatever_the_sums(self, store: Store) -> None:
        for _ in range(3):
            exposure.reserve(assessed(store), Reservation(uuid7(), eur("1")), AT)
        row = AssessmentFactory.create(shopper_mark=assessed(store).shopper_mark)

        with pytest.raises(CapReached):
            exposure.reserve(row, Reservation(uuid7(), eur("1")), AT)

    def test_without_a_cap_there_is_no_room(self) -> None:
        row = AssessmentFactory.create(caps={})

        with pytest.raises(CapReached):
            exposure.reserve(row, Reservation(uuid7(), eur("1")), AT)

    def test_each_day_has_its_own(self, store: Store) -> None:
        for later in (AT, AT + timedelta(days=1)):
            exposure.reserve(assessed(store), Reservation(uuid7(), eur("40")), later)

        days = Exposure.objects.filter(scope="day").order_by("slot")
        assert [row.slot for row in days] == ["day:2026-03-10:EUR", "day:2026-03-11:EUR"]
        assert used()["merchant"] == ("80.00", 2)


class ReleaseTest:
    def test_gives_room_back_once(self, store: Store, assessment: Assessment) -> None:
        reference = uuid7()
        exposure.reserve(assessment, Reservation(reference, eur("40")), AT)
        hold = exposure.release(store.merchant, reference, AT)
        again = exposure.release(store.merchant, reference, AT)

        assert (hold.pk, hold.status, hold.released_at) == (again.pk, "released", AT)
        assert used() == dict.fromkeys(ALL, ("0.00", 0))
        kinds = [event.kind for event in hold.timeline]
        assert kinds == ["exposure.reserved", "exposure.released"]
        assert exposure.differences() == []

    def test_part_of_it(self, store: Store, assessment: Assessment) -> None:
        reference = uuid7()
        exposure.reserve(assessment, Reservation(reference, eur("40")), AT)
        for _ in range(2):
            hold = exposure.release(store.merchant, reference, AT, left=eur("15"))

        assert (hold.open, hold.status) == (eur("15"), "held")
        assert used()["address"] == ("15.00", 1)
        for left in ("15.01", "-1"):
            with pytest.raises(HoldCannotGrow):
                exposure.release(store.merchant, reference, AT, left=eur(left))

    def test_of_another_merchant_there_is_none(self, assessment: Assessment) -> None:
        reference = uuid7()
        exposure.reserve(assessment, Reservation(reference, eur("40")), AT)

        with pytest.raises(ExposureHold.DoesNotExist):
            exposure.release(StoreFactory.create().merchant, reference, AT)


class RowsTest:
    @pytest.mark.parametrize(
        "wrong", [{"used_minor": 60_001}, {"used_minor": -1}, {"open_count": 4}]
    )
    def test_the_database_keeps_the_cap(self, wrong: dict[str, int]) -> None:
        with pytest.raises(IntegrityError, match="underwriting_exposure_within"):
            ExposureFactory.create(**wrong)

    def test_a_counter_that_lies_is_found(self, assessment: Assessment) -> None:
        exposure.reserve(assessment, Reservation(uuid7(), eur("40")), AT)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE underwriting_exposure SET used_minor = 1 WHERE scope = 'merchant'"
            )

        slot = f"merchant:{assessment.merchant_id}:EUR"
        assert exposure.differences() == [Difference(slot, 1, 4000, 1, 1)]

    def test_a_released_hold_stays_released(self, store: Store, assessment: Assessment) -> None:
        reference = uuid7()
        exposure.reserve(assessment, Reservation(reference, eur("40")), AT)
        hold = exposure.release(store.merchant, reference, AT)
        hold.status, hold.open = "held", eur("40")

        with pytest.raises(IntegrityError, match="cannot move"), transaction.atomic():
            hold.save()
