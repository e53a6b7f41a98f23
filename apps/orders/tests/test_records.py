"""Rows that others fill: quotes, reasons and files on their way in."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.core.status import IllegalTransition
from apps.orders.models import ImportIssue, Order, Quote, Return, ReturnReason
from apps.orders.tests.factories import (
    ImportJobFactory,
    OrderFactory,
    QuoteFactory,
    ReturnFactory,
    ReturnReasonFactory,
)

AT = datetime(2026, 3, 5, 9, tzinfo=UTC)


@pytest.mark.django_db
class QuoteTest:
    def test_it_is_open_until_used_or_too_old(self) -> None:
        quote = QuoteFactory.create(expires_at=AT)
        before = AT - timedelta(seconds=1)
        assert quote.is_open(before)
        assert not quote.is_open(AT)
        assert list(Quote.objects.open_at(before)) == [quote]
        assert not Quote.objects.open_at(AT)
        quote.used_at = before
        assert not quote.is_open(before)
        assert str(quote) == f"quote {quote.pk}"


@pytest.mark.django_db
class ReturnReasonTest:
    def test_its_label_falls_back_to_english_and_then_to_its_code(self) -> None:
        reason = ReturnReasonFactory.create(code="torn", labels={"en": "Torn", "es": "Roto"})
        assert [reason.label(language) for language in ("es", "de")] == ["Roto", "Torn"]
        assert ReturnReason(code="torn", labels={}).label("de") == str(reason) == "torn"


@pytest.mark.django_db
class ImportJobTest:
    def test_from_waiting_to_done(self) -> None:
        job = ImportJobFactory.create()
        job.begin(AT)
        job.begin(AT + timedelta(hours=1))
        job.finish({"new": 2}, AT + timedelta(hours=2))
        job.refresh_from_db()
        assert (job.status, job.started_at, job.counts) == ("done", AT, {"new": 2})
        assert (job.done_at, str(job)) == (AT + timedelta(hours=2), "orders.csv (done)")
        with pytest.raises(IllegalTransition):
            job.begin(AT)

    def test_failed_it_says_why_in_short(self) -> None:
        job = ImportJobFactory.create()
        job.fail("x" * 400, AT)
        job.refresh_from_db()
        assert (job.status, job.failure, job.done_at) == ("failed", "x" * 300, AT)
        assert str(ImportIssue(line_number=3, code="unknown_sku")) == "line 3: unknown_sku"


@pytest.mark.django_db
class QuerySetsTest:
    def test_an_order_is_found_with_or_without_its_sign(self) -> None:
        order = OrderFactory.create(number="#1001")
        OrderFactory.create(number="#10010")
        assert [list(Order.objects.numbered(text)) for text in (" 1001 ", "#1001", "# 1001")] == [
            [order]
        ] * 3
        assert not Order.objects.numbered("001")

    def test_returns_by_what_is_still_to_do(self) -> None:
        asked = ReturnFactory.create(requested=True)
        opened = ReturnFactory.create(opened_at=AT)
        ReturnFactory.create(shipped=True, opened_at=AT)
        over = ReturnFactory.create(opened_at=AT)
        over.cancel(AT)
        assert asked in Return.objects.live()
        assert over not in Return.objects.live()
        assert asked not in Return.objects.undecided()
        assert list(Return.objects.not_shipped_since(AT)) == [opened]
        assert not Return.objects.not_shipped_since(AT - timedelta(seconds=1))
        assert Return.objects.with_items().get(pk=opened.pk).lines.all()[0].line_item.title
