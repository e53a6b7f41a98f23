"""An invoice of 121.00 paid on a page of Stripe's, against the fake as a process."""

import json
from datetime import timedelta

import pytest
from pytest_django import Settings

from apps.billing import services, tasks
from apps.billing.dtos import Receipt
from apps.billing.mixins.settling import NotPayable
from apps.billing.models import Invoice, InvoicePage
from apps.billing.services.paying import NotPayableOnline
from apps.billing.tests.factories import DirectDebitFactory, InvoiceFactory
from apps.core import clock
from apps.core.money import Money
from apps.payments import services as payments
from apps.payments.modules.ledger import services as ledger
from apps.payments.services.recovering import NoPlatformAccount
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db
KEY = "sk_test_platform"


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.fixture
def invoice() -> Invoice:
    made: Invoice = InvoiceFactory.create()
    return made


def opened(invoice: Invoice) -> InvoicePage:
    return services.open_page(invoice, clock.now())


def looked(at: timedelta = timedelta(0)) -> list[str]:
    services.look_at_pages(clock.now() + at)
    return list(InvoicePage.objects.order_by("id").values_list("status", flat=True))


class PageTest:
    def test_paid_it_stands_in_the_books(self, psp: Psp, invoice: Invoice) -> None:
        page = opened(invoice)
        assert (page.status, page.amount) == ("offered", eur(12100))
        assert page.url.startswith("http")
        assert looked() == ["offered"]

        psp.pay(KEY, page.session_id)
        assert looked() == ["paid"]
        invoice.refresh_from_db()
        assert (invoice.status, invoice.payments.get().method) == ("paid", "stripe")
        shown = {kind: each.minor for (kind, _), each in ledger.balances(invoice.merchant).items()}
        assert shown == {
            "merchant_receivable": 0,
            "fees_revenue": 10000,
            "vat_payable": 2100,
            "platform_stripe": 12100,
        }

    def test_stripe_tells_of_it_and_it_is_paid_once(self, psp: Psp, invoice: Invoice) -> None:
        page = opened(invoice)
        psp.pay(KEY, page.session_id)
        told = {"data": {"object": {"id": page.session_id, "object": "checkout.session"}}}
        account = payments.platform_account(invoice.merchant)
        for _ in range(2):
            payments.hear_stripe(account.pk, json.dumps(told).encode(), clock.now())

        page.refresh_from_db()
        assert (page.status, invoice.payments.count()) == ("paid", 1)
        assert looked() == ["paid"]

    def test_asked_again_it_is_the_same(self, psp: Psp, invoice: Invoice) -> None:
        assert opened(invoice).url == opened(invoice).url
        assert InvoicePage.objects.count() == 1

    def test_of_what_is_still_due(self, psp: Psp, invoice: Invoice) -> None:
        """21.00 come by transfer: the page of 121.00 closes, the next one asks for 100.00."""
        first = opened(invoice)
        receipt = Receipt(amount=eur(2100), reference="tx-1")
        services.confirm_transfer(invoice, receipt, clock.now())

        second = opened(invoice)
        first.refresh_from_db()
        assert (first.status, second.amount) == ("expired", eur(10000))

    def test_paid_twice_a_person_must_look(
        self, psp: Psp, invoice: Invoice, caplog: pytest.LogCaptureFixture
    ) -> None:
        page = opened(invoice)
        psp.pay(KEY, page.session_id)
        services.confirm_transfer(invoice, Receipt(amount=eur(12100), reference="tx"), clock.now())

        assert looked() == ["surplus"]
        assert "is not due" in caplog.text
        assert invoice.payments.count() == 1

    def test_not_while_the_bank_has_a_debit(self, psp: Psp, invoice: Invoice) -> None:
        DirectDebitFactory.create(invoice=invoice)
        with pytest.raises(NotPayable):
            opened(invoice)

    def test_not_without_an_account(self, invoice: Invoice, settings: Settings) -> None:
        settings.STRIPE_PLATFORM_KEY = ""
        with pytest.raises(NoPlatformAccount):
            opened(invoice)


class SilenceTest:
    def test_asked_again_after_silence(self, psp: Psp, invoice: Invoice) -> None:
        psp.mode("reset_before", times=1)
        with pytest.raises(NotPayableOnline):
            opened(invoice)
        assert looked() == ["opening"]
        assert opened(invoice).status == "offered"

    def test_what_nobody_saw_is_over_with_its_time(self, psp: Psp, invoice: Invoice) -> None:
        psp.mode("reset_before", times=1)
        with pytest.raises(NotPayableOnline):
            opened(invoice)
        assert looked(timedelta(days=1)) == ["failed"]

    def test_beat_looks_once_in_a_slot(self, psp: Psp) -> None:
        assert tasks.look_at_pages() == 0
        assert tasks.look_at_pages() is None
