"""A statement says what the books say: 100.00 promised in September, given as credit in October."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from apps.accounts.models import Merchant
from apps.billing import services
from apps.billing.modules.documents.books import Statement, csv_of
from apps.billing.modules.documents.statement import draw
from apps.billing.services import statements
from apps.billing.services.statements import StatementTooLong
from apps.billing.tests.factories import IN_NOVEMBER, IN_OCTOBER
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.postings import MERCHANT_SHORT, move
from apps.payments.tests.factories import DebtorFactory

pytestmark = pytest.mark.django_db
IN_SEPTEMBER = datetime(2026, 9, 30, 21, tzinfo=UTC)
SINCE, UNTIL = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def post(merchant: Merchant, minor: int, at: datetime, kind: str = "merchant_short") -> None:
    source = ledger.Source(merchant.pk, "orders.advance", uuid7())
    ledger.post(source, kind, move(MERCHANT_SHORT, eur(minor)), at)


@pytest.fixture
def merchant() -> Merchant:
    """10.00 in September, 20.00 and 7.50 in October, 5.00 in November."""
    made: Merchant = DebtorFactory.create()
    post(made, 1000, IN_SEPTEMBER)
    post(made, 2000, IN_OCTOBER)
    post(made, 750, UNTIL.replace(month=10, day=31))
    post(made, 500, IN_NOVEMBER)
    return made


def october(merchant: Merchant) -> Statement:
    return services.statement_of(merchant, SINCE, UNTIL)


class StatementTest:
    def test_opening_movements_closing(self, merchant: Merchant) -> None:
        payable, shopper = october(merchant).accounts

        assert (payable.kind, payable.title) == (
            "merchant_payable",
            "Owed by the platform to the merchant",
        )
        assert (payable.opening, payable.debit, payable.credit, payable.closing) == (
            eur(-1000),
            eur(0),
            eur(2750),
            eur(-3750),
        )
        assert [(each.amount, each.balance) for each in shopper.movements] == [
            (eur(2000), eur(3000)),
            (eur(750), eur(3750)),
        ]
        assert shopper.movements[0].source.startswith("advance ")

    def test_it_is_what_sql_says(self, merchant: Merchant) -> None:
        shown = {page.kind: page.closing.minor for page in october(merchant).accounts}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT a.kind, sum(e.amount_minor) FROM payments_ledgerentry e"
                " JOIN payments_ledgeraccount a ON a.id = e.account_id"
                " JOIN payments_ledgertransaction t ON t.id = e.transaction_id"
                " WHERE e.merchant_id = %s AND t.at < %s GROUP BY a.kind",
                [merchant.pk, UNTIL],
            )
            assert shown == {kind: int(minor) for kind, minor in cursor.fetchall()}

    def test_what_never_moved_is_left_out(self, merchant: Merchant) -> None:
        before = datetime(2026, 8, 1, tzinfo=UTC)
        statement = services.statement_of(merchant, before, before.replace(day=2))
        assert statement.accounts == ()
        assert draw(statement).startswith(b"%PDF")

    def test_of_nobody_else(self, merchant: Merchant) -> None:
        post(DebtorFactory.create(), 9900, IN_OCTOBER)
        assert october(merchant).accounts[0].closing == eur(-3750)

    def test_too_long(self, merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(statements, "MOST_MOVEMENTS", 3)
        with pytest.raises(StatementTooLong):
            october(merchant)


class FilesTest:
    def test_csv(self, merchant: Merchant) -> None:
        rows = [line.split(",") for line in csv_of(october(merchant)).decode().splitlines()]

        assert rows[0] == [
            *("account", "currency", "at", "movement", "of", "debit", "credit", "balance")
        ]
        assert [(row[0], row[3], *row[5:]) for row in rows[1:5]] == [
            ("merchant_payable", "opening", "", "", "-10.00"),
            ("merchant_payable", "merchant_short", "0.00", "20.00", "-30.00"),
            ("merchant_payable", "merchant_short", "0.00", "7.50", "-37.50"),
            ("merchant_payable", "closing", "0.00", "27.50", "-37.50"),
        ]

    def test_pdf_of_several_pages(self, merchant: Merchant) -> None:
        for _ in range(30):
            post(merchant, 100, IN_OCTOBER)
        content = draw(october(merchant))
        assert content.startswith(b"%PDF")
        assert content == draw(october(merchant))
