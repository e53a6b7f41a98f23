"""Staff look at what was billed; each button goes through a service, and takes its words."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.accounts.tests.factories import MerchantFactory
from apps.billing import services
from apps.billing.dtos import CreditRequest
from apps.billing.helpers import day_of
from apps.billing.models import (
    DirectDebit,
    DirectDebitFile,
    Fee,
    FeeSchedule,
    Invoice,
    InvoiceSeries,
    Subscription,
)
from apps.billing.tests.factories import (
    DEBTOR,
    IN_NOVEMBER,
    BillingProfileFactory,
    DraftFactory,
    FeeFactory,
    FeeScheduleFactory,
    InvoiceChargeFactory,
    InvoiceFactory,
    InvoicePageFactory,
    InvoiceSeriesFactory,
    MerchantCardFactory,
    MerchantPayoutFactory,
    PlanFactory,
    SubscriptionFactory,
)
from apps.core import clock
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.postings import MERCHANT_SHORT, move
from apps.users.models import User
from apps.users.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("config.urls.admin")]
HOST = {"host": "admin.reveni.localhost"}


@pytest.fixture
def staff() -> User:
    made: User = UserFactory.create(staff=True)
    return made


@pytest.fixture
def browser(staff: User) -> Client:
    client = Client(headers=HOST)
    client.force_login(staff)
    return client


def address(model: str, page: str = "changelist", *args: object) -> str:
    return reverse(f"admin:billing_{model}_{page}", args=args)


def act(browser: Client, action: str, *rows: Model, words: str = "") -> Any:
    """The answer; without a file of its own, the list with what it tells."""
    body = {"action": action, "words": words, "_selected_action": [str(row.pk) for row in rows]}
    return browser.post(address(str(rows[0]._meta.model_name)), body, follow=True)


def told(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def large(**facts: object) -> Invoice:
    made: Invoice = InvoiceFactory.create(
        net_minor=20000, vat_minor=4200, total_minor=24200, **facts
    )
    return made


def debited() -> Invoice:
    merchant = BillingProfileFactory.create(debited=True).merchant
    made: Invoice = InvoiceFactory.create(merchant=merchant)
    return made


def numbered_series() -> InvoiceSeries:
    InvoiceFactory.create()
    return InvoiceSeries.objects.get()


ROWS: dict[str, Callable[[], Model]] = {
    "plan": PlanFactory.create,
    "feeschedule": FeeScheduleFactory.create,
    "subscription": SubscriptionFactory.create,
    "fee": FeeFactory.create,
    "invoice": InvoiceFactory.create,
    "invoiceseries": numbered_series,
    "billingprofile": BillingProfileFactory.create,
    "merchantpayout": MerchantPayoutFactory.create,
    "merchantcard": MerchantCardFactory.create,
    "invoicecharge": InvoiceChargeFactory.create,
    "invoicepage": InvoicePageFactory.create,
}


class PagesTest:
    def test_where_a_card_is_given_or_an_invoice_paid_is_not_shown(self, browser: Client) -> None:
        page = InvoicePageFactory.create()
        shown = browser.get(address("invoicepage", "change", page.pk)).content.decode()

        assert page.session_id in shown
        assert page.url not in shown
        listed = browser.get(address("invoicepage"), {"q": page.session_id}).content.decode()
        assert str(page.invoice) in listed

    @pytest.mark.parametrize("model", ROWS)
    def test_list_and_page_open(self, browser: Client, model: str) -> None:
        row = ROWS[model]()

        assert browser.get(address(model)).status_code == HTTPStatus.OK
        assert browser.get(address(model, "change", row.pk)).status_code == HTTPStatus.OK
        gone = browser.get(address(model, "delete", row.pk))
        assert gone.status_code == HTTPStatus.FORBIDDEN

    @pytest.mark.parametrize("model", ["fee", "invoice", "invoiceseries", "billingprofile"])
    def test_nothing_is_added_by_hand(self, browser: Client, model: str) -> None:
        assert browser.get(address(model, "add")).status_code == HTTPStatus.FORBIDDEN

    def test_invoice_shows_lines_and_payments(self, browser: Client) -> None:
        invoice = InvoiceFactory.create()
        act(browser, "confirm", invoice, words="TRF-77")
        text = browser.get(address("invoice", "change", invoice.pk)).content.decode()

        assert "Return requests" in text
        assert "TRF-77" in text
        assert "121.00 EUR" in text

    def test_accounts_stay_sealed(self, browser: Client) -> None:
        profile = BillingProfileFactory.create(debited=True)
        text = browser.get(address("billingprofile", "change", profile.pk)).content.decode()

        assert DEBTOR.last_four in text
        assert DEBTOR.iban not in text

    def test_without_the_right_there_are_no_buttons(self) -> None:
        viewer = UserFactory.create(is_staff=True)
        browser = Client(headers=HOST)
        browser.force_login(viewer)
        invoice = InvoiceFactory.create()

        answer = act(browser, "confirm", invoice, words="TRF-1")

        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert Invoice.objects.get().status == "issued"


class PlansTest:
    def test_prices_start_in_the_future(self, browser: Client) -> None:
        plan = PlanFactory.create(schedule=None)
        body = {"plan": plan.pk, "currency": "EUR", "monthly_minor": 100, "request_minor": 1}
        body |= {"instant_minor": 0, "instant_bp": 0, "label_minor": 0, "label_margin_bp": 0}
        body |= {"minimum_minor": 0}
        today = day_of(clock.now())
        late = browser.post(address("feeschedule", "add"), {**body, "starts_on": today})
        assert "Prices start in the future" in late.content.decode()
        tomorrow = today + timedelta(days=1)
        browser.post(address("feeschedule", "add"), {**body, "starts_on": tomorrow})

        assert FeeSchedule.objects.get().starts_on == tomorrow

    def test_a_merchant_gets_a_plan(self, browser: Client) -> None:
        merchant, plan = MerchantFactory.create(), PlanFactory.create()
        body = {"merchant": merchant.pk, "plan": plan.pk, "currency": "EUR"}
        refused = browser.post(
            address("subscription", "add"), {**body, "currency": "GBP", "starts_on": "2026-11-01"}
        )
        assert "no_price" in refused.content.decode()
        made = browser.post(address("subscription", "add"), {**body, "starts_on": "2026-11-01"})

        assert made.status_code == HTTPStatus.FOUND
        assert Subscription.objects.get().merchant == merchant
        assert browser.post(address("subscription", "add"), body).status_code == HTTPStatus.OK

    def test_a_plan_ends_today(self, browser: Client) -> None:
        subscription = SubscriptionFactory.create()
        answer = act(browser, "end_today", subscription)

        subscription.refresh_from_db()
        assert subscription.ends_on == day_of(clock.now())
        assert "ended on" in told(answer)


class InvoiceActionsTest:
    def test_paid_needs_the_reference(self, browser: Client, staff: User) -> None:
        invoice = InvoiceFactory.create()
        assert "Write the bank's reference" in told(act(browser, "confirm", invoice))
        assert "F2026-000001: paid" in told(act(browser, "confirm", invoice, words=" TRF  1 "))

        payment = Invoice.objects.get().payments.get()
        assert (payment.reference, payment.recorded_by) == ("TRF 1", staff)
        assert "invoice_not_payable" in told(act(browser, "confirm", invoice, words="TRF 2"))

    def test_credit_note(self, browser: Client) -> None:
        invoice = InvoiceFactory.create()
        assert "R2026-000001" in told(act(browser, "credit", invoice, words="Billed twice"))

        assert Invoice.objects.get(kind="credit_note").reason == "Billed twice"

    def test_large_credit_note_of_two_persons(self, browser: Client) -> None:
        invoice = large()
        assert "second person" in told(act(browser, "credit", invoice, words="Billed twice"))
        note = Invoice.objects.get(kind="credit_note")
        assert "second_person_needed" in told(act(browser, "approve", note, invoice))
        other = Client(headers=HOST)
        other.force_login(UserFactory.create(staff=True))

        assert "R2026-000001" in told(act(other, "approve", note))

    def test_draft_is_dropped_and_nothing_else(self, browser: Client, staff: User) -> None:
        invoice = large()
        note = services.credit_invoice(
            CreditRequest(invoice=invoice, reason="x", by=staff), IN_NOVEMBER
        )
        act(browser, "drop", invoice, note)

        assert Invoice.objects.get() == invoice

    def test_given_up(self, browser: Client) -> None:
        small, big = InvoiceFactory.create(), large()
        for invoice in (small, big):
            invoice.dun(day_of(IN_NOVEMBER) + timedelta(days=30), IN_NOVEMBER)
        answer = told(act(browser, "give_up", small, big, words="insolvent"))

        assert "F2026-000001: uncollectible" in answer
        assert "F2026-000002: a second person must do it as well" in answer

    def test_download(self, browser: Client, settings: Settings, tmp_path: Any) -> None:
        settings.MEDIA_ROOT = tmp_path
        invoice, draft = InvoiceFactory.create(), DraftFactory.create()

        answer = act(browser, "download", invoice)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="F2026-000001.pdf"'
        assert "invoice_not_issued" in told(act(browser, "download", draft))
        assert "Choose one invoice" in told(act(browser, "download", invoice, draft))


class CollectingTest:
    def test_from_file_to_money(self, browser: Client) -> None:
        invoice = debited()
        assert "1 direct debits, 121.00 EUR" in told(act(browser, "debit", invoice))
        assert "nothing_to_collect" in told(act(browser, "debit", invoice))
        file, debit = DirectDebitFile.objects.get(), DirectDebit.objects.get()
        assert str(debit) == debit.end_to_end_id
        assert browser.get(address("directdebitfile", "change", file.pk)).status_code == 200
        assert browser.get(address("directdebit", "change", debit.pk)).status_code == 200
        xml = act(browser, "download", file)
        assert xml["Content-Type"] == "application/xml"
        assert xml.content.startswith(b"<?xml")

        act(browser, "collected", debit)
        assert Invoice.objects.get().status == "paid"
        assert "Write the bank's code" in told(act(browser, "refused", debit))
        assert "returned" in told(act(browser, "refused", debit, words="MD06"))
        assert Invoice.objects.get().status == "issued"

    def test_one_file_at_a_time(self, browser: Client) -> None:
        files = []
        for _ in range(2):
            act(browser, "debit", debited())
        files = list(DirectDebitFile.objects.all())

        assert "Choose one file" in told(act(browser, "download", *files))


class CreditTest:
    def test_once_for_a_day_and_its_words(self, browser: Client) -> None:
        profile = BillingProfileFactory.create()
        for _ in range(2):
            act(browser, "give_credit", profile, words="12.50 an outage")

        fee = Fee.objects.get()
        assert (fee.amount, fee.description) == (Money(-1250, "EUR"), "Credit: an outage")

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("", "Write an amount and the reason"),
            ("12.50", "reason_missing"),
            ("much of it", "inexact_amount"),
            ("500.00 an outage", "credit_too_large"),
            ("-5.00 an outage", "credit_too_large"),
        ],
    )
    def test_refused(self, browser: Client, words: str, said: str) -> None:
        answer = act(browser, "give_credit", BillingProfileFactory.create(), words=words)

        assert said in told(answer)
        assert Fee.objects.count() == 0


class NamesTest:
    def test_series(self) -> None:
        assert str(InvoiceSeriesFactory.create(kind="credit_note")) == "R2026"


class PayoutTest:
    def test_a_large_one_is_approved_and_paid_by_two(self, browser: Client) -> None:
        """The books owe it as well: 250.00 of a shopper's goods."""
        merchant = BillingProfileFactory.create().merchant
        source = ledger.Source(merchant.pk, "orders.advance", uuid7())
        ledger.post(
            source, "merchant_short", move(MERCHANT_SHORT, Money(25000, "EUR")), IN_NOVEMBER
        )
        invoice = InvoiceFactory.create(merchant=merchant)
        payout = MerchantPayoutFactory.create(
            invoice=invoice, amount_minor=25000, needs_second_person=True
        )
        assert "Write the bank's reference" in told(act(browser, "paid", payout))
        assert "approved by" in told(act(browser, "approve", payout))
        assert "Another person" in told(act(browser, "paid", payout, words="BANK-1"))

        browser.force_login(UserFactory.create(staff=True))
        act(browser, "paid", payout, words="BANK-1")
        payout.refresh_from_db()
        assert (payout.status, payout.reference) == ("paid", "BANK-1")
