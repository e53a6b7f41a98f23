"""Each query finds the fault planted for it, and nothing in sound books."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.core import clock
from apps.core.tests.faults import drop, write
from apps.orders.models import Order, OrderTender
from apps.orders.tests.factories import OrderFactory, ReturnFactory
from apps.payments import choices, services
from apps.payments.helpers import working_days_before
from apps.payments.models import LedgerAccount, Payment
from apps.payments.modules.ledger import postings
from apps.payments.modules.ledger import services as ledger
from apps.payments.tests.factories import (
    AcceptedReturnFactory,
    BankTransferPayoutFactory,
    LedgerTransactionFactory,
    ManualRefundFactory,
    ShopCreditRefundFactory,
    StoreCreditMovementFactory,
)

pytestmark = pytest.mark.django_db
AT = clock.now()
Status = choices.Payment.Status


def found(invariant: str) -> list[str]:
    return [each.subject for each in services.reconcile() if each.invariant == invariant]


class SoundBooksTest:
    def test_nothing_is_found_and_the_command_says_so(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")
        services.refund_return(ret.pk, AT)
        out = StringIO()

        call_command("reconcile", stdout=out)

        assert out.getvalue() == "The books agree.\n"


class FaultTest:
    def test_credit_that_the_shop_took_back_of_an_open_return(self) -> None:
        """An hour ago; nobody closed the return or gave it again."""
        ret = ReturnFactory.create()
        taken, just_now = (
            ShopCreditRefundFactory.create(
                order=ret.order,
                ret=ret,
                purpose=purpose,
                voided_at=clock.now() - timedelta(minutes=minutes),
                status=Status.SUCCEEDED,
                provider_ref=purpose,
            )
            for purpose, minutes in (("refund", 61), ("adjustment", 59))
        )

        assert str(taken.pk) in found("I-38")
        assert str(just_now.pk) not in found("I-38")

    def test_command_prints_findings_and_fails(self) -> None:
        payment = ManualRefundFactory.create(status=Status.SUCCEEDED, provider_ref="re_1")
        out = StringIO()

        with pytest.raises(CommandError) as failure:
            call_command("reconcile", stdout=out)

        assert failure.value.returncode == 1
        assert f"I-19 payment and books disagree: {payment.pk}" in out.getvalue()

    def test_line_above_what_was_paid(self) -> None:
        line = OrderFactory.create().lines.all()[0]
        drop("orders_lineitem", "orders_line_refund_cap")
        type(line).objects.filter(pk=line.pk).update(refunded_minor=line.paid_minor + 1)

        assert found("I-08") == [str(line.pk)]

    def test_payment_that_was_not_counted(self) -> None:
        payment = ManualRefundFactory.create()
        counted = ManualRefundFactory.create()
        Order.objects.filter(pk=counted.order_id).update(refunded_minor=6000)

        assert found("I-09") == [str(payment.order_id)]

    def test_tender_that_was_not_counted(self) -> None:
        order = OrderFactory.create()
        tender = OrderTender.objects.get(order=order)
        ManualRefundFactory.create(order=order, tender=tender)

        assert found("I-12") == [str(tender.pk)]

    def test_success_without_reference(self) -> None:
        payment = ManualRefundFactory.create()
        drop("payments_payment", "payments_payment_paid_has_ref")
        Payment.objects.filter(pk=payment.pk).update(status=Status.PROCESSING)
        Payment.objects.filter(pk=payment.pk).update(status=Status.SUCCEEDED)

        assert found("I-15") == [str(payment.pk)]

    def test_trigger_that_is_off(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE payments_ledgerentry DISABLE TRIGGER payments_ledgerentry_fixed_rows"
            )

        assert found("I-17") == ["payments_ledgerentry_fixed_rows"]

    def test_transaction_that_does_not_balance(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "DROP TRIGGER payments_ledgertransaction_sides ON payments_ledgertransaction"
            )
        lame = LedgerTransactionFactory.create()

        assert found("I-18") == [str(lame.pk)]

    def test_posting_without_payment_step(self) -> None:
        payment = ManualRefundFactory.create()
        payment.post_promised(AT)
        payment.post_succeeded(AT)

        assert found("I-19") == [str(payment.pk)]

    def test_balance_that_is_not_its_entries(self) -> None:
        payment = ManualRefundFactory.create()
        payment.post_promised(AT)
        account = LedgerAccount.objects.get(kind="refunds_granted")
        LedgerAccount.objects.filter(pk=account.pk).update(balance_minor=5999)

        assert found("I-20") == [str(account.pk)]

    def test_liability_below_zero(self) -> None:
        payment = ManualRefundFactory.create()
        drop("payments_ledgeraccount", "payments_ledgeraccount_floor")
        legs = postings.move(postings.SUCCEEDED["manual"], payment.amount)
        ledger.post(payment.source, "early", legs, AT)

        account = LedgerAccount.objects.get(kind="refunds_payable")
        assert found("I-21") == [str(account.pk)]

    def test_credit_that_is_not_its_movements(self) -> None:
        movement = StoreCreditMovementFactory.create(amount_minor=5999)

        assert found("I-22") == [str(movement.account_id)]

    def test_bonus_paid_as_cash(self) -> None:
        purpose = choices.Payment.Purpose.ADJUSTMENT
        payment = BankTransferPayoutFactory.create(purpose=purpose)

        assert found("I-22") == [str(payment.pk)]

    def test_return_without_reversal(self) -> None:
        payment = BankTransferPayoutFactory.create(status=Status.RETURNED, provider_ref="x")

        assert found("I-23") == [str(payment.pk)]

    @pytest.mark.parametrize(("minutes", "is_found"), [(-1, False), (1, True)])
    def test_transfer_that_does_not_arrive(self, minutes: int, is_found: bool) -> None:
        sent_at = working_days_before(clock.now(), 5) - timedelta(minutes=minutes)
        payout = BankTransferPayoutFactory.create(to_account=True)
        payout.post_promised(sent_at)
        payout.post_sent(sent_at)

        assert found("I-32") == [str(payout.pk)] * is_found
        payout.post_succeeded(clock.now())
        assert found("I-32") == []

    def test_cancelled_return_that_was_paid(self) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")
        (payment,) = services.refund_return(ret.pk, AT)
        assert found("I-38") == []

        write("UPDATE orders_return SET status = 'cancelled' WHERE id = %s", [ret.pk])

        credit = ret.store_credits.get()
        assert found("I-38") == [str(credit.pk), str(payment.pk)]


class WorkingDaysTest:
    @pytest.mark.parametrize(
        ("day", "days", "expected"),
        [
            # 2026-03-09 is a Monday.
            (datetime(2026, 3, 9, 10, tzinfo=UTC), 1, datetime(2026, 3, 6, 10, tzinfo=UTC)),
            (datetime(2026, 3, 9, 10, tzinfo=UTC), 5, datetime(2026, 3, 2, 10, tzinfo=UTC)),
            (datetime(2026, 3, 13, 10, tzinfo=UTC), 4, datetime(2026, 3, 9, 10, tzinfo=UTC)),
            (datetime(2026, 3, 14, 10, tzinfo=UTC), 5, datetime(2026, 3, 9, tzinfo=UTC)),
            (datetime(2026, 3, 15, 23, tzinfo=UTC), 5, datetime(2026, 3, 9, tzinfo=UTC)),
        ],
    )
    def test_counts_back(self, day: datetime, days: int, expected: datetime) -> None:
        assert working_days_before(day, days) == expected
