"""Credit notes take back what was billed, to the cent, however many there are."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from apps.billing import services
from apps.billing.dtos import CreditRequest, Receipt
from apps.billing.mixins.crediting import CreditAboveInvoice, SecondPersonNeeded
from apps.billing.models import Invoice
from apps.billing.services.crediting import NotCreditable
from apps.billing.tests.factories import (
    IN_NOVEMBER,
    DraftFactory,
    InvoiceFactory,
    InvoiceLineFactory,
)
from apps.core.money import Money
from apps.payments.modules.ledger import services as ledger
from apps.users.models import User
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def staff() -> User:
    made: User = UserFactory.create()
    return made


def credit(invoice: Invoice, by: User, amounts: dict[int, int] | None = None) -> Invoice:
    wanted = None if amounts is None else {place: eur(minor) for place, minor in amounts.items()}
    request = CreditRequest(invoice=invoice, reason="billed twice", by=by, amounts=wanted)
    return services.credit_invoice(request, IN_NOVEMBER)


def standing(invoice: Invoice) -> dict[str, int]:
    return {kind: sum_.minor for (kind, _), sum_ in ledger.balances(invoice.merchant).items()}


class WholeTest:
    def test_of_what_is_unpaid_is_set_off(
        self, staff: User, check_deferred: Callable[[], None]
    ) -> None:
        invoice = InvoiceFactory.create()
        note = credit(invoice, staff)

        check_deferred()
        assert (note.code, note.kind, note.status) == ("R2026-000001", "credit_note", "paid")
        assert (note.net, note.vat, note.total, note.due) == (
            eur(10000),
            eur(2100),
            eur(12100),
            eur(0),
        )
        assert (note.original, note.reason) == (invoice, "billed twice")
        invoice.refresh_from_db()
        assert (invoice.status, invoice.due) == ("credited", eur(0))
        assert set(standing(invoice).values()) == {0}

    def test_of_what_was_paid_is_paid_out(
        self, staff: User, check_deferred: Callable[[], None]
    ) -> None:
        invoice = InvoiceFactory.create()
        invoice.receive(Receipt(amount=eur(12100), reference="tx-1"), IN_NOVEMBER)
        note = credit(invoice, staff)
        assert (note.status, note.due) == ("issued", eur(12100))
        assert standing(invoice)["merchant_receivable"] == -12100

        note.receive(Receipt(amount=eur(12100), reference="out-1", by=staff), IN_NOVEMBER)

        check_deferred()
        invoice.refresh_from_db()
        assert (note.status, invoice.status) == ("paid", "credited")
        assert set(standing(invoice).values()) == {0}
        assert note.timeline.filter(kind="credit_note.refunded").exists()


class PartTest:
    def test_all_parts_take_back_the_very_vat(
        self, staff: User, check_deferred: Callable[[], None]
    ) -> None:
        """Three of 0.33 of 1.00: VAT 0.07 + 0.07 + 0.07 would leave no cent for the last 0.01.

        0.21 in all: 0.07 of 0.33, 0.14 - 0.07 of 0.66, 0.21 - 0.14 of 0.99, 0.21 - 0.21 of 1.00.
        """
        invoice = InvoiceFactory.create(net_minor=100, vat_minor=21, total_minor=121)
        notes = [credit(invoice, staff, {1: minor}) for minor in (33, 33, 33, 1)]

        check_deferred()
        assert [note.vat for note in notes] == [eur(7), eur(7), eur(7), eur(0)]
        invoice.refresh_from_db()
        assert (invoice.status, invoice.credited) == ("credited", eur(121))

    def test_odd_cents(self, staff: User, check_deferred: Callable[[], None]) -> None:
        """0.12 + 0.12 of 0.24: each alone has VAT of 0.0252, 0.03; both have 0.0504, 0.05."""
        invoice = InvoiceFactory.create(net_minor=24, vat_minor=5, total_minor=29)
        notes = [credit(invoice, staff, {1: 12}) for _ in range(2)]

        check_deferred()
        assert [note.vat for note in notes] == [eur(3), eur(2)]

    def test_paid_in_part_and_credited_in_part(self, staff: User) -> None:
        invoice = InvoiceFactory.create()
        invoice.receive(Receipt(amount=eur(6050), reference="tx-1"), IN_NOVEMBER)
        note = credit(invoice, staff, {1: 5000})

        invoice.refresh_from_db()
        assert (note.total, note.status, invoice.status) == (eur(6050), "paid", "paid")

    @pytest.mark.parametrize("amounts", [{1: 10001}, {1: -1}, {2: 1}, {1: 0}, {}])
    def test_no_more_than_a_line_has_and_not_nothing(
        self, staff: User, amounts: dict[int, int]
    ) -> None:
        with pytest.raises(NotCreditable):
            credit(InvoiceFactory.create(), staff, amounts)

    def test_no_other_currency(self, staff: User) -> None:
        request = CreditRequest(
            invoice=InvoiceFactory.create(), reason="x", by=staff, amounts={1: Money(1, "USD")}
        )
        with pytest.raises(NotCreditable):
            services.credit_invoice(request, IN_NOVEMBER)

    def test_not_twice(self, staff: User) -> None:
        invoice = InvoiceFactory.create()
        credit(invoice, staff)
        with pytest.raises(NotCreditable):
            credit(invoice, staff)

    def test_not_of_a_draft_or_of_a_credit_note(self, staff: User) -> None:
        note = credit(InvoiceFactory.create(), staff)
        for each in (note, DraftFactory.create()):
            with pytest.raises(NotCreditable):
                credit(each, staff)

    def test_lines_below_zero_are_taken_back_too(
        self, staff: User, check_deferred: Callable[[], None]
    ) -> None:
        """100.00 - 40.00 and its VAT of 12.60 on 60.00."""
        invoice = InvoiceFactory.create(
            net_minor=6000, vat_minor=1260, total_minor=7260, issued=False, line=None
        )
        InvoiceLineFactory.create(invoice=invoice, position=1)
        InvoiceLineFactory.create(
            invoice=invoice, position=2, kind="credit", net_minor=-4000, vat_minor=-840
        )
        invoice.issue(IN_NOVEMBER.date(), IN_NOVEMBER)
        note = credit(invoice, staff)

        check_deferred()
        assert [line.net for line in note.lines.all()] == [eur(10000), eur(-4000)]
        assert note.total == eur(7260)


class TwoPersonsTest:
    def test_above_the_limit_it_waits_for_another(
        self, staff: User, check_deferred: Callable[[], None]
    ) -> None:
        invoice = InvoiceFactory.create(net_minor=20000, vat_minor=4200, total_minor=24200)
        note = credit(invoice, staff)
        assert (note.status, note.code) == ("draft", "")
        with pytest.raises(SecondPersonNeeded):
            services.approve_credit_note(note, staff, IN_NOVEMBER)

        services.approve_credit_note(note, UserFactory.create(), IN_NOVEMBER)

        check_deferred()
        assert note.code == "R2026-000001"
        assert [each.kind for each in note.timeline][:2] == [
            "credit_note.drafted",
            "credit_note.issued",
        ]

    def test_sql_wants_another_too(self, staff: User) -> None:
        invoice = InvoiceFactory.create(net_minor=20000, vat_minor=4200, total_minor=24200)
        note = credit(invoice, staff)
        with pytest.raises(IntegrityError), transaction.atomic():
            Invoice.objects.filter(pk=note.pk).update(approved_by=staff)

    def test_a_draft_counts_against_its_lines(self, staff: User) -> None:
        invoice = InvoiceFactory.create(net_minor=50000, vat_minor=10500, total_minor=60500)
        credit(invoice, staff, {1: 30000})
        with pytest.raises(NotCreditable):
            credit(invoice, staff, {1: 20001})

    def test_no_more_than_the_invoice_holds(self, staff: User) -> None:
        invoice = InvoiceFactory.create(net_minor=50000, vat_minor=10500, total_minor=60500)
        note = credit(invoice, staff, {1: 30000})
        with transaction.atomic():
            invoice.take_credit(eur(30000), "R2026-000000", IN_NOVEMBER)
            with pytest.raises(CreditAboveInvoice):
                services.approve_credit_note(note, UserFactory.create(), IN_NOVEMBER)
            with pytest.raises(CreditAboveInvoice):
                invoice.take_credit(eur(30501), "R2026-000000", IN_NOVEMBER)
            transaction.set_rollback(True)

    def test_dropped_it_leaves_nothing(self, staff: User) -> None:
        invoice = InvoiceFactory.create(net_minor=20000, vat_minor=4200, total_minor=24200)
        services.drop_credit_note(credit(invoice, staff))

        assert Invoice.objects.get() == invoice
        assert credit(invoice, staff).status == "draft"

    def test_an_invoice_is_not_approved(self, staff: User) -> None:
        with pytest.raises(TypeError):
            InvoiceFactory.create().approve(staff, IN_NOVEMBER.date(), IN_NOVEMBER)
