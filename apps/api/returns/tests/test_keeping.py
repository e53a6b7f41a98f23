"""A shopper who was paid 65.05 before the goods were back, and keeps some of them.

Lines of 40.00 and 30.00; the shop takes 4.95 for the way back.
"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.api.returns.tests.conftest import path_of
from apps.api.returns.tests.test_opening import order_session
from apps.api.tests.factories import PortalSessionFactory
from apps.core import clock, findings
from apps.core.ids import uuid7
from apps.orders.models import Order, Recovery, Return
from apps.orders.tests.factories import ReturnFactory
from apps.orders.tests.instant import instant, instant_order, line_of, steps
from apps.orders.tests.journeys import CREDIT
from apps.payments import services as payments
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.models import Payment

pytestmark = [pytest.mark.django_db, pytest.mark.enable_signals]


@pytest.fixture
def order() -> Order:
    steps(("pay_now", 100))
    made = instant_order()
    PortalSessionFactory.create(order=made, proved=True)
    return made


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def keep(client: APIClient, ret: Return, *units: object) -> Any:
    path = path_of(order_session(ret.order), f"returns/{ret.number}/keep")
    return client.post(path, {"units": [str(unit) for unit in units]} if units else {})


def paid(ret: Return) -> None:
    for payment in Payment.objects.filter(ret=ret, status="pending"):
        payments.send_payment(payment.pk, clock.now())


def owed(ret: Return) -> list[tuple[str, str]]:
    return [(each.cause, f"{each.due.amount:f}") for each in Recovery.objects.filter(ret=ret)]


class KeepTest:
    def test_money_that_is_out_is_owed(
        self, order: Order, shopper: APIClient, commits: Any
    ) -> None:
        with commits():
            ret = instant(order)
        Payment.objects.filter(ret=ret).update(status="processing")
        path = path_of(order_session(order), f"returns/{ret.number}")
        assert shopper.get(path).json()["can_keep"]
        with commits():
            answer = keep(shopper, ret)

        shown = answer.json()
        assert (answer.status_code, shown["status"], shown["can_keep"]) == (200, "rejected", False)
        assert {unit["reception"] for unit in shown["units"]} == {"kept"}
        assert {unit["reject_reason"] for unit in shown["units"]} == {"changed mind"}
        assert owed(ret) == [("changed_mind", "65.05")]

    def test_one_unit_of_two(self, order: Order, shopper: APIClient, commits: Any) -> None:
        with commits():
            ret = instant(order)
        with commits():
            answer = keep(shopper, ret, line_of(ret, 1).pk)
        assert (answer.json()["status"], owed(ret)) == ("in_progress", [])

        with commits():
            ret.refresh_from_db()
            ret.receive(clock.now())
            ret.accept_all(clock.now())
        assert owed(ret) == [("changed_mind", "30.00")]
        assert findings.find(clock.now(), order.merchant_id) == []

    def test_unused_credit_is_taken_back(
        self, order: Order, shopper: APIClient, commits: Any
    ) -> None:
        with commits():
            ret = instant(order, by=CREDIT)
        paid(ret)
        with commits():
            answer = keep(shopper, ret)

        assert (answer.json()["status"], owed(ret)) == ("cancelled", [])
        assert StoreCreditAccount.objects.get().balance.minor == 0

    def test_of_used_credit_the_used_part_is_owed(
        self, order: Order, shopper: APIClient, commits: Any
    ) -> None:
        with commits():
            ret = instant(order, by=CREDIT)
        paid(ret)
        account = StoreCreditAccount.objects.get()
        account.spend(account.balance - account.balance.share(1, 5), "order-9", clock.now())
        with commits():
            answer = keep(shopper, ret)

        assert (answer.json()["status"], owed(ret)) == ("rejected", [("changed_mind", "52.04")])
        assert findings.find(clock.now(), order.merchant_id) == []


class RefusalTest:
    def test_once_it_is_shipped(self, order: Order, shopper: APIClient) -> None:
        ret = instant(order)
        ret.ship(clock.now())
        answer = keep(shopper, ret)

        assert (answer.status_code, answer.json()["code"]) == (409, "goods_on_their_way")

    def test_a_standard_return_is_cancelled_instead(self, order: Order, shopper: APIClient) -> None:
        answer = keep(shopper, ReturnFactory.create(order=order))

        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_advanced")

    def test_units_of_another_return(self, order: Order, shopper: APIClient) -> None:
        answer = keep(shopper, instant(order), uuid7())

        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_return_line")

    def test_a_unit_is_kept_once(self, order: Order, shopper: APIClient) -> None:
        ret = instant(order)
        keep(shopper, ret, line_of(ret, 1).pk)
        answer = keep(shopper, ret, line_of(ret, 1).pk)

        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")

    def test_needs_a_proved_session(self, shopper: APIClient) -> None:
        steps(("pay_now", 100))
        order = instant_order()
        PortalSessionFactory.create(order=order)

        assert keep(shopper, instant(order)).status_code == 403
