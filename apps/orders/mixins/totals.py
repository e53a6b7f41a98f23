"""An order as the calculator reads it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from apps.core.money import Money
from apps.orders.calculator.facts import (
    Allocation,
    DutiesFacts,
    LineFacts,
    OrderFacts,
    ShippingFacts,
    TenderFacts,
)
from apps.orders.modules.discounts.thresholds import basket_discounts

if TYPE_CHECKING:
    from apps.core.errors import Detail
    from apps.orders.models.order import OrderTender
    from apps.orders.models.order_line import LineItem


class TotalsMixin(models.Model):
    if TYPE_CHECKING:
        currency: str
        tax_included: bool
        discounts: list[dict[str, Detail]]
        shipping: Money
        shipping_tax: Money
        shipping_refunded: Money
        duties: Money
        duties_refunded: Money
        refunded: Money

        @property
        def lines(self) -> models.QuerySet[LineItem]: ...

        @property
        def tenders(self) -> models.QuerySet[OrderTender]: ...

    class Meta:
        abstract = True

    def facts(
        self,
        asking: Mapping[UUID, int] | None = None,
        lines: "Iterable[LineItem] | None" = None,
    ) -> OrderFacts:
        """The order's sums as stored at sale and what of them went back; units settled so far.

        `asking` counts, per line, units that the return that asks holds itself; `lines` are the
        order's where they are at hand.
        """
        own = asking or {}
        lines = self.lines.all() if lines is None else lines
        # Of two equal ones the first to be captured pays first, wherever their rows lie by now.
        in_order = sorted(self.tenders.all(), key=lambda tender: tender.pk)
        tenders = tuple(_tender_facts(tender) for tender in in_order)
        by_tenders = Money.total((tender.refunded for tender in tenders), self.currency)
        return OrderFacts(
            currency=self.currency,
            tax_included=self.tax_included,
            lines=tuple(_line_facts(line, own.get(line.pk, 0)) for line in lines),
            tenders=tenders,
            shipping=ShippingFacts(
                paid=self.shipping, tax=self.shipping_tax, refunded=self.shipping_refunded
            ),
            duties=DutiesFacts(paid=self.duties, refunded=self.duties_refunded),
            discounts=basket_discounts(self.discounts, self.currency),
            elsewhere=(self.refunded - by_tenders).at_least_zero(),
        )


def _tender_facts(tender: "OrderTender") -> TenderFacts:
    return TenderFacts(
        id=str(tender.pk),
        kind=tender.kind,
        captured=tender.captured,
        refunded=tender.refunded,
        is_credit=tender.is_credit,
    )


def _line_facts(line: "LineItem", own: int) -> LineFacts:
    rates = [Decimal(str(tax["rate"])) for tax in line.taxes if tax.get("rate")]
    return LineFacts(
        id=str(line.pk),
        label=line.title,
        quantity=line.quantity,
        unit_price=line.unit_price,
        total=line.total,
        tax=line.tax,
        returned=line.returned_quantity - own,
        refunded_units=line.refunded_quantity,
        exchanged=line.exchanged_quantity,
        refunded=line.refunded,
        tax_rate=sum(rates, Decimal(0)) * 100 if rates else None,
        discounts=tuple(
            Allocation(
                label=str(each["label"]),
                amount=Money(int(each["amount_minor"]), line.currency),
                ref=str(each.get("ref", "")),
            )
            for each in line.discounts
        ),
        is_gift=line.is_gift,
    )
