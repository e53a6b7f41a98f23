"""The staff's pages of orders and returns: found, told in words, and constant in queries."""

from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.events.actors import Actor, acting
from apps.events.choices import Event as Actors
from apps.events.tests.factories import EventFactory
from apps.orders.admin.timeline import facts
from apps.orders.models import Return
from apps.orders.tests.factories import (
    ImportIssueFactory,
    OrderFactory,
    PolicyRuleFactory,
    RestockMovementFactory,
    ReturnFactory,
    ReturnReasonFactory,
)
from apps.users.models import User
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

HOST = {"host": "admin.reveni.localhost"}
MOST_QUERIES = 10
PAGES: dict[str, Any] = {
    "order": OrderFactory,
    "return": ReturnFactory,
    "returnreason": ReturnReasonFactory,
    "policy": PolicyRuleFactory,
    "stocklevel": RestockMovementFactory,
    "importjob": ImportIssueFactory,
}


@pytest.fixture
def staff() -> User:
    return UserFactory.create(staff=True)


@pytest.fixture
def browser(staff: User) -> Client:
    client = Client(headers=HOST)
    client.force_login(staff)
    return client


def found(browser: Client, page: str, term: str) -> str:
    answer = browser.get(f"/orders/{page}/", {"q": term})
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode().split('id="result_list"')[-1]


def page_of(browser: Client, ret: Return) -> str:
    return browser.get(f"/orders/return/{ret.pk}/change/").content.decode()


class ListTest:
    @pytest.mark.parametrize("page", PAGES)
    def test_queries_do_not_grow_with_the_rows(self, browser: Client, page: str) -> None:
        counts = []
        for _ in range(2):
            PAGES[page].create_batch(2)
            browser.get(f"/orders/{page}/")
            with CaptureQueriesContext(connection) as queries:
                answer = browser.get(f"/orders/{page}/")
            assert answer.status_code == HTTPStatus.OK
            counts.append(len(queries))
        assert counts[0] == counts[1] <= MOST_QUERIES

    @pytest.mark.parametrize("term", ["#77", "77", "ana@x.example", "ANA@x.example", "ext-7", "S7"])
    def test_order_is_found(self, browser: Client, term: str) -> None:
        order = OrderFactory.create(
            number="#77", email="ana@x.example", external_id="ext-7", lines=[{"sku": "S7"}] * 2
        )
        other = OrderFactory.create()

        rows = found(browser, "order", term)

        assert rows.count(f"/orders/order/{order.pk}/change/") >= 1
        assert str(other.pk) not in rows

    @pytest.mark.parametrize("term", ["R-7", "r-7", "77", "ana@x.example", "bea@x.example"])
    def test_return_is_found(self, browser: Client, term: str) -> None:
        ret = ReturnFactory.create(
            number="R-7",
            order__number="#77",
            order__email="ana@x.example",
            order__customer__email="bea@x.example",
        )
        other = ReturnFactory.create()

        rows = found(browser, "return", term)

        assert str(ret.pk) in rows
        assert str(other.pk) not in rows

    @pytest.mark.parametrize("page", ["order", "return"])
    def test_blank_search_shows_all(self, browser: Client, page: str) -> None:
        row = PAGES[page].create()
        assert str(row.pk) in found(browser, page, " ")

    @pytest.mark.parametrize("page", PAGES)
    def test_page_of_one_row_opens_and_nothing_is_added(self, browser: Client, page: str) -> None:
        PAGES[page].create()
        row = apps.get_model("orders", page)._base_manager.get()
        assert browser.get(f"/orders/{page}/{row.pk}/change/").status_code == HTTPStatus.OK
        assert browser.get(f"/orders/{page}/add/").status_code == HTTPStatus.FORBIDDEN


class OrderPageTest:
    def test_shows_money_lines_payments_and_returns(self, browser: Client) -> None:
        ret = ReturnFactory.create(order__tags=["gift"], order__flags=["disputed"])

        page = browser.get(f"/orders/order/{ret.order_id}/change/").content.decode()

        for text in ("100.00 EUR", "T-shirt", "TR-1", "stripe", "gift, disputed", "Ana López"):
            assert text in page
        assert f"/orders/return/{ret.pk}/change/" in page

    def test_is_not_changed_by_hand(self, browser: Client) -> None:
        order = OrderFactory.create()
        answer = browser.post(f"/orders/order/{order.pk}/change/", {"number": "other"})
        assert answer.status_code == HTTPStatus.FORBIDDEN

    def test_queries_do_not_grow_with_lines_and_returns(self, browser: Client) -> None:
        counts = []
        for lines in (1, 4):
            order = OrderFactory.create(lines=[{"quantity": 2}] * lines)
            for line in order.lines.all():
                ReturnFactory.create(order=order, lines=[{"line_item": line}])
            browser.get(f"/orders/order/{order.pk}/change/")
            with CaptureQueriesContext(connection) as queries:
                browser.get(f"/orders/order/{order.pk}/change/")
            counts.append(len(queries))
        assert counts[0] == counts[1]


