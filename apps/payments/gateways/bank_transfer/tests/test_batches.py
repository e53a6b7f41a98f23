"""A payout from the shopper's account to the bank's word, and every step out of order."""

import hashlib

import pytest
from django.db import IntegrityError, transaction

from apps.core import clock
from apps.core.status import IllegalTransition
from apps.orders.models import Return
from apps.payments import choices, services
from apps.payments.gateways.bank_transfer.accounts import account_hash, check_account
from apps.payments.gateways.bank_transfer.batch import NotApprover, SecondApproverNeeded
from apps.payments.gateways.bank_transfer.filing import MerchantHasNoAccount
from apps.payments.gateways.bank_transfer.models import (
    BankTransferBatch,
    BankTransferPayout,
    PayoutDestination,
)
from apps.payments.models import Payment
from apps.payments.modules.ledger import services as ledger
from apps.payments.services.payouts import (
    BatchRequest,
    DestinationFixed,
    DestinationMismatch,
    NotByBankTransfer,
    NothingToTransfer,
)
from apps.payments.tests.factories import (
    ACCOUNT,
    IBAN,
    OTHER_IBAN,
    AcceptedReturnFactory,
    BankTransferBatchFactory,
    BankTransferItemFactory,
    BankTransferPayoutFactory,
    PayoutDestinationFactory,
)
from apps.users.models import User
from apps.users.tests.factories import MembershipFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = clock.now()
Status, Batch = choices.Payment.Status, choices.BankTransferBatch.Status


def approver(ret: Return) -> User:
    member = MembershipFactory.create(merchant=ret.merchant, role__may_approve_payouts=True)
    return member.user


def promised(amount_minor: int = 10000) -> tuple[Return, BankTransferPayout]:
    """A return whose payout has an account."""
    ret = AcceptedReturnFactory.create(
        refund_method="bank_transfer",
        order__lines=[{"unit_price_minor": amount_minor}],
    )
    services.set_payout_account(ret, IBAN, "Ana López", AT)
    (payment,) = services.refund_return(ret.pk, AT)
    assert isinstance(payment, BankTransferPayout)
    return ret, payment


def exported() -> tuple[Return, BankTransferPayout, BankTransferBatch]:
    ret, payout = promised()
    by = approver(ret)
    batch = services.open_batch(BatchRequest(ret.merchant, by), AT)
    services.approve_batch(batch, by, AT)
    services.export_batch(batch, AT)
    payout.refresh_from_db()
    return ret, payout, batch


def standing(ret: Return) -> dict[str, str]:
    found = ledger.balances(ret.merchant)
    return {kind: f"{money.amount:f}" for (kind, _), money in found.items() if money}


