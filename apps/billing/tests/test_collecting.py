"""Direct debits: the file against its schema, the bank's word, money that comes back."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings

from apps.billing import services
from apps.billing.models import DirectDebit, Invoice
from apps.billing.services.collecting import CollectRequest, NothingToCollect, working_day
from apps.billing.tests.factories import (
    IN_NOVEMBER,
    BillingProfileFactory,
    InvoiceFactory,
)
from apps.core.money import Money
from apps.payments.modules.ledger import services as ledger
from apps.users.models import User
from apps.users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.008.001.08}"


@pytest.fixture
def staff() -> User:
    made: User = UserFactory.create()
    return made


def debited(**facts: object) -> Invoice:
    merchant = BillingProfileFactory.create(debited=True).merchant
    made: Invoice = InvoiceFactory.create(merchant=merchant, **facts)
    return made


def texts(xml: bytes, *names: str) -> list[str | None]:
    root = ET.fromstring(xml)  # noqa: S314
    return [found.text for name in names for found in root.iter(f"{SPACE}{name}")]


class FileTest:
    def test_names_creditor_debtor_mandate_and_sum(self, staff: User) -> None:
        invoice = debited()
        profile = invoice.merchant.billing_profile
        file = services.collect(CollectRequest(staff), IN_NOVEMBER)
        xml = services.file_of(file)
        debit = DirectDebit.objects.get()

        assert texts(xml, "NbOfTxs") == ["1", "1"]
        assert texts(xml, "CtrlSum", "InstdAmt") == ["121.00", "121.00", "121.00"]
        assert texts(xml, "IBAN") == [settings.SELLER["iban"], "DE89370400440532013000"]
        assert texts(xml, "MndtId", "DtOfSgntr") == [profile.mandate_id, "2026-09-01"]
        assert texts(xml, "ReqdColltnDt", "SeqTp") == ["2026-11-16", "RCUR"]
        assert texts(xml, "EndToEndId", "Ustrd") == [debit.end_to_end_id, "Invoice F2026-000001"]
        assert settings.SELLER["creditor_id"] in texts(xml, "Id")
        assert services.file_of(file) == xml

    def test_an_invoice_is_in_one_file(self, staff: User) -> None:
        debited()
        services.collect(CollectRequest(staff), IN_NOVEMBER)
        with pytest.raises(NothingToCollect):
            services.collect(CollectRequest(staff), IN_NOVEMBER)

    def test_only_with_a_mandate_in_euros_and_while_due(self, staff: User) -> None:
        InvoiceFactory.create(merchant=BillingProfileFactory.create().merchant)
        debited(currency="USD", line__currency="USD")
        with pytest.raises(NothingToCollect):
            services.collect(CollectRequest(staff), IN_NOVEMBER)

    def test_those_that_are_chosen(self, staff: User) -> None:
        debited()
        chosen = debited()
        file = services.collect(CollectRequest(staff, (chosen.pk,)), IN_NOVEMBER)

        assert [debit.invoice for debit in file.debits.all()] == [chosen]
        assert file.total == Money(12100, "EUR")

    def test_overdue_it_is_collected_as_soon_as_the_bank_can(self, staff: User) -> None:
        """Thursday 26 November and two days: Saturday, so Monday."""
        debited()
        file = services.collect(CollectRequest(staff), datetime(2026, 11, 26, 9, tzinfo=UTC))

        assert file.collect_on == date(2026, 11, 30)

    @pytest.mark.parametrize(("day", "wanted"), [(27, 27), (28, 30), (29, 30), (30, 30)])
    def test_working_days(self, day: int, wanted: int) -> None:
        assert working_day(date(2026, 11, day)) == date(2026, 11, wanted)


class BankTest:
    @pytest.fixture
    def debit(self, staff: User) -> DirectDebit:
        debited()
        services.collect(CollectRequest(staff), IN_NOVEMBER)
        return DirectDebit.objects.get()

    def standing(self, debit: DirectDebit) -> dict[str, int]:
        rows = ledger.balances(debit.merchant).items()
        return {kind: sum_.minor for (kind, _), sum_ in rows}

    def test_collected_it_is_paid(
        self, debit: DirectDebit, check_deferred: Callable[[], None]
    ) -> None:
        services.confirm_debit(debit, IN_NOVEMBER)

        check_deferred()
        debit.invoice.refresh_from_db()
        assert (debit.status, debit.invoice.status) == ("collected", "paid")
        assert debit.invoice.payments.get().method == "direct_debit"

    def test_refused_it_may_be_tried_again(self, debit: DirectDebit, staff: User) -> None:
        services.refuse_debit(debit, "AM04", IN_NOVEMBER)

        assert (debit.status, debit.failure_code) == ("refused", "AM04")
        assert services.collect(CollectRequest(staff), IN_NOVEMBER).debits_count == 1

    def test_returned_it_is_open_again(
        self, debit: DirectDebit, check_deferred: Callable[[], None]
    ) -> None:
        services.confirm_debit(debit, IN_NOVEMBER)
        services.refuse_debit(debit, "MD06", IN_NOVEMBER)

        check_deferred()
        invoice = Invoice.objects.get()
        assert (debit.status, invoice.status, invoice.paid_at) == ("returned", "issued", None)
        assert invoice.due == Money(12100, "EUR")
        assert self.standing(debit)["merchant_receivable"] == 12100
        assert self.standing(debit)["platform_bank"] == 0
        assert invoice.timeline.filter(kind="invoice.payment_returned").exists()

    def test_returned_of_what_is_paid_in_part(self, debit: DirectDebit) -> None:
        """A debit of a part: a transfer came for the rest only after the file was made."""
        services.confirm_debit(debit, IN_NOVEMBER)
        Invoice.objects.filter(pk=debit.invoice_id).update(status="credited")
        services.refuse_debit(debit, "MD06", IN_NOVEMBER)

        assert Invoice.objects.get().status == "credited"