class ReturnPageTest:
    def test_tells_quote_settlement_reasons_and_notes(self, browser: Client) -> None:
        order = OrderFactory.create()
        shirts, trousers = order.lines.all()
        reason = ReturnReasonFactory.create(store=order.store)
        ret = ReturnFactory.create(
            order=order,
            accepted=True,
            lines=[
                {"line_item": shirts, "quantity": 2, "reason": reason, "comment": "tight"},
                {"line_item": trousers, "exchange": {"title": "Trousers, L"}},
            ],
        )
        ret.note("Called <b>twice</b>", clock.now(), author="Eva")
        before = page_of(browser, ret)
        ret.settle()

        after = page_of(browser, ret)

        for text in (
            "Too small · tight",
            "Trousers, L",
            "Post office",
            "Returned goods 100.00 EUR",
        ):
            assert text in after
        assert "Called &lt;b&gt;twice&lt;/b&gt;" in after
        assert before.count("To refund 50.00 EUR") == 1
        assert after.count("To refund 50.00 EUR") == 2

    def test_timeline_names_who_did_what(self, browser: Client, staff: User) -> None:
        ret = ReturnFactory.create(requested=True)
        with acting(Actor(Actors.Actor.STAFF, str(staff.pk))):
            ret.approve(clock.now())
        EventFactory.create(
            subject_type="orders.return",
            subject_id=ret.pk,
            sequence=2,
            kind="return.unheard_of",
            actor_kind=Actors.Actor.SHOPPER,
            actor_id="no-user",
        )

        page = page_of(browser, ret)

        assert "Return approved" in page
        assert f"Staff {staff.email}" in page
        assert "return.unheard_of" in page

    def test_without_a_breakdown_it_still_opens(self, browser: Client) -> None:
        ret = ReturnFactory.create(lines=[], return_method={})
        Return.objects.filter(pk=ret.pk).update(breakdown={})
        assert "As quoted" in page_of(browser, ret)

    def test_queries_do_not_grow_with_lines_and_events(self, browser: Client) -> None:
        counts = []
        for lines in (1, 4):
            order = OrderFactory.create(lines=[{}] * lines)
            reason = ReturnReasonFactory.create(store=order.store)
            ret = ReturnFactory.create(order=order, accepted=True, lines__reason=reason)
            for _ in range(lines):
                ret.note("again", clock.now())
            page_of(browser, ret)
            with CaptureQueriesContext(connection) as queries:
                page_of(browser, ret)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class ReasonPageTest:
    def test_text_is_edited_and_the_place_is_not(self, browser: Client) -> None:
        reason = ReturnReasonFactory.create(code="too_small")
        form = {
            "labels": '{"en": "Runs small"}',
            "fault": "merchant",
            "position": "3",
            "code": "other",
        }

        answer = browser.post(f"/orders/returnreason/{reason.pk}/change/", form)

        assert answer.status_code == HTTPStatus.FOUND
        reason.refresh_from_db()
        assert (reason.code, reason.fault, reason.position) == ("too_small", "merchant", 3)
        assert "Runs small" in found(browser, "returnreason", "too_small")


class RulesPageTest:
    def test_conditions_are_sentences(self, browser: Client) -> None:
        rule = PolicyRuleFactory.create(
            conditions=[
                {"field": "country", "operator": "in", "value": ["ES", "PT"]},
                {"field": "days", "operator": "gte", "value": 14},
            ]
        )
        PolicyRuleFactory.create(policy=rule.policy, conditions=[])

        page = browser.get(f"/orders/policy/{rule.policy_id}/change/").content.decode()

        assert (
            "Shipping country is one of ES, PT and Days since the window began is at least 14"
            in page
        )
        assert "always" in page


class FactsTest:
    @pytest.mark.parametrize(
        ("payload", "told"),
        [
            ({}, ""),
            ({"amount": "42.46", "currency": "EUR", "attempt": 2}, "amount 42.46 EUR · attempt 2"),
            ({"net": {"amount": "1.00", "currency": "EUR"}}, "net 1.00 EUR"),
            ({"scopes": ["read", "write"]}, "scopes read, write"),
            ({"line": "01a21495-f802-73fc-ad86-7aaff901ce26", "return": None}, ""),
            (
                {"refund_method": "bank_transfer", "by": "a_b@x.es"},
                "by a_b@x.es · refund method bank transfer",
            ),
        ],
    )
    def test_payload_in_words(self, payload: dict[str, object], told: str) -> None:
        assert facts(payload) == told
