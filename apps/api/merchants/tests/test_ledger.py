"""The merchant's own books: balances, statements, entries, and what does not add up."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from apps.api.merchants.tests.desk import at_most, owner_of, seat_at
from apps.core import clock
from apps.events.tests.factories import ReconciliationItemFactory, ReconciliationRunFactory
from apps.orders.models import Return
from apps.payments import services
from apps.payments.tests.factories import (
    AcceptedReturnFactory,
    DebtorFactory,
    LedgerTransactionFactory,
)

pytestmark = pytest.mark.django_db
AT = clock.now()
DAY = timedelta(days=1)


def eur(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def period(since: timedelta, until: timedelta, **more: str) -> dict[str, str]:
    return {"from": (AT + since).isoformat(), "to": (AT + until).isoformat(), **more}


@pytest.fixture
def ret() -> Return:
    """100.00 EUR promised yesterday and given as credit today; as much at another merchant."""
    other = AcceptedReturnFactory.create(refund_method="store_credit")
    services.refund_return(other.pk, AT - DAY)
    ret = AcceptedReturnFactory.create(refund_method="store_credit")
    (payment,) = services.promise_refund(ret.pk, AT - DAY)
    services.send_payment(payment.pk, AT)
    return ret


class AccountsTest:
    def test_shows_each_account_as_its_nature_reads_it(self, ret: Return) -> None:
        with at_most(1):
            shown = owner_of(ret.merchant).get("/v1/ledger/accounts").json()

        found = {each["account"]: each for each in shown["data"]}
        assert {kind: each["balance"] for kind, each in found.items()} == {
            "refunds_granted": eur("100.00"),
            "refunds_payable": eur("0.00"),
            "store_credit_liability": eur("100.00"),
        }
        assert found["refunds_granted"]["title"] == "Refunds granted"
        assert found["refunds_payable"]["nature"] == "liability"
        assert list(found) == sorted(found)

    def test_pages_by_name(self, ret: Return) -> None:
        desk = owner_of(ret.merchant)
        first = desk.get("/v1/ledger/accounts", {"limit": 2}).json()
        rest = desk.get("/v1/ledger/accounts", {"limit": 2, "cursor": first["next_cursor"]}).json()

        assert [each["account"] for each in rest["data"]] == ["store_credit_liability"]


class StatementTest:
    def test_says_what_each_account_opened_and_closed_with(self, ret: Return) -> None:
        desk = owner_of(ret.merchant)
        with at_most(1):
            shown = desk.get("/v1/ledger/statement", period(-DAY / 2, DAY)).json()

        found = {each["account"]: each for each in shown["accounts"]}
        figures = ("opening", "debit", "credit", "closing")
        assert {
            kind: [each[name]["amount"] for name in figures] for kind, each in found.items()
        } == {
            "refunds_granted": ["100.00", "0.00", "0.00", "100.00"],
            "refunds_payable": ["100.00", "100.00", "0.00", "0.00"],
            "store_credit_liability": ["0.00", "0.00", "100.00", "100.00"],
        }

    def test_the_first_moment_is_in_and_the_last_is_not(self, ret: Return) -> None:
        desk = owner_of(ret.merchant)

        def debits(since: timedelta, until: timedelta) -> list[str]:
            shown = desk.get("/v1/ledger/statement", period(since, until)).json()
            return [each["debit"]["amount"] for each in shown["accounts"]]

        assert debits(-DAY, timedelta()) == ["100.00", "0.00", "0.00"]
        assert debits(timedelta(), DAY) == ["0.00", "100.00", "0.00"]


class EntriesTest:
    def test_lists_the_sides_of_each_transaction_newest_first(self, ret: Return) -> None:
        desk = owner_of(ret.merchant)
        with at_most(1):
            shown = desk.get("/v1/ledger/entries", period(-2 * DAY, DAY)).json()["data"]

        assert [(each["account"], each["amount"]["amount"], each["kind"]) for each in shown] == [
            ("store_credit_liability", "-100.00", "succeeded.1"),
            ("refunds_payable", "100.00", "succeeded.1"),
            ("refunds_payable", "-100.00", "promised"),
            ("refunds_granted", "100.00", "promised"),
        ]
        assert (shown[3]["source_type"], shown[3]["source_id"]) == ("orders.return", str(ret.pk))
        assert (shown[3]["reverses"], shown[3]["transaction"]) == (None, shown[2]["transaction"])

    @pytest.mark.parametrize(
        ("more", "count"),
        [
            ({"account": "refunds_payable"}, 2),
            ({"currency": "EUR"}, 4),
            ({"currency": "GBP"}, 0),
            ({"limit": "1"}, 1),
        ],
    )
    def test_filters(self, ret: Return, more: dict[str, str], count: int) -> None:
        shown = owner_of(ret.merchant).get("/v1/ledger/entries", period(-2 * DAY, DAY, **more))

        assert len(shown.json()["data"]) == count

    def test_keeps_to_the_period(self, ret: Return) -> None:
        shown = owner_of(ret.merchant).get("/v1/ledger/entries", period(-DAY, timedelta()))

        assert {each["kind"] for each in shown.json()["data"]} == {"promised"}


class ExceptionsTest:
    def test_sound_books_have_none(self, ret: Return) -> None:
        shown = owner_of(ret.merchant).get("/v1/ledger/exceptions").json()

        assert shown["findings"] == []
        assert shown["checked_at"].endswith("Z")

    def test_finds_the_merchants_own_and_nobody_elses(self, ret: Return) -> None:
        with connection.cursor() as cursor:
            # The rollback of the test puts it back.
            cursor.execute(
                "DROP TRIGGER payments_ledgertransaction_sides ON payments_ledgertransaction"
            )
        lame = LedgerTransactionFactory.create(merchant=ret.merchant)
        foreign = LedgerTransactionFactory.create()

        found = owner_of(ret.merchant).get("/v1/ledger/exceptions").json()["findings"]

        assert {(each["invariant"], each["subject"]) for each in found} == {("I-18", str(lame.pk))}
        assert found[0]["what"] == "a transaction does not balance"
        every = {finding.subject for finding in services.reconcile()}
        assert {str(lame.pk), str(foreign.pk)} <= every

    def test_shows_what_the_last_run_left_to_do(self, ret: Return) -> None:
        done = AT - timedelta(minutes=20)
        ReconciliationRunFactory.create(started_at=done, done_at=done)
        item = ReconciliationItemFactory.create(merchant_id=ret.merchant_id)
        ReconciliationItemFactory.create(
            merchant_id=ret.merchant_id, status="explained", note="known"
        )
        ReconciliationItemFactory.create()

        shown = owner_of(ret.merchant).get("/v1/ledger/exceptions").json()

        assert [each["subject"] for each in shown["findings"]] == [item.subject]
        assert shown["checked_at"][:19] == done.isoformat()[:19]


class AccessTest:
    @pytest.mark.parametrize(
        "path",
        ["accounts", "statement", "entries", "exceptions"],
    )
    @pytest.mark.parametrize(
        ("role", "status"),
        [({"reader": True}, 200), ({"permissions": {"returns": "edit"}}, 403), ({}, 403)],
    )
    def test_is_for_who_may_read_money(self, path: str, role: dict[str, Any], status: int) -> None:
        desk = seat_at(DebtorFactory.create(), **role)
        query = period(-DAY, DAY) if path in ("statement", "entries") else {}

        assert desk.get(f"/v1/ledger/{path}", query).status_code == status
