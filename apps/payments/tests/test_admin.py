"""Staff look at money; only the batch has buttons, and they go through the services."""

from http import HTTPStatus

import pytest
from django.contrib.admin.sites import site
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core import clock
from apps.orders.models import Return
from apps.payments import choices, services
from apps.payments.admin.entries import step
from apps.payments.gateways.bank_transfer.models import BankTransferBatch
from apps.payments.gateways.store_credit.models import StoreCreditAccount
from apps.payments.models import LedgerAccount, LedgerTransaction, Payment
from apps.payments.services.payouts import BatchRequest
from apps.payments.tests.factories import (
    IBAN,
    AcceptedReturnFactory,
    BankTransferPayoutFactory,
    ManualRefundFactory,
    StripeRefundFactory,
)
from apps.users.models import User
from apps.users.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("config.urls.admin")]
AT = clock.now()
MOST_QUERIES = 10
MODELS = (
    "payment",
    "banktransferbatch",
    "storecreditaccount",
    "ledgeraccount",
    "ledgertransaction",
    "stripeaccount",
)
HOST = {"host": "admin.reveni.localhost"}


@pytest.fixture
def staff() -> User:
    return UserFactory.create(staff=True)


@pytest.fixture
def browser(staff: User) -> Client:
    client = Client(headers=HOST)
    client.force_login(staff)
    return client


@pytest.fixture
def batch() -> BankTransferBatch:
    payout = BankTransferPayoutFactory.create(to_account=True)
    payout.post_promised(AT)
    return services.open_batch(BatchRequest(payout.merchant, UserFactory.create()), AT)


class PagesTest:
    def page(self, browser: Client, row: object, model: str) -> str:
        pk = getattr(row, "pk")  # noqa: B009
        listed = browser.get(reverse(f"admin:payments_{model}_changelist"))
        shown = browser.get(reverse(f"admin:payments_{model}_change", args=(pk,)))
        assert (listed.status_code, shown.status_code) == (HTTPStatus.OK, HTTPStatus.OK)
        return shown.content.decode()

    def test_payment_shows_its_gateways_facts_and_entries(self, browser: Client) -> None:
        payment = ManualRefundFactory.create(note="by phone")
        payment.post_promised(AT)

        text = self.page(browser, payment, "payment")

        assert "by phone" in text
        assert "Refunds payable" in text

    def test_secrets_are_not_shown(self, browser: Client, batch: BankTransferBatch) -> None:
        payout = Payment.objects.get()
        ret = AcceptedReturnFactory.create(refund_method="store_credit")
        services.refund_return(ret.pk, AT)
        credit = StoreCreditAccount.objects.get()

        text = self.page(browser, payout, "payment")
        text += self.page(browser, batch, "banktransferbatch")
        text += self.page(browser, credit, "storecreditaccount")

        assert IBAN not in text
        assert credit.reveal() not in text
        assert credit.code_hint in text

    def test_books_are_shown(self, browser: Client, batch: BankTransferBatch) -> None:
        account = LedgerAccount.objects.get(kind="refunds_payable")
        entry = LedgerTransaction.objects.get()

        assert "60.00 EUR" in self.page(browser, account, "ledgeraccount")
        assert "60.00 EUR" in self.page(browser, entry, "ledgertransaction")

    @pytest.mark.parametrize(
        "model",
        ["payment", "banktransferbatch", "storecreditaccount", "ledgeraccount"],
    )
    def test_nothing_is_added_by_hand(self, browser: Client, model: str) -> None:
        answer = browser.get(reverse(f"admin:payments_{model}_add"))

        assert answer.status_code == HTTPStatus.FORBIDDEN


