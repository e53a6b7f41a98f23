"""What opens a recovery and what closes it, through real announcements."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.core import clock
from apps.core.verbs import verb
from apps.events.models import Event
from apps.orders import choices, tasks
from apps.orders.dtos import UnitDecision
from apps.orders.models import Recovery, Return
from apps.orders.modules.recoveries import services
from apps.orders.modules.recoveries.dtos import OpenRecovery
from apps.orders.modules.recoveries.tests.factories import (
    DAY,
    RecoveryAttemptFactory,
    RecoveryCollectionFactory,
    RecoveryFactory,
)
from apps.orders.modules.recoveries.tests.steps import euros, kinds, on_day, told
from apps.orders.services import recovering
from apps.orders.tests.factories import OrderFactory, ReturnFactory

pytestmark = pytest.mark.django_db
AT = clock.now()


@pytest.fixture
def ret() -> Return:
    """Lines of 40.00 and 30.00."""
    lines = [
        {"title": "Shirt", "unit_price_minor": 4000},
        {"title": "Cap", "unit_price_minor": 3000},
    ]
    made: Return = ReturnFactory.create(order=OrderFactory.create(lines=lines))
    return made


@pytest.fixture
def cap(ret: Return) -> UUID:
    return ret.lines.get(amount_minor=3000).pk


def short(ret: Return, line: UUID, cause: str = "rejected") -> Event:
    """As the advance tells it: 30.00 of the advance were not earned."""

    @verb
    def tell(ret: Return) -> Event:
        payload = {**euros("30").as_json(), "cause": cause, "lines": [str(line)]}
        return ret.record(choices.Event.ADVANCE_SHORT, **payload)

    return tell(ret)


def asked(ret: Return, cap: UUID, cause: str = "rejected", amount: str = "30") -> OpenRecovery:
    return OpenRecovery(ret, cause, euros(amount), [cap])


class OpenTest:
    def test_the_advanced_value_of_the_line(self, ret: Return, cap: UUID) -> None:
        recovery = services.open_recovery(asked(ret, cap), AT)

        assert recovery is not None
        assert (recovery.status, recovery.due, recovery.lines) == ("open", euros("30"), [str(cap)])
        assert recovery.objection_ends_at == recovery.next_step_at == AT + 7 * DAY
        assert told(recovery, "opened") == [
            {
                "cause": "rejected",
                "amount": {"amount": "30.00", "currency": "EUR"},
                "objection_ends_at": (AT + 7 * DAY).isoformat(),
            }
        ]

    def test_once_for_each_cause(self, ret: Return, cap: UUID) -> None:
        first = services.open_recovery(asked(ret, cap), AT)
        again = services.open_recovery(asked(ret, cap, amount="29"), AT)
        other = services.open_recovery(asked(ret, cap, "missing"), AT)

        assert (first, Recovery.objects.count()) == (again, 2)
        assert other != first

    def test_never_for_goods_that_were_accepted(self, ret: Return, cap: UUID) -> None:
        ret.decide([UnitDecision(cap, "accepted")], AT)
        with pytest.raises(services.GoodsAccepted):
            services.open_recovery(asked(ret, cap), AT)

    def test_nothing_for_nothing(self, ret: Return, cap: UUID) -> None:
        assert services.open_recovery(asked(ret, cap, amount="0"), AT) is None

    @pytest.mark.parametrize(
        ("cause", "opens"), [("not_returned", False), ("missing", False), ("rejected", True)]
    )
    def test_a_parcel_that_came_since_settles_what_was_missing(
        self, ret: Return, cap: UUID, cause: str, opens: bool
    ) -> None:
        ret.land(AT + DAY)

        assert (services.open_recovery(asked(ret, cap, cause), AT) is not None) is opens


@pytest.mark.enable_signals
class EarsTest:
    def test_a_shortfall_is_heard(
        self,
        ret: Return,
        cap: UUID,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            event = short(ret, cap)
        recovering.open_for_shortfall(event)

        recovery = Recovery.objects.get()
        assert (recovery.ret, recovery.cause, recovery.due) == (ret, "rejected", euros("30"))
        assert (recovery.consent_cap_minor, recovery.opened_at) == (None, event.at)

    def test_a_return_that_is_gone(self, ret: Return, cap: UUID) -> None:
        event = short(ret, cap)
        event.subject_id = cap

        assert recovering.open_for_shortfall(event) is None

    @pytest.mark.parametrize(
        ("act", "closed"),
        [
            (lambda ret, at: ret.land(at), ["missing", "not_returned"]),
            (lambda ret, at: ret.receive(at), ["missing", "not_returned"]),
            (lambda ret, at: ret.accept_all(at), ["missing", "not_returned", "rejected"]),
        ],
        ids=["delivered", "received", "accepted"],
    )
    def test_goods_that_turn_up_close_what_they_settle(
        self,
        ret: Return,
        act: Callable[[Return, datetime], None],
        closed: list[str],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        for cause in ("rejected", "missing", "not_returned"):
            recovery = RecoveryFactory.create(ret=ret, cause=cause, at=AT - 2 * DAY, due_minor=1000)
            recovery.collected(euros("10"), f"cs_{cause}", AT - DAY)
        with django_capture_on_commit_callbacks(execute=True):
            act(ret, AT)

        rows = Recovery.objects.filter(status="closed").order_by("cause")
        assert [(row.cause, row.given_back_minor) for row in rows] == [
            (cause, 1000) for cause in closed
        ]
        assert services.goods_arrived(ret.pk, AT + DAY) == 0


class WatchTest:
    def test_one_slot_is_one_run(self) -> None:
        recovery = RecoveryFactory.create()
        with clock.moved(8 * DAY):
            first, second = tasks.watch_recoveries(), tasks.watch_recoveries()

        recovery.refresh_from_db()
        assert (first, second, kinds(recovery)) == (1, None, ["warned"])


class HeldBySqlTest:
    """Whoever writes the rows."""

    @pytest.mark.parametrize(
        "wrong",
        [
            {"due_minor": 0},
            {"collected_minor": 3001},
            {"given_back_minor": 1},
            {"collected_minor": 1000, "written_off_minor": 2001},
            {"status": "recovered", "collected_minor": 2999},
            {"status": "closed", "collected_minor": 1000},
            {"warned_at": AT - DAY, "objection_ends_at": AT},
            {"warned_at": AT, "objection_ends_at": AT, "first_asked_at": AT - DAY},
            {"status": "written_off", "written_off_minor": 3000, "end_reason": "gone"},
            {"instalments": 4},
            {"consent_until": None},
        ],
        ids="-".join,
    )
    def test_recovery(self, wrong: dict[str, object]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            RecoveryFactory.create(**wrong)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"number": 4},
            {"number": 0},
            {"amount_minor": 0},
            {"amount_minor": 6506},
            {"consent_until": AT - DAY},
            {"asked_at": AT},
            {"asked_at": AT + 40 * DAY},
            {"status": "succeeded"},
        ],
        ids="-".join,
    )
    def test_attempt(self, wrong: dict[str, object]) -> None:
        recovery = RecoveryFactory.create(at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            RecoveryAttemptFactory.create(recovery=recovery, **wrong)

    def test_one_charge_in_flight(self) -> None:
        first = RecoveryAttemptFactory.create(status="started")
        with pytest.raises(IntegrityError), transaction.atomic():
            RecoveryAttemptFactory.create(recovery=first.recovery, number=2)

    def test_all_charges_of_a_return_are_under_the_consent(
        self, check_deferred: Callable[[], None]
    ) -> None:
        """65.05 were allowed: 30.00 and 35.05 are, 35.06 are not."""
        first = RecoveryAttemptFactory.create(status="succeeded", reference="pi_1")
        other = RecoveryFactory.create(ret=first.recovery.ret, cause="missing")
        attempt = RecoveryAttemptFactory.create(recovery=other, amount_minor=3505)
        check_deferred()
        attempt.amount_minor = 3506
        attempt.save()

        with pytest.raises(IntegrityError, match="above its consent"):
            check_deferred()

    def test_a_payment_is_told_once(self) -> None:
        paid = RecoveryCollectionFactory.create()
        with pytest.raises(IntegrityError), transaction.atomic():
            RecoveryCollectionFactory.create(recovery=paid.recovery, reference=paid.reference)
        paid.given_back_minor = 3001
        with pytest.raises(IntegrityError), transaction.atomic():
            paid.save()

    def test_statuses_move_along_the_table(self) -> None:
        recovery = RecoveryFactory.create()
        recovery.status = "written_off"
        with pytest.raises(IntegrityError, match="cannot move"), transaction.atomic():
            recovery.save()


class WordsTest:
    def test_rows_name_themselves(self) -> None:
        paid = RecoveryCollectionFactory.create(reference="pi_1")
        attempt = RecoveryAttemptFactory.create(recovery=paid.recovery)

        assert [str(row) for row in (paid.recovery, attempt, paid)] == [
            "rejected: 30.00 EUR",
            "1: 30.00 EUR (asked)",
            "pi_1: 30.00 EUR",
        ]
        assert on_day(paid.recovery, 7) == paid.at
