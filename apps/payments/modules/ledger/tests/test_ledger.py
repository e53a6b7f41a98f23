from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.tests.factories import MerchantFactory
from apps.core import clock
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.payments import choices
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.models import LedgerAccount, LedgerEntry, LedgerTransaction
from apps.payments.modules.ledger.postings import Legs
from apps.payments.tests.factories import (
    LedgerAccountFactory,
    LedgerEntryFactory,
    LedgerTransactionFactory,
)

AT = clock.now()
A = choices.Ledger.Account


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def legs(*parts: tuple[str, str]) -> Legs:
    return tuple((account, eur(amount)) for account, amount in parts)


PROMISE = legs((A.REFUNDS_GRANTED, "60.00"), (A.REFUNDS_PAYABLE, "-60.00"))


@pytest.fixture
def source() -> ledger.Source:
    return ledger.Source(MerchantFactory.create().pk, "orders.return", uuid7())


class PostingsTest:
    def test_promise_names_each_part_and_leaves_out_zeros(self) -> None:
        promise = postings.Promise(
            refund=eur("37.05"), fees=eur("-4.95"), new_goods=eur("-60.00"), bonus=eur("2.00")
        )

        # 100.00 granted - 60.00 new goods - 4.95 fees + 2.00 bonus = 37.05 owed.
        assert postings.promised(promise) == legs(
            (A.REFUNDS_GRANTED, "100.00"),
            (A.BONUS_EXPENSE, "2.00"),
            (A.FEES_WITHHELD, "-4.95"),
            (A.EXCHANGE_GOODS, "-60.00"),
            (A.REFUNDS_PAYABLE, "-37.05"),
        )
        zero = eur("0.00")
        plain = postings.Promise(refund=eur("60.00"), fees=zero, new_goods=zero, bonus=zero)
        assert postings.promised(plain) == PROMISE

    def test_every_gateway_pays_the_debt(self) -> None:
        for gateway in choices.Payment.Gateway.values:
            moves = [postings.SENT.get(gateway), postings.SUCCEEDED[gateway]]
            debits = [sides[0] for sides in moves if sides]
            assert debits[0] == A.REFUNDS_PAYABLE

    def test_every_account_has_a_nature(self) -> None:
        assert set(choices.Ledger.NATURES) == set(A)


@pytest.mark.django_db
class PostTest:
    def test_moves_the_cached_balances(self, source: ledger.Source) -> None:
        ledger.post(source, "promised", PROMISE, AT)
        paid = postings.move((A.REFUNDS_PAYABLE, A.BANK), eur("25.00"))
        ledger.post(source, "paid", paid, AT)

        merchant = LedgerAccount.objects.first().merchant  # type: ignore[union-attr]
        assert ledger.balances(merchant) == {
            ("bank", "EUR"): eur("-25.00"),
            ("refunds_granted", "EUR"): eur("60.00"),
            ("refunds_payable", "EUR"): eur("35.00"),
        }

    def test_once_for_each_event(self, source: ledger.Source) -> None:
        first = ledger.post(source, "promised", PROMISE, AT)

        with pytest.raises(IntegrityError, match="once"):
            ledger.post(source, "promised", PROMISE, AT)

        assert ledger.find(source, "promised") == first
        assert ledger.find(source, "other") is None

    def test_more_is_never_paid_than_owed(self, source: ledger.Source) -> None:
        ledger.post(source, "promised", PROMISE, AT)
        too_much = postings.move((A.REFUNDS_PAYABLE, A.BANK), eur("60.01"))

        with pytest.raises(IntegrityError, match="floor"):
            ledger.post(source, "paid", too_much, AT)

        assert LedgerTransaction.objects.count() == 1

    def test_reversal_is_the_mirror_and_happens_once(self, source: ledger.Source) -> None:
        first = ledger.post(source, "promised", PROMISE, AT)

        mirror = ledger.reverse(first, "undone", AT)

        assert {each.amount for each in mirror.entries.all()} == {eur("60.00"), eur("-60.00")}
        assert {each.balance_minor for each in LedgerAccount.objects.all()} == {0}
        with pytest.raises(IntegrityError):
            ledger.reverse(first, "undone again", AT)

    def test_statement_reads_one_account_in_time(self, source: ledger.Source) -> None:
        ledger.post(source, "promised", PROMISE, AT)
        paid = postings.move((A.REFUNDS_PAYABLE, A.BANK), eur("60.00"))
        ledger.post(source, "paid", paid, AT + timedelta(days=1))
        merchant = LedgerTransaction.objects.for_merchant(LedgerAccount.objects.all()[0].merchant)[
            0
        ].merchant

        rows = ledger.statement(merchant, A.REFUNDS_PAYABLE, AT, AT + timedelta(days=1))

        assert [(row.amount, row.transaction.kind) for row in rows] == [(eur("-60.00"), "promised")]
        entries = LedgerTransaction.objects.about("orders.return", source.id)
        assert [str(each).split(" ")[0] for each in entries] == ["promised", "paid"]


@pytest.mark.django_db
class DatabaseTest:
    def test_one_sided_transaction_does_not_commit(self) -> None:
        LedgerTransactionFactory.create()

        with pytest.raises(IntegrityError, match="at least two entries"):
            connection.check_constraints()

    def test_unbalanced_transaction_does_not_commit(self) -> None:
        entry = LedgerEntryFactory.create()
        LedgerEntryFactory.create(
            transaction=entry.transaction, amount_minor=999, account__kind=A.BANK
        )

        with pytest.raises(IntegrityError, match="sum to zero"):
            connection.check_constraints()

    def test_two_currencies_do_not_balance_each_other(self) -> None:
        entry = LedgerEntryFactory.create()
        LedgerEntryFactory.create(
            transaction=entry.transaction,
            amount_minor=1000,
            account__kind=A.BANK,
            account__currency="USD",
        )

        with pytest.raises(IntegrityError, match="sum to zero"):
            connection.check_constraints()

    def test_entry_is_in_the_currency_of_its_account(self) -> None:
        account = LedgerAccountFactory.create()

        with pytest.raises(IntegrityError, match="currency of its account"):
            LedgerEntryFactory.create(
                account=account, transaction__merchant=account.merchant, currency="USD"
            )

    def test_entry_stays_with_its_merchant(self) -> None:
        entry = LedgerEntryFactory.create()
        foreign = LedgerAccountFactory.create(kind=A.BANK)
        LedgerEntryFactory.create(transaction=entry.transaction, account=foreign, amount_minor=1000)

        with pytest.raises(IntegrityError, match="payments_ledgerentry_account_tenant"):
            connection.check_constraints()

    def test_books_are_never_changed(self, source: ledger.Source) -> None:
        ledger.post(source, "promised", PROMISE, AT)

        with connection.cursor() as cursor:
            for table in ("payments_ledgerentry", "payments_ledgertransaction"):
                for change in ("UPDATE {} SET created_at = now()", "DELETE FROM {}"):
                    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                        cursor.execute(change.format(table))

        assert LedgerEntry.objects.count() == 2

    def test_books_are_not_emptied(self) -> None:
        with (
            connection.cursor() as cursor,
            pytest.raises(IntegrityError, match="append-only"),
        ):
            cursor.execute("TRUNCATE payments_ledgerentry")

    def test_words_for_staff(self) -> None:
        account = LedgerAccountFactory.create(balance_minor=-500)

        assert (str(account), account.standing) == ("refunds_payable EUR", eur("5.00"))
        assert str(LedgerEntryFactory.build()) == "-10.00 EUR"
