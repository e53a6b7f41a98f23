"""Beat starts them, twice if need be; a month that waits for a person stays open."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.core.files.storage import default_storage
from pytest_django import Settings

from apps.billing import choices, services, tasks
from apps.billing.models import ClosedMonth, Invoice
from apps.billing.services.documents import NotIssued, sheet_of
from apps.billing.tests.factories import (
    BillingProfileFactory,
    DraftFactory,
    FeeFactory,
    InvoiceFactory,
    SubscriptionFactory,
)
from apps.events.signals.signals import EventSignal

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 11, 1, 6, 19, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _first_of_november() -> Iterator[None]:
    with time_machine.travel(FIRST, tick=False):
        yield


class CloseTest:
    def test_every_merchant_once(self) -> None:
        for _ in range(2):
            FeeFactory.create(merchant=BillingProfileFactory.create().merchant)

        assert tasks.close_months() == 2
        assert Invoice.objects.count() == 2
        with time_machine.travel(FIRST + timedelta(hours=1), tick=False):
            assert tasks.close_months() == 0
        assert Invoice.objects.count() == 2

    def test_two_beats_in_one_slot(self) -> None:
        assert tasks.close_months() == 0
        assert tasks.close_months() is None

    def test_months_that_were_missed(self) -> None:
        profile = BillingProfileFactory.create()
        SubscriptionFactory.create(merchant=profile.merchant)
        with time_machine.travel(datetime(2027, 1, 1, 6, tzinfo=UTC), tick=False):
            assert tasks.close_months() == 3

        months = Invoice.objects.order_by("number").values_list("period__month", flat=True)
        assert list(months) == [10, 11, 12]

    def test_called_twice_for_one_month(self) -> None:
        profile = BillingProfileFactory.create()
        FeeFactory.create(merchant=profile.merchant)

        assert tasks.close_month(str(profile.merchant_id), "2026-10-01") == 1
        assert tasks.close_month(str(profile.merchant_id), "2026-10-01") is None

    def test_an_incomplete_profile_keeps_it_open(self, caplog: pytest.LogCaptureFixture) -> None:
        profile = BillingProfileFactory.create(street="")
        FeeFactory.create(merchant=profile.merchant)
        with caplog.at_level(logging.WARNING):
            tasks.close_months()
        assert (ClosedMonth.objects.count(), Invoice.objects.count()) == (0, 0)
        assert "billing_profile_incomplete" in caplog.text

        profile.street = "Calle Mayor 1"
        profile.save()
        with time_machine.travel(FIRST + timedelta(hours=1), tick=False):
            tasks.close_months()
        assert Invoice.objects.count() == 1

    def test_queues(self) -> None:
        for task in (tasks.close_month, tasks.draw_invoice):
            assert current_app.amqp.router.route({}, task.name)["queue"].name == "bulk"


class DunTest:
    def test_once_a_day(self) -> None:
        InvoiceFactory.create()
        with time_machine.travel(datetime(2026, 11, 17, 9, tzinfo=UTC), tick=False):
            assert tasks.dun_invoices() == 1
            assert tasks.dun_invoices() is None


class DocumentTest:
    def test_drawn_once_and_kept(self) -> None:
        invoice = InvoiceFactory.create()
        tasks.draw_invoice(str(invoice.pk))
        invoice.refresh_from_db()

        assert str(invoice.file.name).startswith(f"invoices/{invoice.merchant_id}/F2026-000001-")
        assert (len(invoice.sha256), invoice.size > 10_000) == (64, True)
        with default_storage.open(str(invoice.file.name)) as stored:
            assert stored.read() == services.document_of(invoice)

    def test_of_two_who_draw_it_the_first_stays(self) -> None:
        invoice = InvoiceFactory.create()
        late = Invoice.objects.get(pk=invoice.pk)
        content = services.document_of(invoice)

        assert services.document_of(late) == content
        assert late.file.name == invoice.file.name

    def test_a_draft_has_none(self) -> None:
        draft = DraftFactory.create()
        with pytest.raises(NotIssued):
            services.document_of(draft)
        with pytest.raises(NotIssued):
            sheet_of(draft)


class EventsTest:
    def test_every_event_of_billing_has_its_signal(self) -> None:
        assert set(choices.Event.values) <= set(EventSignal.by_kind)
