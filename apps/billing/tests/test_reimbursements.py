"""What the platform owes a merchant for goods not returned: on the invoice, or to its bank."""

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import Merchant
from apps.billing import services, tasks
from apps.billing.dtos import CreditRequest
from apps.billing.mixins.crediting import SecondPersonNeeded
from apps.billing.models import Fee, Invoice, MerchantPayout
from apps.billing.models.payout import PayoutDiffers
from apps.billing.services.documents import sheet_of
from apps.billing.tests.factories import (
    IN_NOVEMBER,
    IN_OCTOBER,
    OCTOBER,
    BillingProfileFactory,
    FeeFactory,
    SubscriptionFactory,
)
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.core.tests import faults
from apps.events.models import Event
from apps.orders.models import Return
from apps.orders.modules.recoveries.tests.factories import RecoveryFactory
from apps.orders.tests.instant import instant, instant_order
from apps.orders.tests.journeys import ORIGINAL
from apps.payments import services as payments
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.postings import (
    MERCHANT_SHORT,
    RECOVERY_PAID_AFTER_ALL,
    move,
)
from apps.payments.tests.test_advances import ended, promised
from apps.users.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("check_deferred")]


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def customer(*, with_plan: bool = True) -> Merchant:
    """Its October costs 99.00 + 50.00, and 31.29 of VAT: 180.29."""
    merchant: Merchant = BillingProfileFactory.create().merchant
    if with_plan:
        SubscriptionFactory.create(merchant=merchant)
    return merchant


def owe(merchant: Merchant, minor: int) -> None:
    """In the books and as a fee, as the end of an advance leaves it."""
    source = ledger.Source(merchant.pk, "orders.advance", uuid7())
    ledger.post(source, "merchant_short", move(MERCHANT_SHORT, eur(minor)), IN_OCTOBER)
    FeeFactory.create(merchant=merchant, kind="reimbursed", amount_minor=-minor)


def take_back(merchant: Merchant, minor: int) -> None:
    source = ledger.Source(merchant.pk, "orders.recovery", uuid7())
    legs = (("disbursements", eur(minor)), ("shopper_receivable", eur(-minor)))
    ledger.post(source, "closed", legs, IN_OCTOBER)
    FeeFactory.create(merchant=merchant, kind="taken_back", amount_minor=minor)


def closed(merchant: Merchant) -> Invoice:
    (invoice,) = services.close_month(merchant, OCTOBER, IN_NOVEMBER)
    invoice.refresh_from_db()
    return invoice


def books(merchant: Merchant) -> dict[str, int]:
    standing = ledger.balances(merchant)
    return {account: amount.minor for (account, _), amount in standing.items() if amount}


def lines(invoice: Invoice) -> list[tuple[object, ...]]:
    columns = ("kind", "net_minor", "vat_rate", "vat_minor")
    return [(row[0], row[1], f"{row[2]}", row[3]) for row in invoice.lines.values_list(*columns)]


class InvoiceTest:
    def test_it_is_taken_off_outside_of_vat(self) -> None:
        """99.00 + 50.00 + 31.29 of VAT - 19.50 = 160.79."""
        merchant = customer()
        owe(merchant, 1950)

        invoice = closed(merchant)

        assert lines(invoice) == [
            ("plan", 9900, "21.00", 2079),
            ("top_up", 5000, "21.00", 1050),
            ("reimbursed", -1950, "0.00", 0),
        ]
        assert (invoice.net, invoice.vat, invoice.total) == (eur(12950), eur(3129), eur(16079))
        assert [note[:14] for note in invoice.notes] == ["Reimbursements"]
        assert books(merchant) == {
            "merchant_receivable": 16079,
            "fees_revenue": 14900,
            "vat_payable": 3129,
            "shopper_receivable": 1950,
        }
        assert faults.found() == []

    def test_what_is_taken_back_at_once_leaves_nothing(self) -> None:
        merchant = customer(with_plan=False)
        owe(merchant, 3000)
        take_back(merchant, 3000)

        invoice = closed(merchant)

        assert (invoice.total, invoice.status) == (eur(0), "paid")
        assert books(merchant) == {}
        assert faults.found() == []

    def test_taken_back_later_it_is_asked_for(self) -> None:
        merchant = customer()
        owe(merchant, 3000)
        closed(merchant)
        take_back(merchant, 3000)

        # 180.29 - 30.00 in October; the 30.00 wait for November.
        assert books(merchant)["merchant_receivable"] == 15029
        assert books(merchant)["disbursements"] == 3000
        assert faults.found() == []


