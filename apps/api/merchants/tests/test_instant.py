"""An instant return on the merchant's desk: what went out, what is owed, how it is called off."""

import json

import pytest

from apps.api.merchants.tests.seats import Dashboard, code_of, seat_at
from apps.core import clock
from apps.core.tests import faults
from apps.orders.models import Return
from apps.orders.tests.instant import decided, instant, instant_order, line_of, steps
from apps.orders.tests.journeys import CREDIT

pytestmark = pytest.mark.django_db


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


@pytest.fixture
def ret() -> Return:
    """65.05 as store credit for lines of 40.00 and 30.00."""
    steps(("pay_now", 100))
    return instant(instant_order(), by=CREDIT)


@pytest.fixture
def desk(ret: Return) -> Dashboard:
    return seat_at(ret.merchant, "editor")


class AdvanceTest:
    def test_its_parts_and_the_end_of_cover(self, ret: Return, desk: Dashboard) -> None:
        shown = desk.get(f"returns/{ret.pk}").json()["advance"]

        assert (shown["amount"], shown["method"]) == (euros("65.05"), "store_credit")
        assert shown["cover_ends_at"].startswith(f"{ret.cover_ends_at:%Y-%m-%d}")
        assert [(each["rung"], each["status"]) for each in shown["parts"]] == [
            ("pay_now", "released")
        ]
        assert (shown["ended_at"], shown["shortfalls"]) == (None, [])

    def test_why_it_went_out_early(self, ret: Return, desk: Dashboard) -> None:
        """Reasons with their weights; what is known at other merchants is not told."""
        decided_by = ret.advance.assessment
        told = [
            {"code": code, "points": points, "best": "pay_now"}
            for code, points in (("first_order", 15), ("busy_elsewhere", 20))
        ]
        faults.write(
            "UPDATE underwriting_assessment SET reasons = %s::jsonb WHERE id = %s",
            [json.dumps(told), decided_by.pk],
        )
        shown = desk.get(f"returns/{ret.pk}").json()["advance"]["decision"]

        assert (shown["rung"], shown["policy_version"]) == ("pay_now", decided_by.policy_version)
        assert shown["reasons"] == [
            {"code": "first_order", "text": "The shopper has no other order here", "weight": 15}
        ]

    def test_what_the_shopper_owes(self, ret: Return, desk: Dashboard) -> None:
        missing = line_of(ret, 1)
        decided(ret, "accepted", "missing")
        ret.close_advance(ret.net - ret.net, clock.now())
        shown = desk.get(f"returns/{ret.pk}").json()["advance"]

        assert (shown["kept"], shown["owed_by_shopper"]) == (euros("35.05"), euros("30.00"))
        (shortfall,) = shown["shortfalls"]
        assert (shortfall["cause"], shortfall["amount"]) == ("not_returned", euros("30.00"))
        assert shortfall["lines"] == [str(missing.pk)]

    def test_a_shopper_who_keeps_the_goods(self, ret: Return, desk: Dashboard) -> None:
        units = [{"line": str(line.pk), "outcome": "kept"} for line in ret.lines.all()]
        response = desk.send(f"returns/{ret.pk}/decisions", {"units": units})

        assert (response.status_code, response.json()["status"]) == (200, "rejected")
        assert {line["reception"] for line in response.json()["lines"]} == {"kept"}

    def test_called_off_while_nothing_is_used(self, ret: Return, desk: Dashboard) -> None:
        response = desk.send(f"returns/{ret.pk}/cancel", {"reason": "Ordered twice"})

        assert (response.status_code, response.json()["status"]) == (200, "cancelled")
        assert response.json()["advance"]["taken_back"] == euros("65.05")

    def test_not_once_the_goods_travel(self, ret: Return, desk: Dashboard) -> None:
        ret.ship(clock.now())
        response = desk.send(f"returns/{ret.pk}/cancel", {})

        assert code_of(response) == (409, "advance_paid")
