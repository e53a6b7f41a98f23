"""Each query finds the fault planted for it with all triggers off, and nothing in a sound world."""

from datetime import datetime, timedelta

import pytest

from apps.core import clock
from apps.core.tests.faults import drop, found, write
from apps.orders.models import Recovery
from apps.orders.modules.recoveries.tests.factories import (
    DAY,
    RecoveryAttemptFactory,
    RecoveryFactory,
)
from apps.orders.modules.recoveries.tests.steps import euros
from apps.orders.services import recovery_reconciliation as queries
from apps.orders.tests.factories import ReturnFactory

pytestmark = pytest.mark.django_db
AT = clock.now()


@pytest.fixture
def recovery() -> Recovery:
    """Of a return that was rejected; 10.00 of 30.00 are paid."""
    ret = ReturnFactory.create(received=True)
    ret.reject_all("worn", AT)
    made: Recovery = RecoveryFactory.create(ret=ret, at=AT)
    made.collected(euros("10"), "cs_1", AT)
    return made


def ids(query: object, at: datetime = AT) -> list[str]:
    return [finding.subject for finding in query.found(at)]  # type: ignore[attr-defined]


class SoundWorldTest:
    def test_nothing_is_found(self, recovery: Recovery) -> None:
        recovery.collected(euros("25"), "cs_2", AT)
        other = RecoveryFactory.create(ret=recovery.ret, cause="missing", at=AT)
        other.close("goods_arrived", AT)

        assert found() == []


class SumsTest:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE orders_recovery SET collected_minor = 7 WHERE id = %s",
            "UPDATE orders_recovery SET given_back_minor = 7 WHERE id = %s",
        ],
    )
    def test_not_those_of_the_payments(self, recovery: Recovery, sql: str) -> None:
        write(sql, [recovery.pk])

        assert ids(queries.recovery_sums_off) == [str(recovery.pk)]

    def test_money_that_no_payment_brought(self, recovery: Recovery) -> None:
        write("DELETE FROM orders_recoverycollection WHERE recovery_id = %s", [recovery.pk])

        assert found() == [("I-35", str(recovery.pk))]

    def test_no_unit_was_refused(self) -> None:
        recovery = RecoveryFactory.create()

        assert found() == [("I-35", str(recovery.pk))]


class ChargesTest:
    def test_above_the_consent(self, recovery: Recovery) -> None:
        drop("orders_recoveryattempt", "orders_recoveryattempt_cap")
        attempt = RecoveryAttemptFactory.create(recovery=recovery)
        write("UPDATE orders_recoveryattempt SET amount_minor = 6506 WHERE id = %s", [attempt.pk])

        assert ids(queries.charges_above_consent) == [str(recovery.pk)]

    def test_in_flight_for_a_week(self, recovery: Recovery) -> None:
        attempt = RecoveryAttemptFactory.create(recovery=recovery)
        week = attempt.asked_at + 7 * DAY

        assert ids(queries.charges_never_ended, week) == [str(attempt.pk)]
        assert ids(queries.charges_never_ended, week - timedelta(seconds=1)) == []


class ClosedReturnsTest:
    @pytest.mark.parametrize("status", ["accepted", "cancelled"])
    def test_its_recovery_is_not_closed(self, recovery: Recovery, status: str) -> None:
        write("UPDATE orders_return SET status = %s WHERE id = %s", [status, recovery.ret_id])

        patience = timedelta(minutes=15)
        assert ids(queries.recoveries_of_accepted_returns, AT + patience) == [str(recovery.pk)]
        assert ids(queries.recoveries_of_accepted_returns, AT) == []
