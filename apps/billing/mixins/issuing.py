"""From draft to document: the number, the dates and the books."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from apps.billing import choices
from apps.core.models import AbstractTimeStampedUUID
from apps.core.money import Money
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.events.recorder import RecordsEvents
from apps.payments.modules.ledger import services as ledger
from apps.payments.modules.ledger.postings import Legs, invoiced, mirrored

if TYPE_CHECKING:
    from django.db import models

    from apps.billing.models import InvoiceLine, InvoiceSeries

SOURCE = "billing.invoice"
ISSUED = "issued"


class IssuingMixin(WithStatus, RecordsEvents, AbstractTimeStampedUUID):
    if TYPE_CHECKING:
        merchant_id: UUID
        kind: str
        currency: str
        series: InvoiceSeries | None
        number: int | None
        code: str
        issued_on: date | None
        due_on: date | None
        period: date | None
        total: Money
        vat: Money
        paid: Money
        credited: Money
        paid_at: datetime | None

        @property
        def lines(self) -> models.QuerySet[InvoiceLine]: ...

    class Meta:
        abstract = True

    @property
    def is_credit_note(self) -> bool:
        return self.kind == choices.Invoice.Kind.CREDIT_NOTE

    @property
    def due(self) -> Money:
        """What is still to be paid: by the merchant, or of a credit note to the merchant."""
        return self.total - self.credited - self.paid

    @property
    def source(self) -> ledger.Source:
        return ledger.Source(self.merchant_id, SOURCE, self.id)

    @verb
    def issue(self, day: date, at: datetime) -> None:
        """Take the next number; from here on SQL refuses every change of the document."""
        from apps.billing.models import InvoiceSeries

        self.become(choices.Invoice.Status.ISSUED)
        series = InvoiceSeries.objects.take_next(self.kind, day)
        self.series, self.number = series, series.last_number
        self.code = f"{series}-{series.last_number:06d}"
        self.issued_on = series.last_issued_on or day
        self.due_on = self.issued_on + timedelta(days=settings.INVOICE_DAYS_TO_PAY)
        if legs := self._legs():
            ledger.post(self.source, ISSUED, legs, at)
        self._tell_issue()
        self.close_when_settled(at)

    def close_when_settled(self, at: datetime) -> None:
        """In memory, inside a verb: nothing is due any more."""
        if not self.due and self.can_become(choices.Invoice.Status.PAID):
            self.become(choices.Invoice.Status.PAID)
            self.paid_at = at
            self.record(choices.Event.INVOICE_PAID, code=self.code)

    def _legs(self) -> Legs:
        nets = list(self.lines.values_list("kind", "net_minor"))
        passed_on = sum(net for kind, net in nets if kind in choices.Fee.PASSED_ON)
        owed = sum(net for kind, net in nets if kind in choices.Fee.OWED)
        outside = Money(passed_on, self.currency), Money(owed, self.currency)
        fees = self.total - self.vat - outside[0] - outside[1]
        legs = invoiced(fees, self.vat, *outside)
        return mirrored(legs) if self.is_credit_note else legs

    def _tell_issue(self) -> None:
        total = {**self.total.as_json()}
        if self.is_credit_note:
            self.record(choices.Event.CREDIT_NOTE_ISSUED, code=self.code, total=total)
        else:
            period = f"{self.period:%Y-%m}"
            self.record(choices.Event.INVOICE_ISSUED, code=self.code, total=total, period=period)
