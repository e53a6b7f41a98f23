"""Two machines of a return line: whether its units came, and what was decided about them."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.core.status import IllegalTransition
from apps.orders import choices

if TYPE_CHECKING:
    from apps.core.money import Money
    from apps.orders.models.exchange import ExchangeLineItem


class MoreUnitsThanHeld(DomainError):
    code = "more_units_than_held"
    title = "The return line holds fewer units"
    status = 409


class UnitDecisionMixin(models.Model):
    if TYPE_CHECKING:
        quantity: int
        reception: str
        disposition: str
        decision: str
        decided_at: datetime | None
        received_at: datetime | None
        amount: Money
        tax: Money

        @property
        def exchanges(self) -> models.QuerySet[ExchangeLineItem]: ...

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.decision in choices.ReturnLineItem.DECISION_TRANSITIONS

    def arrive(self, at: datetime) -> None:
        self._receive_as(choices.ReturnLineItem.Reception.RECEIVED)
        self.received_at = at
        self.save()

    def mark_absent(self, reception: str) -> None:
        """Missing: the parcel came without these units, or never came. Kept: the shopper says that
        they keep them."""
        receptions = choices.ReturnLineItem.Reception
        if reception == receptions.MISSING:
            self.disposition = choices.ReturnLineItem.Disposition.MISSING
        self._receive_as(reception)

    def conclude(self, decision: str, at: datetime) -> None:
        """Move in memory; raises IllegalTransition when the units were decided before."""
        if decision not in choices.ReturnLineItem.DECISION_TRANSITIONS.get(self.decision, ()):
            raise IllegalTransition(
                subject="return_line", id=str(self.pk), current=self.decision, wanted=decision
            )
        self.decision = decision
        self.decided_at = None if self.is_open else at

    def take(self, quantity: int) -> Self:
        """This row if it holds exactly so many units, else a new row split off with them."""
        if not 1 <= quantity <= self.quantity:
            raise MoreUnitsThanHeld(line=str(self.pk), held=self.quantity, asked=quantity)
        if quantity == self.quantity:
            return self
        part = type(self)(
            **{field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}
        )
        part.pk = uuid7()
        whole = self.quantity
        part.quantity, self.quantity = quantity, whole - quantity
        part.amount = self.amount.share(quantity, whole)
        part.tax = self.tax.share(quantity, whole)
        self.amount, self.tax = self.amount - part.amount, self.tax - part.tax
        self.save()
        part.save(force_insert=True)
        for goods in self.exchanges.all():
            goods.share_with(part)
        return part

    def _receive_as(self, reception: str) -> None:
        if reception not in choices.ReturnLineItem.RECEPTION_TRANSITIONS.get(self.reception, ()):
            raise IllegalTransition(
                subject="return_line", id=str(self.pk), current=self.reception, wanted=reception
            )
        self.reception = reception
