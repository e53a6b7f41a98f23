"""Credit notes of an import end in the books: refunded by the shop itself, and balanced."""

from pathlib import Path

import pytest

from apps.accounts.models import Store
from apps.accounts.tests.factories import StoreFactory
from apps.core.money import Money
from apps.orders.models import Return
from apps.orders.services.csv_import import OrdersCsvImport
from apps.orders.tests.csv_files import SAMPLE
from apps.payments import choices, services
from apps.payments.models import LedgerTransaction, Payment
from apps.payments.modules.ledger import services as ledger

CREDITED = {"536488", "536537", "536395", "536397", "536557", "536617", "537140", "537144"}
CREDITED |= {"536591"}


@pytest.mark.enable_signals
@pytest.mark.django_db(transaction=True)
class ImportedBooksTest:
    def check(self, store: Store, content: bytes, returns: int, back: str) -> None:
        for _ in range(2):
            OrdersCsvImport(store, content).run()
        total = Money.of(back, store.currency)
        balances = ledger.balances(store.merchant)
        accounts = choices.Ledger.Account

        assert Return.objects.count() == returns
        assert set(Payment.objects.values_list("status", "gateway")) == {("succeeded", "manual")}
        assert Money.total((each.amount for each in Payment.objects.all()), store.currency) == total
        assert balances[accounts.REFUNDS_GRANTED, store.currency] == total
        assert balances[accounts.EXTERNAL_SETTLEMENT, store.currency] == -total
        assert not balances[accounts.REFUNDS_PAYABLE, store.currency]
        # Promised and succeeded, once each.
        assert LedgerTransaction.objects.count() == 2 * returns
        assert services.reconcile() == []

    def test_the_sample(self) -> None:
        """8.50 + 7.50 + 22.00 + 39.96 + 14.95 + 15.12 + 18.90."""
        self.check(StoreFactory.create(), SAMPLE.read_bytes(), 7, "126.93")

    def test_the_real_invoices_that_were_credited(self, real_data: Path) -> None:
        """25.50 + 5.90 + 2.10 + 23.25 + 3.75 + 75.60 + 7.95 + 30.00 + 9.95."""
        file = real_data / "online-retail" / "online-retail-10k.csv"
        header, *lines = file.read_text("utf-8-sig").splitlines()
        taken = [each for each in lines if each.startswith("C") or each[:6] in CREDITED]
        store = StoreFactory.create(currency="GBP", time_zone="Europe/London")
        self.check(store, "\n".join((header, *taken)).encode(), 9, "184.00")
