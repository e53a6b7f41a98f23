from datetime import datetime

import pytest

from apps.payments import services
from apps.payments.dtos import Answer
from apps.payments.gateways.bank_transfer.models import BankTransferBatch, BankTransferPayout
from apps.payments.models import Payment
from apps.payments.services.payouts import BatchRequest
from apps.payments.tests import contract
from apps.payments.tests.contract import AT
from apps.payments.tests.factories import BankTransferPayoutFactory
from apps.users.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


class BankTransferCase:
    def promised(self) -> Payment:
        payment: BankTransferPayout = BankTransferPayoutFactory.create(to_account=True)
        payment.post_promised(AT)
        return payment

    def send(self, payment: Payment, at: datetime) -> None:
        assert isinstance(payment, BankTransferPayout)
        item = payment.current_item
        services.export_batch(item.batch if item else self._approved(payment), at)
        payment.refresh_from_db()

    def finish(self, payment: Payment, at: datetime) -> None:
        batch = BankTransferBatch.objects.get(items__payment=payment)
        services.settle_batch(batch, at)
        payment.refresh_from_db()

    def _approved(self, payment: Payment) -> BankTransferBatch:
        member = MembershipFactory.create(merchant=payment.merchant, role__owner=True)
        batch = services.open_batch(BatchRequest(payment.merchant, member.user), AT)
        services.approve_batch(batch, member.user, AT)
        return batch


class BankTransferContractTest(contract.GatewayContractTest):
    case = BankTransferCase()

    def test_its_batch_says_what_became_of_it(self) -> None:
        payment = self.case.promised()
        before = payment.ask().outcome
        self.case.send(payment, AT)
        between = payment.ask().outcome
        self.case.finish(payment, AT)

        assert (before, between) == ("absent", "in_transit")
        assert payment.ask() == Answer("succeeded", f"{payment.pk.hex}-1")