class BatchActionsTest:
    def act(self, browser: Client, action: str, *batches: BankTransferBatch) -> HttpResponse:
        answer = browser.post(
            reverse("admin:payments_banktransferbatch_changelist"),
            {"action": action, "_selected_action": [str(each.pk) for each in batches]},
        )
        assert isinstance(answer, HttpResponse)
        return answer

    def test_approve_then_export(self, browser: Client, batch: BankTransferBatch) -> None:
        refused = self.act(browser, "export", batch)
        self.act(browser, "approve", batch)
        again = self.act(browser, "approve", batch)
        file = self.act(browser, "export", batch)

        assert (refused.status_code, again.status_code) == (302, 302)
        assert file["Content-Type"] == "application/xml"
        assert file.content.startswith(b"<?xml")
        batch.refresh_from_db()
        assert batch.status == choices.BankTransferBatch.Status.EXPORTED

    def test_one_file_at_a_time(self, browser: Client, batch: BankTransferBatch) -> None:
        payout = BankTransferPayoutFactory.create(to_account=True)
        other = services.open_batch(BatchRequest(payout.merchant, UserFactory.create()), AT)

        answer = self.act(browser, "export", batch, other)

        assert answer.status_code == HTTPStatus.FOUND
        listed = browser.get(reverse("admin:payments_banktransferbatch_changelist"))
        assert b"Choose one batch" in listed.content

    def test_advances_leave_in_batches_of_the_platform(self, browser: Client) -> None:
        payout = BankTransferPayoutFactory.create(to_account=True, purpose="advance")
        for _ in range(2):
            browser.post(
                reverse("admin:payments_payment_changelist"),
                {"action": "batch_advances", "_selected_action": [str(payout.pk)]},
            )

        assert BankTransferBatch.objects.get().merchant == payout.merchant
        listed = browser.get(reverse("admin:payments_payment_changelist"))
        assert b"batch of 1 transfers, 60.00 EUR" in listed.content
        assert b"No payout waits to be sent to a known account" in listed.content

    def test_needs_the_right(self, batch: BankTransferBatch) -> None:
        request: HttpRequest = RequestFactory().get("/")
        request.user = UserFactory.create(is_staff=True)
        page = site.get_model_admin(BankTransferBatch)

        assert page.get_actions(request) == {}


class ReturnPageTest:
    def page(self, browser: Client, ret: Return) -> str:
        answer = browser.get(reverse("admin:orders_return_change", args=(ret.pk,)))
        assert answer.status_code == HTTPStatus.OK
        return answer.content.decode()

    def test_shows_payments_entries_and_money_events(self, browser: Client) -> None:
        ret = AcceptedReturnFactory.create(refund_method="store_credit")
        services.refund_return(ret.pk, AT)
        credit = StoreCreditAccount.objects.get()

        page = self.page(browser, ret)

        assert reverse("admin:payments_payment_change", args=(ret.payments.get().pk,)) in page
        for text in ("Refund promised", "Refunds payable", "Refund succeeded", "100.00 EUR"):
            assert text in page
        assert "Store credit outstanding" in page
        assert credit.reveal() not in page

    def test_queries_do_not_grow_with_payments(self, browser: Client) -> None:
        counts = []
        for payments in (1, 3):
            ret = AcceptedReturnFactory.create()
            for purpose in ("refund", "fee", "manual")[:payments]:
                payment = ManualRefundFactory.create(ret=ret, order=ret.order, purpose=purpose)
                payment.post_promised(AT)
            self.page(browser, ret)
            with CaptureQueriesContext(connection) as queries:
                self.page(browser, ret)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class ListTest:
    def queries_of(self, browser: Client) -> list[int]:
        counts = []
        for model in MODELS:
            address = reverse(f"admin:payments_{model}_changelist")
            with CaptureQueriesContext(connection) as queries:
                answer = browser.get(address)
            assert answer.status_code == HTTPStatus.OK
            counts.append(len(queries))
        return counts

    def add_rows(self) -> None:
        payout = BankTransferPayoutFactory.create(to_account=True)
        payout.post_promised(AT)
        services.open_batch(BatchRequest(payout.merchant, UserFactory.create()), AT)
        ret = AcceptedReturnFactory.create(refund_method="store_credit")
        services.refund_return(ret.pk, AT)
        StripeRefundFactory.create(order=ret.order, stripe_account__store=ret.store)

    def test_queries_do_not_grow_with_the_rows(self, browser: Client) -> None:
        self.add_rows()
        self.queries_of(browser)
        few = self.queries_of(browser)
        self.add_rows()
        self.add_rows()

        many = self.queries_of(browser)

        assert many == few
        assert max(many) <= MOST_QUERIES

    @pytest.mark.parametrize(
        ("kind", "told"),
        [("sent.1", "Sent"), ("succeeded.2", "Succeeded (try 2)"), ("promised", "Promised")],
    )
    def test_steps_in_words(self, kind: str, told: str) -> None:
        assert step(kind) == told
