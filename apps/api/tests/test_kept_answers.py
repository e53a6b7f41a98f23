"""I-50: a kept answer and what it made."""

import pytest

from apps.api.tests.factories import IdempotencyRecordFactory
from apps.core.tests.faults import drop, found
from apps.orders.models import Return
from apps.orders.tests.factories import ReturnFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ret() -> Return:
    return ReturnFactory.create(number="R-ABCDE-12345")


class AnswersTest:
    @pytest.mark.parametrize("place", ["/v1/returns/{id}", "/v1/stores/moda/returns/{number}"])
    def test_return_that_is_there(self, ret: Return, place: str) -> None:
        IdempotencyRecordFactory.create(
            merchant=ret.merchant,
            status=201,
            headers={"Location": place.format(id=ret.pk, number=ret.number)},
        )

        assert found() == []

    @pytest.mark.parametrize("name", ["01890000-0000-7000-8000-000000000000", "R-ABCDE-99999"])
    def test_return_that_is_not(self, ret: Return, name: str) -> None:
        record = IdempotencyRecordFactory.create(
            merchant=ret.merchant, status=201, headers={"Location": f"/v1/returns/{name}"}
        )

        assert found() == [("I-50", str(record.pk))]

    def test_return_of_another_merchant(self, ret: Return) -> None:
        record = IdempotencyRecordFactory.create(
            status=201, headers={"Location": f"/v1/returns/{ret.pk}"}
        )

        assert found() == [("I-50", str(record.pk))]

    def test_answers_that_name_nothing(self) -> None:
        IdempotencyRecordFactory.create(status=201)
        IdempotencyRecordFactory.create(status=409, headers={"Location": "/v1/returns/x"})

        assert found() == []


class KeysTest:
    def test_claimed_twice(self, ret: Return) -> None:
        drop("api_idempotencyrecord", "api_idempotencyrecord_key")
        IdempotencyRecordFactory.create_batch(2, merchant=ret.merchant, key="same")

        assert found() == [("I-50", "same")]
