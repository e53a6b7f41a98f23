from datetime import timedelta

import pytest

from apps.core import clock
from apps.payments import choices
from apps.payments.gateways.bank_transfer.models import BankTransferPayout
from apps.payments.services import forget_bank_accounts
from apps.payments.tasks import forget_bank_accounts as forget_daily
from apps.payments.tests.factories import BankFileFactory, BankTransferItemFactory

Status = choices.Payment.Status


@pytest.mark.django_db
class ForgettingTest:
    def test_accounts_of_old_transfers_go_and_the_rest_stays(self) -> None:
        now = clock.now()
        items = {
            status: BankTransferItemFactory.create(
                payment__to_account=True,
                payment__status=status,
                payment__settled_at=now,
                payment__provider_ref=f"ref-{status}",
            )
            for status in (Status.SUCCEEDED, Status.RETURNED, Status.PROCESSING)
        }

        told = BankFileFactory.create(read_at=now)

        def kept() -> dict[str, bool]:
            rows = {name: each.payment.pk for name, each in items.items()}
            return {
                name: BankTransferPayout.objects.get(pk=pk).account is not None
                for name, pk in rows.items()
            }

        assert forget_bank_accounts(now + timedelta(days=399)) == 0
        assert all(kept().values())
        with clock.moved(timedelta(days=401)):
            assert forget_daily() == 3
            assert forget_daily() is None
        assert kept() == {Status.SUCCEEDED: False, Status.RETURNED: False, Status.PROCESSING: True}
        told.refresh_from_db()
        assert (told.file, bool(told.file_hash), told.entries.count()) == (None, True, 1)
        paid = BankTransferPayout.objects.get(pk=items[Status.SUCCEEDED].payment.pk)
        assert (paid.amount_minor, paid.last_four, bool(paid.destination_hash)) == (6000, "", True)
