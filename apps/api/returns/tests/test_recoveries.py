"""A shopper of whom money is asked back: sees why, objects, splits it, asks for a link."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.api.returns.tests.conftest import path_of
from apps.api.tests.factories import EvidenceFactory, PortalSessionFactory
from apps.core import clock
from apps.orders.models import Recovery
from apps.orders.modules.recoveries.tests.factories import DAY, RecoveryFactory

pytestmark = pytest.mark.django_db
AT = clock.now()


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


@pytest.fixture
def recovery() -> Recovery:
    made: Recovery = RecoveryFactory.create(at=AT)
    return made


def page(recovery: Recovery, **session: Any) -> str:
    """The path of its return's recoveries, for the session that TOKEN opens."""
    made = PortalSessionFactory.create(order=recovery.ret.order, **session)
    return path_of(made, f"returns/{recovery.ret.number}/recoveries")


class ListTest:
    def test_what_and_why_and_until_when(self, recovery: Recovery, shopper: APIClient) -> None:
        RecoveryFactory.create()
        (shown,) = shopper.get(page(recovery)).json()

        until = recovery.objection_ends_at
        assert (shown["id"], shown["status"]) == (str(recovery.pk), "open")
        assert shown["cause_text"] == (
            "The store did not accept some of the goods you were paid for."
        )
        assert shown["text"] == (f"You may object until {until.date()}. Nothing is charged before.")
        assert (shown["due"], shown["paid"], shown["left"]) == (
            eur("30.00"),
            eur("0.00"),
            eur("30.00"),
        )
        assert (shown["instalments"], shown["contested"]) == ([eur("30.00")], [])
        assert (shown["charge_at"], shown["pay_url"]) == (None, None)

    def test_warned_it_says_what_is_charged_and_when(
        self, recovery: Recovery, shopper: APIClient
    ) -> None:
        recovery.agree_instalments(2, AT)
        recovery.step(recovery.objection_ends_at)
        (shown,) = shopper.get(page(recovery), headers={"accept-language": "de"}).json()

        day = (AT + 14 * DAY).date()
        assert shown["text"] == (
            f"15.00 EUR werden von deiner gespeicherten Karte abgebucht, frühestens am {day}."
        )

    def test_closed_nothing_is_left(self, recovery: Recovery, shopper: APIClient) -> None:
        recovery.close("goods_arrived", AT)
        (shown,) = shopper.get(page(recovery)).json()

        assert (shown["left"], shown["text"]) == (
            eur("0.00"),
            "Nothing is owed. What you paid goes back to you.",
        )


class ContestTest:
    def test_the_goods_were_sent_and_nothing_is_charged(
        self, recovery: Recovery, shopper: APIClient
    ) -> None:
        path = page(recovery, proved=True)
        photo = EvidenceFactory.create(order=recovery.ret.order)
        said = {"kind": "sent", "tracking_number": "AB123456", "images": [str(photo.pk)]}
        answer = shopper.post(f"{path}/{recovery.pk}/contests", said)

        assert answer.status_code == 200
        assert (answer.json()["status"], answer.json()["contested"]) == ("disputed", ["sent"])
        recovery.refresh_from_db()
        assert recovery.contests[0]["images"] == [str(photo.pk)]
        again = shopper.post(f"{path}/{recovery.pk}/contests", said)
        assert (again.status_code, again.json()["code"]) == (409, "already_contested")

    def test_without_proof_it_was_not_sent(self, recovery: Recovery, shopper: APIClient) -> None:
        path = page(recovery, proved=True)
        answer = shopper.post(f"{path}/{recovery.pk}/contests", {"kind": "sent"})

        assert answer.status_code == 400
        assert answer.json()["errors"]["tracking_number"]

    def test_photos_are_the_shoppers_own(self, recovery: Recovery, shopper: APIClient) -> None:
        path = page(recovery, proved=True)
        foreign = EvidenceFactory.create()
        said = {"kind": "dispute", "images": [str(foreign.pk)]}

        assert shopper.post(f"{path}/{recovery.pk}/contests", said).status_code == 400

    def test_needs_a_proved_session(self, recovery: Recovery, shopper: APIClient) -> None:
        path = page(recovery)
        answer = shopper.post(f"{path}/{recovery.pk}/contests", {"kind": "dispute"})

        assert answer.status_code == 403

    def test_another_returns_is_not_there(self, recovery: Recovery, shopper: APIClient) -> None:
        path = page(recovery, proved=True)
        other = RecoveryFactory.create()

        for name in ("contests", "instalments", "pay-link"):
            assert shopper.post(f"{path}/{other.pk}/{name}", {}).status_code == 404


class PayTest:
    def test_split_in_two(self, recovery: Recovery, shopper: APIClient) -> None:
        path = page(recovery, proved=True)
        shown = shopper.post(f"{path}/{recovery.pk}/instalments", {"count": 2}).json()

        assert shown["instalments"] == [eur("15.00"), eur("15.00")]
        again = shopper.post(f"{path}/{recovery.pk}/instalments", {"count": 3})
        assert again.json()["code"] == "instalments_not_possible"

    def test_a_link_is_shown_when_it_is_made(self, recovery: Recovery, shopper: APIClient) -> None:
        path = page(recovery, proved=True)
        assert shopper.post(f"{path}/{recovery.pk}/pay-link", {}).json()["pay_url"] is None
        recovery.link_ready("https://pay.example/1", clock.now() + DAY, clock.now())
        (shown,) = shopper.get(path).json()

        assert shown["pay_url"] == "https://pay.example/1"
        with clock.moved(-DAY):
            recovery.link_ready("https://pay.example/1", clock.now(), clock.now())
        assert shopper.get(path).json()[0]["pay_url"] is None
