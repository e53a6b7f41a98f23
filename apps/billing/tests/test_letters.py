"""Letters of dunning, as they leave: due on 16 November, first reminder three days later."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from pytest_django import Settings

from apps.billing import services, tasks
from apps.billing.dtos import Receipt
from apps.billing.models import DunningLetter, Invoice, InvoicePage
from apps.billing.tests.factories import (
    BUYER,
    IN_NOVEMBER,
    BillingProfileFactory,
    DirectDebitFactory,
    InvoiceFactory,
)
from apps.core.money import Money
from fakes.psp.control import Psp

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 19, 8, 39, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def invoice() -> Invoice:
    """Overdue, with its first reminder; its merchant has chosen no language."""
    made: Invoice = InvoiceFactory.create(merchant__language="")
    for day in (17, 19):
        made.dun(date(2026, 11, day), AT)
    made.refresh_from_db()
    return made


class LetterTest:
    def test_what_it_says(self, invoice: Invoice) -> None:
        assert services.send_letters(AT) == 1
        (letter,) = mail.outbox

        assert letter.subject == "La factura F2026-000001 está pendiente de pago"
        assert letter.to == ["facturas@tienda.example"]
        assert "venció el 16 de noviembre de 2026, hace 3 días;" in letter.body
        assert "quedan 121,00 EUR por pagar" in letter.body
        assert "Concepto F2026-000001" in letter.body
        ((name, content, kind),) = letter.attachments
        assert (name, kind) == ("F2026-000001.pdf", "application/pdf")
        assert content == services.document_of(invoice)

    def test_it_carries_the_page_to_pay_on(self, psp: Psp, invoice: Invoice) -> None:
        services.send_letters(AT)

        page = InvoicePage.objects.get(invoice=invoice)
        assert f"O pague con tarjeta hasta el {page.link_until.day} de" in mail.outbox[0].body
        assert page.url in mail.outbox[0].body

    def test_once_for_each_step(self, invoice: Invoice) -> None:
        for _ in range(2):
            services.send_letters(AT)
        assert len(mail.outbox) == 1

        invoice.dun(date(2026, 11, 26), AT + timedelta(days=7))
        services.send_letters(AT + timedelta(days=7))
        assert [each.subject for each in mail.outbox][1:] == [
            "La factura F2026-000001 sigue pendiente de pago"
        ]
        steps = DunningLetter.objects.order_by("dunned_at").values_list("step", flat=True)
        assert list(steps) == ["reminder_1", "reminder_2"]

    def test_only_what_is_left_is_asked_for(self, invoice: Invoice) -> None:
        receipt = Receipt(amount=Money(2100, "EUR"), reference="tx-1")
        services.confirm_transfer(invoice, receipt, AT)
        services.send_letters(AT)
        assert "quedan 100,00 EUR por pagar" in mail.outbox[0].body

    def test_none_for_what_was_paid(self, invoice: Invoice) -> None:
        services.confirm_transfer(invoice, Receipt(amount=invoice.due, reference="tx-1"), AT)
        assert services.send_letters(AT) == 0

    def test_none_while_the_bank_has_a_debit(self, invoice: Invoice) -> None:
        DirectDebitFactory.create(invoice=invoice)
        assert services.send_letters(AT) == 0

    def test_to_the_address_of_today(self, invoice: Invoice) -> None:
        BillingProfileFactory.create(merchant=invoice.merchant, email="new@tienda.example")
        services.send_letters(AT)
        assert mail.outbox[0].to == ["new@tienda.example"]

    def test_without_an_address_somebody_is_told(self, caplog: pytest.LogCaptureFixture) -> None:
        made = InvoiceFactory.create(buyer={**BUYER, "email": ""})
        for day in (17, 19):
            made.dun(date(2026, 11, day), AT)
        assert services.send_letters(AT) == 0
        assert "nobody can be told" in caplog.text

    def test_one_that_did_not_leave_is_sent_later(
        self, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: EmailMessage) -> int:
            raise OSError("the mail server is away")

        with monkeypatch.context() as broken:
            broken.setattr(EmailMessage, "send", refuse)
            assert services.send_letters(AT) == 0
        assert services.send_letters(AT) == 1
        letter = DunningLetter.objects.get()
        assert (letter.sent_at, str(letter)) == (AT, "First reminder of F2026-000001")
        assert mail.outbox[0].extra_headers["Message-ID"] == letter.message_id


class BeatTest:
    def test_two_beats_in_one_slot(self, invoice: Invoice) -> None:
        assert tasks.send_letters() == 1
        assert tasks.send_letters() is None

    def test_nobody_is_dunned_before_its_time(self) -> None:
        InvoiceFactory.create()
        assert services.dun_invoices(IN_NOVEMBER) == 0
        assert services.send_letters(IN_NOVEMBER) == 0