class SetPayoutAccountTest:
    def test_is_kept_sealed_and_told_by_its_last_four(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="bank_transfer")

        destination = services.set_payout_account(ret, IBAN, "Ana López", AT)

        assert (destination.last_four, destination.country) == ("1332", "ES")
        event = ret.timeline.get()
        assert event.payload == {"last_four": "1332", "country": "ES"}
        assert IBAN not in str(event.payload)

    def test_reaches_a_payout_that_waits_for_it(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="bank_transfer")
        (payment,) = services.refund_return(ret.pk, AT)
        assert payment.destination_hash == ""

        services.set_payout_account(ret, IBAN, "Ana López", AT)

        payout = BankTransferPayout.objects.get(pk=payment.pk)
        assert payout.destination() == check_account(IBAN, "Ana López")

    def test_may_change_until_it_is_in_a_batch(self) -> None:
        ret, payout = promised()

        services.set_payout_account(ret, OTHER_IBAN, "Ana López", AT)

        payout.refresh_from_db()
        assert payout.last_four == "3000"
        assert PayoutDestination.objects.get(ret=ret).last_four == "3000"

    def test_is_fixed_in_a_batch_and_after_it_was_sent(self) -> None:
        ret, payout = promised()
        batch = services.open_batch(BatchRequest(ret.merchant, approver(ret)), AT)
        with pytest.raises(DestinationFixed):
            services.set_payout_account(ret, OTHER_IBAN, "Eva", AT)
        services.approve_batch(batch, approver(ret), AT)
        services.export_batch(batch, AT)

        with pytest.raises(DestinationFixed):
            services.set_payout_account(ret, OTHER_IBAN, "Eva", AT)

        payout.refresh_from_db()
        assert payout.destination().iban == IBAN

    def test_the_database_refuses_it_too(self) -> None:
        _, payout, _ = exported()
        payout.pay_to(check_account(OTHER_IBAN, "Eva"))

        with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic():
            payout.save()

        with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic():
            Payment.objects.filter(pk=payout.pk).update(idempotency_key="another")
        assert Payment.objects.get(pk=payout.pk).destination_hash == payout_hash(IBAN)

    def test_is_only_for_returns_paid_by_transfer(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")

        with pytest.raises(NotByBankTransfer):
            services.set_payout_account(ret, IBAN, "Ana", AT)

        assert not PayoutDestination.objects.exists()

    def test_failed_transfer_is_tried_again_to_the_new_account(self) -> None:
        ret, payout, _ = exported()
        services.reject_transfer(payout, "AC04", AT)
        services.set_payout_account(ret, OTHER_IBAN, "Ana López", AT)

        services.retry_payment(payout.pk, AT)

        payout.refresh_from_db()
        assert (payout.last_four, payout.generation) == ("3000", 2)
        batch = services.open_batch(BatchRequest(ret.merchant, approver(ret)), AT)
        assert batch.items.get().end_to_end_id == f"{payout.pk.hex}-2"


class BatchTest:
    def test_whole_life_leaves_no_debt(self) -> None:
        ret, payout, batch = exported()
        assert payout.status == Status.PROCESSING
        assert standing(ret) == {"refunds_granted": "100.00", "bank_in_transit": "-100.00"}

        services.settle_batch(batch, AT)

        payout.refresh_from_db()
        assert (payout.status, payout.provider_ref) == (Status.SUCCEEDED, f"{payout.pk.hex}-1")
        assert standing(ret) == {"refunds_granted": "100.00", "bank": "-100.00"}
        assert services.reconcile() == []

    def test_second_export_is_the_same_file_and_sends_nothing(self) -> None:
        ret, payout, batch = exported()
        before = standing(ret)

        first = services.export_batch(batch, AT)
        services.settle_batch(batch, AT)
        second = services.export_batch(batch, clock.now())

        assert first == second
        assert hashlib.sha256(first).hexdigest() == batch.file_hash
        payout.refresh_from_db()
        assert payout.attempts == 1
        assert before["bank_in_transit"] == "-100.00"

    def test_rejected_transfer_opens_the_debt_again(self) -> None:
        ret, payout, batch = exported()

        services.reject_transfer(payout, "AC04", AT)
        services.settle_batch(batch, AT)

        payout.refresh_from_db()
        assert (payout.status, payout.failure_code) == (Status.FAILED, "AC04")
        assert standing(ret) == {"refunds_granted": "100.00", "refunds_payable": "100.00"}
        assert services.reconcile() == []

    def test_returned_money_is_reversed_and_paid_another_way(self) -> None:
        ret, payout, batch = exported()
        services.settle_batch(batch, AT)
        payout.refresh_from_db()

        services.return_transfer(payout, "AC01", AT)

        assert standing(ret) == {"refunds_granted": "100.00", "refunds_payable": "100.00"}
        credit = services.pay_another_way(payout.pk, "store_credit", AT)
        services.send_payment(credit.pk, AT)
        assert standing(ret) == {"refunds_granted": "100.00", "store_credit_liability": "100.00"}
        assert services.reconcile() == []

    def test_draft_takes_what_waits_with_an_account(self) -> None:
        ret, payout = promised()
        BankTransferPayoutFactory.create(merchant=ret.merchant, order=ret.order)
        BankTransferPayoutFactory.create(to_account=True)

        batch = services.open_batch(BatchRequest(ret.merchant, approver(ret)), AT)

        assert [item.payment_id for item in batch.items.all()] == [payout.pk]
        assert (batch.total_minor, batch.transfers_count) == (10000, 1)
        with pytest.raises(NothingToTransfer):
            services.open_batch(BatchRequest(ret.merchant, approver(ret)), AT)

    def test_draft_takes_only_what_was_chosen(self) -> None:
        ret, _ = promised()

        with pytest.raises(NothingToTransfer):
            services.open_batch(BatchRequest(ret.merchant, approver(ret), ()), AT)

        assert not BankTransferBatch.objects.exists()

    def test_merchant_needs_an_account_to_pay_from(self) -> None:
        ret, _ = promised()
        ret.merchant.iban = ""

        with pytest.raises(MerchantHasNoAccount):
            services.open_batch(BatchRequest(ret.merchant, approver(ret)), AT)

        assert not BankTransferBatch.objects.exists()

    def test_cancelled_batch_frees_its_payouts(self) -> None:
        ret, payout = promised()
        by = approver(ret)
        batch = services.open_batch(BatchRequest(ret.merchant, by), AT)

        batch.cancel(AT)

        again = services.open_batch(BatchRequest(ret.merchant, by), AT)
        assert again.items.get().payment_id == payout.pk
        with pytest.raises(IllegalTransition):
            services.export_batch(batch, AT)

    def test_nothing_leaves_before_approval(self) -> None:
        ret, payout = promised()
        batch = services.open_batch(BatchRequest(ret.merchant, approver(ret)), AT)

        with pytest.raises(IllegalTransition):
            services.export_batch(batch, AT)

        payout.refresh_from_db()
        assert (payout.status, payout.submit(AT)) == (Status.PENDING, False)

    def test_swapped_account_is_not_paid(self) -> None:
        ret, payout = promised()
        by = approver(ret)
        batch = services.open_batch(BatchRequest(ret.merchant, by), AT)
        services.approve_batch(batch, by, AT)
        Payment.objects.filter(pk=payout.pk).update(destination_hash="0" * 64)

        with pytest.raises(DestinationMismatch):
            services.export_batch(batch, AT)

        batch.refresh_from_db()
        assert batch.status == Batch.APPROVED

    def test_settling_twice_changes_nothing(self) -> None:
        *_, batch = exported()
        services.settle_batch(batch, AT)
        told = batch.timeline.count()

        services.settle_batch(batch, AT)

        assert batch.timeline.count() == told


class ApprovalTest:
    @pytest.mark.parametrize("role", [{"role__owner": True}, {"role__may_approve_payouts": True}])
    def test_by_a_role_that_approves(self, role: dict[str, bool]) -> None:
        item = BankTransferItemFactory.create()
        member = MembershipFactory.create(merchant=item.merchant, **role)

        services.approve_batch(item.batch, member.user, AT)

        assert item.batch.status == Batch.APPROVED

    def test_not_by_others(self) -> None:
        batch = BankTransferItemFactory.create().batch
        right = RoleFactory.create(merchant=batch.merchant, may_approve_payouts=True)
        others = [
            MembershipFactory.create(merchant=batch.merchant).user,
            MembershipFactory.create(role=right, merchant=batch.merchant, is_active=False).user,
            MembershipFactory.create(role__may_approve_payouts=True).user,
            MembershipFactory.create(
                role=right, merchant=batch.merchant, user__is_active=False
            ).user,
            UserFactory.create(is_staff=True),
        ]

        for user in others:
            with pytest.raises(NotApprover):
                services.approve_batch(batch, user, AT)

        batch.refresh_from_db()
        assert batch.status == Batch.DRAFT

    @pytest.mark.parametrize(("minor", "second"), [(20000, False), (20001, True)])
    def test_second_person_above_two_hundred(self, minor: int, second: bool) -> None:
        ret, _ = promised(minor)

        batch = services.open_batch(BatchRequest(ret.merchant, approver(ret)), AT)

        assert batch.needs_second_person is second

    def test_one_person_does_not_do_both(self) -> None:
        ret, _ = promised(20001)
        by = approver(ret)
        batch = services.open_batch(BatchRequest(ret.merchant, by), AT)
        with pytest.raises(SecondApproverNeeded):
            services.approve_batch(batch, by, AT)

        second = MembershipFactory.create(merchant=ret.merchant, role__owner=True).user
        services.approve_batch(batch, second, AT)

        assert batch.approved_by == second

    def test_the_database_holds_both_rules(self) -> None:
        batch = BankTransferBatchFactory.create(needs_second_person=True)
        rows = BankTransferBatch.objects.filter(pk=batch.pk)

        with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic():
            rows.update(approved_by=batch.requested_by)
        with pytest.raises(IntegrityError, match="batch_approved"), transaction.atomic():
            rows.update(status=Batch.APPROVED)

        assert rows.get().status == Batch.DRAFT


class DestinationTest:
    def test_belongs_to_its_return(self) -> None:
        destination = PayoutDestinationFactory.create()

        assert str(destination) == "ES account ending in 1332"
        assert destination.account_hash == account_hash(ACCOUNT)


def payout_hash(iban: str) -> str:
    return account_hash(check_account(iban, "Ana López"))
