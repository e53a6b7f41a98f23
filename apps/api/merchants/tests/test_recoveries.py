"""Staff see what is won back, stop it, close it, and write it off."""

from typing import Any

import pytest

from apps.api.merchants.tests.desk import Desk, at_most, owner_of, seat_at
from apps.core import clock
from apps.core.money import Money
from apps.orders.models import Recovery
from apps.orders.modules.recoveries.tests.factories import RecoveryAttemptFactory, RecoveryFactory
from apps.users.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
PATH = "/v1/recoveries"
WHY = {"reason": "The parcel was found"}


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


@pytest.fixture
def recovery() -> Recovery:
    """10.00 of 30.00 are paid."""
    made: Recovery = RecoveryFactory.create(at=AT)
    made.collected(Money(1000, "EUR"), "cs_1", AT)
    return made


@pytest.fixture
def desk(recovery: Recovery) -> Desk:
    return owner_of(recovery.merchant)


def after(desk: Desk, recovery: Recovery, act: str) -> Any:
    return desk.send(f"{PATH}/{recovery.pk}/{act}", WHY)


class ReadTest:
    def test_list_of_its_own(self, recovery: Recovery, desk: Desk) -> None:
        RecoveryFactory.create()
        RecoveryFactory.create(ret=recovery.ret, cause="missing")
        with at_most(1):
            (shown,) = desk.get(PATH, {"cause": "rejected", "status": "open"}).json()["data"]

        assert shown["return"] == {"id": str(recovery.ret_id), "number": recovery.ret.number}
        assert (shown["due"], shown["collected"], shown["left"]) == (
            eur("30.00"),
            eur("10.00"),
            eur("20.00"),
        )
        assert len(desk.get(PATH).json()["data"]) == 2
        assert desk.get(PATH, {"return_number": "R-none"}).json()["data"] == []

    def test_detail_with_charges_payments_and_timeline(
        self, recovery: Recovery, desk: Desk
    ) -> None:
        RecoveryAttemptFactory.create(recovery=recovery, amount_minor=2000)
        with at_most(5):
            shown = desk.get(f"{PATH}/{recovery.pk}").json()

        assert [(each["number"], each["amount"]) for each in shown["attempts"]] == [
            (1, eur("20.00"))
        ]
        assert [(each["reference"], each["given_back"]) for each in shown["payments"]] == [
            ("cs_1", eur("0.00"))
        ]
        assert (shown["consent_cap"], shown["instalments"]) == (eur("65.05"), [eur("30.00")])
        assert [each["text"] for each in shown["timeline"]] == ["Money collected"]

    def test_without_consent_there_is_no_cap(self, desk: Desk, recovery: Recovery) -> None:
        other = RecoveryFactory.create(ret=recovery.ret, cause="missing", without_consent=True)

        assert desk.get(f"{PATH}/{other.pk}").json()["consent_cap"] is None


class ActTest:
    def test_paused_and_resumed(self, recovery: Recovery, desk: Desk) -> None:
        assert after(desk, recovery, "pause").json()["status"] == "disputed"
        assert after(desk, recovery, "resume").json()["status"] == "open"
        assert after(desk, recovery, "resume").status_code == 409

    def test_closed_what_was_paid_goes_back(self, recovery: Recovery, desk: Desk) -> None:
        shown = after(desk, recovery, "close").json()

        assert (shown["status"], shown["given_back"], shown["left"]) == (
            "closed",
            eur("10.00"),
            eur("0.00"),
        )
        assert shown["end_reason"] == "The parcel was found"
        assert shown["timeline"][-1]["actor"]["id"] == str(desk.membership.user_id)

    def test_written_off_above_the_limit_by_two(self, recovery: Recovery, desk: Desk) -> None:
        """240.00 were tried in vain."""
        big = RecoveryFactory.create(
            ret=recovery.ret, cause="missing", due_minor=24000, given_up=True
        )
        role = desk.membership.role
        colleague = Desk(MembershipFactory.create(merchant=recovery.merchant, role=role))
        first = after(desk, big, "write-off").json()
        assert (first["status"], first["needs_second_person"]) == ("failed", True)
        assert after(desk, big, "write-off").json()["status"] == "failed"
        shown = after(colleague, big, "write-off").json()

        assert (shown["status"], shown["written_off"]) == ("written_off", eur("240.00"))
        assert after(desk, recovery, "write-off").status_code == 409

    def test_needs_the_right_to_move_money(self, recovery: Recovery) -> None:
        reader = seat_at(recovery.merchant, reader=True)

        assert reader.get(f"{PATH}/{recovery.pk}").status_code == 200
        for act in ("pause", "resume", "close", "write-off"):
            assert after(reader, recovery, act).status_code == 403

    def test_foreign_ones_are_not_there(self, desk: Desk) -> None:
        other = RecoveryFactory.create()

        for act in ("pause", "resume", "close", "write-off"):
            assert after(desk, other, act).status_code == 404