class PayoutTest:
    @pytest.fixture
    def payout(self) -> MerchantPayout:
        """0.30 and 0.06 of VAT against 19.50: 19.14 is left."""
        merchant = customer(with_plan=False)
        FeeFactory.create(merchant=merchant)
        owe(merchant, 1950)
        closed(merchant)
        return MerchantPayout.objects.get()

    def test_what_is_left_is_owed_as_a_transfer(self, payout: MerchantPayout) -> None:
        invoice = payout.invoice
        assert lines(invoice) == [
            ("request", 30, "21.00", 6),
            ("reimbursed", -1950, "0.00", 0),
            ("paid_out", 1914, "0.00", 0),
        ]
        assert (invoice.total, invoice.status, payout.amount) == (eur(0), "paid", eur(1914))
        assert sheet_of(invoice).terms == (
            "Nothing is to be paid.",
            "19.14 EUR will be transferred to you.",
        )
        assert books(payout.merchant)["merchant_payable"] == 1914
        assert faults.found() == []

    def test_transferred_the_account_is_empty(self, payout: MerchantPayout) -> None:
        by = UserFactory.create()
        for _ in range(2):
            services.confirm_payout(payout, "bank-77", by, IN_NOVEMBER)

        assert books(payout.merchant) == {
            "fees_revenue": 30,
            "vat_payable": 6,
            "shopper_receivable": 1950,
            "platform_bank": -1914,
        }
        assert (payout.status, payout.paid_by, payout.paid_at) == ("paid", by, IN_NOVEMBER)
        assert faults.found() == []
        with pytest.raises(PayoutDiffers):
            services.confirm_payout(payout, "bank-78", by, IN_NOVEMBER)

    def test_a_large_one_has_two_persons(self) -> None:
        merchant = customer(with_plan=False)
        owe(merchant, 25000)
        closed(merchant)
        payout = MerchantPayout.objects.get()
        first, second = UserFactory.create_batch(2)
        with pytest.raises(SecondPersonNeeded):
            services.confirm_payout(payout, "bank-1", first, IN_NOVEMBER)
        services.approve_payout(payout, first)
        services.approve_payout(payout, second)
        assert payout.approved_by == first
        with pytest.raises(SecondPersonNeeded):
            services.confirm_payout(payout, "bank-1", first, IN_NOVEMBER)
        services.confirm_payout(payout, "bank-1", second, IN_NOVEMBER)

        assert payout.status == "paid"
        kinds = [event.kind for event in payout.timeline.order_by("sequence")]
        assert kinds == [
            "merchant_payout.owed",
            "merchant_payout.approved",
            "merchant_payout.paid",
        ]

    def test_what_was_paid_is_frozen(self, payout: MerchantPayout) -> None:
        services.confirm_payout(payout, "bank-77", UserFactory.create(), IN_NOVEMBER)
        with pytest.raises(IntegrityError), transaction.atomic():
            MerchantPayout.objects.update(amount_minor=1)


class CreditNoteTest:
    def test_what_was_owed_is_owed_again(self) -> None:
        """160.79 goes back whole: of it 19.50 were the merchant's own."""
        merchant = customer()
        owe(merchant, 1950)
        invoice = closed(merchant)

        note = services.credit_invoice(
            CreditRequest(invoice=invoice, reason="Wrong plan", by=UserFactory.create()),
            IN_NOVEMBER,
        )

        assert note.total == eur(16079)
        again = Fee.objects.get(kind="reimbursed", invoice=None)
        assert (again.amount, again.subject_id) == (eur(-1950), note.pk)
        assert books(merchant) == {"shopper_receivable": 1950, "merchant_payable": 1950}
        assert faults.found() == []


class EarsTest:
    def test_from_the_missing_unit_to_the_fee_and_back(self) -> None:
        """Lines of 40.00 and 30.00 by the merchant's own money; the 30.00 are not accepted."""
        ret: Return = instant(instant_order(), by=ORIGINAL)
        promised(ret)
        ended(ret, "accepted", "rejected")
        for _ in range(2):
            tasks.charge_advance(_event(ret.merchant, ret.pk))
        fee = Fee.objects.get()
        assert (fee.kind, fee.amount, fee.vat_class) == ("reimbursed", eur(-3000), "outside")

        recovery = RecoveryFactory.create(ret=ret, collecting=True)
        payments.post_closed(recovery.pk, eur(0), IN_OCTOBER)
        tasks.charge_closed_recovery(_event(ret.merchant, recovery.pk))
        back = Fee.objects.exclude(pk=fee.pk).get()
        assert (back.kind, back.amount) == ("taken_back", eur(3000))


class FoundTest:
    def test_an_invoice_that_the_books_know_otherwise(self) -> None:
        merchant = customer()
        owe(merchant, 1950)
        invoice = closed(merchant)
        faults.write(
            "UPDATE billing_invoiceline SET net_minor = net_minor - 1 WHERE kind = 'reimbursed'"
        )
        assert ("I-39", str(invoice.pk)) in faults.found()

    def test_a_debt_that_nothing_pays(self) -> None:
        merchant = customer()
        source = ledger.Source(merchant.pk, "orders.advance", uuid7())
        posted = ledger.post(source, "merchant_short", move(MERCHANT_SHORT, eur(5)), IN_OCTOBER)
        account = posted.entries.get(account__kind="merchant_payable").account_id
        assert faults.found() == [("I-21", str(account))]

        ledger.post(
            ledger.Source(merchant.pk, "orders.recovery", uuid7()),
            "paid",
            move(RECOVERY_PAID_AFTER_ALL, eur(1)),
            IN_OCTOBER,
        )
        FeeFactory.create(merchant=merchant, kind="reimbursed", amount_minor=-5)
        assert faults.found() == []


def _event(merchant: Merchant, subject: UUID) -> Event:
    return Event(merchant_id=merchant.pk, subject_id=subject, at=IN_OCTOBER)
