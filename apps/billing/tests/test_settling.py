"""How invoices are paid, come back, are given up and dunned, with the books behind them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.billing import services
from apps.billing.dtos import Receipt
from apps.billing.mixins.settling import NotPayable, PaymentAboveDue, PaymentDiffers
from apps.billing.models import Invoice, InvoicePayment
from apps.billing.tests.factories import (
    IN_NOVEMBER,
    DirectDebitFactory,
    DraftFactory,
    InvoiceFactory,
)
from apps.core.money import Money
from apps.core.status import IllegalTransition
from apps.core.tests.faults import found
from apps.payments.modules.ledger import services as ledger
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def receipt(minor: int, reference: str = "tx-1") -> Receipt:
    return Receipt(amount=eur(minor), reference=reference)


def standing(invoice: Invoice) -> dict[str, int]:
    return {kind: sum_.minor for (kind, _), sum_ in ledger.balances(invoice.merchant).items()}


def on(day: int, month: int = 11) -> date:
    return date(2026, month, day)


class PaidTest:
    def test_whole(self, check_deferred: Callable[[], None]) -> None:
        invoice = InvoiceFactory.create()
        services.confirm_transfer(invoice, receipt(12100), IN_NOVEMBER)

        check_deferred()
        assert (invoice.status, invoice.paid_at, invoice.due) == ("paid", IN_NOVEMBER, eur(0))
        assert standing(invoice) == {
            "merchant_receivable": 0,
            "fees_revenue": 10000,
            "vat_payable": 2100,
            "platform_bank": 12100,
        }
        assert [each.kind for each in invoice.timeline] == [
            "invoice.issued",
            "invoice.payment_received",
            "invoice.paid",
        ]

    def test_in_parts(self, check_deferred: Callable[[], None]) -> None:
        invoice = InvoiceFactory.create()
        invoice.receive(receipt(100, "a"), IN_NOVEMBER)
        assert (invoice.status, invoice.due) == ("issued", eur(12000))
        invoice.receive(receipt(12000, "b"), IN_NOVEMBER)

        check_deferred()
        assert invoice.status == "paid"

    def test_the_same_reference_is_the_same_payment(self) -> None:
        invoice = InvoiceFactory.create()
        first = invoice.receive(receipt(12100), IN_NOVEMBER)

        assert invoice.receive(receipt(12100), IN_NOVEMBER) == first
        assert InvoicePayment.objects.count() == 1
        with pytest.raises(PaymentDiffers):
            invoice.receive(receipt(1), IN_NOVEMBER)

    @pytest.mark.parametrize("minor", [12101, 0, -1])
    def test_not_more_than_is_due_and_not_nothing(self, minor: int) -> None:
        with pytest.raises(PaymentAboveDue):
            InvoiceFactory.create().receive(receipt(minor), IN_NOVEMBER)

    def test_not_what_is_paid_or_a_draft(self) -> None:
        invoice = InvoiceFactory.create()
        invoice.receive(receipt(12100), IN_NOVEMBER)
        for each in (invoice, DraftFactory.create()):
            with pytest.raises(NotPayable):
                each.receive(receipt(1, "tx-2"), IN_NOVEMBER)

    def test_the_sum_of_the_payments_is_held_by_sql(
        self, check_deferred: Callable[[], None]
    ) -> None:
        invoice = InvoiceFactory.create()
        Invoice.objects.filter(pk=invoice.pk).update(paid_minor=1)
        with pytest.raises(IntegrityError, match="paid by its payments"):
            check_deferred()


class GivenUpTest:
    def test_by_one_person_below_the_limit(self) -> None:
        invoice = InvoiceFactory.create()
        invoice.dun(on(17), IN_NOVEMBER)
        by = UserFactory.create()

        assert invoice.give_up(by, "insolvent", IN_NOVEMBER)
        assert (invoice.status, invoice.write_off_reason) == ("uncollectible", "insolvent")
        assert standing(invoice)["bad_debts"] == 12100
        assert standing(invoice)["merchant_receivable"] == 0

    def test_by_two_above_it(self) -> None:
        """200.01 and more; asked twice by the same person it is still one."""
        invoice = InvoiceFactory.create(net_minor=20000, vat_minor=4200, total_minor=24200)
        invoice.dun(on(17), IN_NOVEMBER)
        one, other = UserFactory.create(), UserFactory.create()

        assert not invoice.give_up(one, "insolvent", IN_NOVEMBER)
        assert not invoice.give_up(one, "insolvent", IN_NOVEMBER)
        assert invoice.status == "overdue"
        assert invoice.give_up(other, "insolvent, checked", IN_NOVEMBER)
        assert (invoice.requested_by, invoice.approved_by) == (one, other)

    def test_not_before_it_is_overdue(self) -> None:
        with pytest.raises(IllegalTransition):
            InvoiceFactory.create().give_up(UserFactory.create(), "no", IN_NOVEMBER)

    def test_paid_after_all_and_given_up_again(self, check_deferred: Callable[[], None]) -> None:
        invoice = InvoiceFactory.create()
        invoice.dun(on(17), IN_NOVEMBER)
        by = UserFactory.create()
        invoice.give_up(by, "insolvent", IN_NOVEMBER)

        invoice.receive(receipt(2100), IN_NOVEMBER)
        assert (invoice.status, standing(invoice)["bad_debts"]) == ("overdue", 0)
        invoice.give_up(by, "the rest", IN_NOVEMBER)
        assert standing(invoice)["bad_debts"] == 10000
        invoice.receive(receipt(10000, "tx-2"), IN_NOVEMBER)

        check_deferred()
        assert invoice.status == "paid"
        assert standing(invoice) == {
            "merchant_receivable": 0,
            "fees_revenue": 10000,
            "vat_payable": 2100,
            "platform_bank": 12100,
            "bad_debts": 0,
        }


class DunningTest:
    def test_one_step_after_the_other(self) -> None:
        """Due on 16 November: overdue on the 17th, then after 3, 10, 20 and 30 days."""
        invoice = InvoiceFactory.create()
        steps = []
        for days in range(32):
            day = on(16) + timedelta(days=days)
            while invoice.dun(day, IN_NOVEMBER):
                steps.append((days, invoice.status, invoice.dunning))

        assert steps == [
            (1, "overdue", "none"),
            (3, "overdue", "reminder_1"),
            (10, "overdue", "reminder_2"),
            (20, "overdue", "final"),
            (30, "overdue", "suspended"),
        ]
        assert services.is_suspended(invoice.merchant)
        assert [
            each.payload["step"] for each in invoice.timeline.filter(kind="invoice.dunned")
        ] == ["reminder_1", "reminder_2", "final", "suspended"]

    def test_a_job_that_was_away_leaves_no_letter_out(self) -> None:
        invoice = InvoiceFactory.create()
        late = IN_NOVEMBER + timedelta(days=60)
        taken = [services.dun_invoices(late) for _ in range(6)]

        invoice.refresh_from_db()
        assert taken == [1, 1, 1, 1, 1, 0]
        assert invoice.dunning == "suspended"

    def test_paid_it_starts_anew(self) -> None:
        invoice = InvoiceFactory.create()
        for day in (17, 19):
            invoice.dun(on(day), IN_NOVEMBER)
        invoice.receive(receipt(12100), IN_NOVEMBER)

        assert invoice.dunning == "none"
        assert not services.is_suspended(invoice.merchant)
        assert not invoice.dun(on(30), IN_NOVEMBER)

    def test_not_while_the_bank_has_a_direct_debit(self) -> None:
        debit = DirectDebitFactory.create()
        late = IN_NOVEMBER + timedelta(days=60)

        assert services.dun_invoices(late) == 0
        services.refuse_debit(debit, "AM04", late)
        assert services.dun_invoices(late) == 1


class FrozenTest:
    @pytest.mark.parametrize(
        "change",
        [
            {"total_minor": 12200, "net_minor": 10100},
            {"code": "F2026-000009"},
            {"number": 9},
            {"issued_on": date(2026, 1, 1)},
            {"buyer": {}},
            {"currency": "USD"},
        ],
    )
    def test_an_issued_invoice_never_changes(self, change: dict[str, object]) -> None:
        invoice = InvoiceFactory.create()
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk).update(**change)

    def test_nor_is_it_deleted(self) -> None:
        invoice = InvoiceFactory.create()
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            invoice.lines.all().delete()
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk)._raw_delete("default")

    def test_nor_do_its_lines(self) -> None:
        invoice = InvoiceFactory.create()
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            invoice.lines.update(description="Other")

    def test_the_sum_of_the_lines_is_held_by_sql(self, check_deferred: Callable[[], None]) -> None:
        InvoiceFactory.create(total_minor=12200, vat_minor=2200, issued=False)
        with pytest.raises(IntegrityError, match="sum of its lines"):
            check_deferred()

    def test_a_gap_is_held_by_sql(self, check_deferred: Callable[[], None]) -> None:
        invoice = InvoiceFactory.create(issued=False)
        series = InvoiceFactory.create().series
        assert series is not None
        series.last_number = 6
        series.save()
        invoice.issue(IN_NOVEMBER.date(), IN_NOVEMBER)
        assert invoice.code == "F2026-000007"
        assert ("I-39", "F2026") in found()
        with pytest.raises(IntegrityError, match="number"):
            check_deferred()
