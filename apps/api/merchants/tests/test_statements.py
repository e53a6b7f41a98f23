"""A statement as JSON, CSV and PDF: the same rows in three forms."""

from datetime import UTC, datetime

import pytest

from apps.accounts.models import Merchant
from apps.api.merchants.tests.desk import owner_of
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.postings import MERCHANT_SHORT, move
from apps.payments.tests.factories import DebtorFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 12, tzinfo=UTC)
OCTOBER = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}


@pytest.fixture
def merchant() -> Merchant:
    made: Merchant = DebtorFactory.create()
    source = ledger.Source(made.pk, "orders.advance", uuid7())
    ledger.post(source, "merchant_short", move(MERCHANT_SHORT, Money(1950, "EUR")), AT)
    return made


class StatementTest:
    def test_as_json(self, merchant: Merchant) -> None:
        shown = owner_of(merchant).get("/v1/ledger/statement/document", OCTOBER).json()

        payable = shown["accounts"][0]
        assert (payable["account"], payable["closing"]["amount"]) == ("merchant_payable", "-19.50")
        (movement,) = payable["movements"]
        assert (movement["at"], movement["kind"]) == ("2026-10-12T00:00:00Z", "merchant_short")
        assert movement["balance"] == {"amount": "-19.50", "currency": "EUR"}

    @pytest.mark.parametrize(
        ("form", "media_type", "start"),
        [("csv", "text/csv", b"account,"), ("pdf", "application/pdf", b"%PDF")],
    )
    def test_as_a_file(self, merchant: Merchant, form: str, media_type: str, start: bytes) -> None:
        answer = owner_of(merchant).get(f"/v1/ledger/statement/{form}", OCTOBER)

        assert answer.headers["Content-Type"] == media_type
        name = f'attachment; filename="statement-20261001-20261101.{form}"'
        assert answer.headers["Content-Disposition"] == name
        assert answer.content.startswith(start)

    def test_a_period_that_ends_before_it_begins(self, merchant: Merchant) -> None:
        wrong = {"from": OCTOBER["to"], "to": OCTOBER["from"]}
        assert owner_of(merchant).get("/v1/ledger/statement/pdf", wrong).status_code == 400
