"""Which transfers a batch still answers for."""

import pytest

from apps.core import clock
from apps.payments import choices, services
from apps.payments.gateways.bank_transfer.models import BankTransferBatch, TransferInBatch
from apps.payments.services.payouts import BatchRequest
from apps.payments.tests.factories import BankTransferPayoutFactory
from apps.users.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
Status = choices.Payment.Status


class BatchMembersTest:
    def test_an_older_batch_does_not_settle_the_next_try(self) -> None:
        payout = BankTransferPayoutFactory.create(to_account=True)
        payout.post_promised(AT)
        by = MembershipFactory.create(merchant=payout.merchant, role__owner=True).user
        batches: list[BankTransferBatch] = []
        for _ in range(2):
            batch = services.open_batch(BatchRequest(payout.merchant, by), AT)
            services.approve_batch(batch, by, AT)
            services.export_batch(batch, AT)
            batches.append(batch)
            payout.refresh_from_db()
            if len(batches) == 1:
                services.reject_transfer(payout, "AC04", AT)
                services.retry_payment(payout.pk, AT)

        services.settle_batch(batches[0], AT)
        payout.refresh_from_db()
        assert payout.status == Status.PROCESSING

        services.settle_batch(batches[1], AT)
        payout.refresh_from_db()
        assert (payout.status, payout.provider_ref) == (Status.SUCCEEDED, f"{payout.pk.hex}-2")

    def test_a_transfer_in_a_batch_is_not_cancelled(self) -> None:
        payout = BankTransferPayoutFactory.create(to_account=True)
        by = MembershipFactory.create(merchant=payout.merchant, role__owner=True).user
        batch = services.open_batch(BatchRequest(payout.merchant, by), AT)

        with pytest.raises(TransferInBatch) as refused:
            services.cancel_payment(payout.pk, "Paid in the shop", AT)

        assert refused.value.details == {"payment": str(payout.pk), "batch": str(batch.pk)}
        payout.refresh_from_db()
        assert payout.status == Status.PENDING

        batch.cancel(AT)
        assert services.cancel_payment(payout.pk, "Paid in the shop", AT).status == Status.CANCELLED
