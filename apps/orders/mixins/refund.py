"""What an accepted return pays: worked out once, by the function of the quote, and claimed."""

from collections import Counter
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from apps.core.errors import DomainError
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.calculate import calculate
from apps.orders.calculator.facts import ExchangeItem, UnitRequest, Wish
from apps.orders.calculator.tree import Json, Kind
from apps.orders.mixins.order_refunds import RefundClaim
from apps.orders.mixins.units import UnitsMixin
from apps.orders.modules.discounts.terms import FrozenTerms

if TYPE_CHECKING:
    from apps.orders.models.exchange import ExchangeLineItem
    from apps.orders.models.return_line import ReturnLineItem


NOT_HANDED_OUT = (
    choices.ExchangeLineItem.Status.OUT_OF_STOCK,
    choices.ExchangeLineItem.Status.REPLACED,
    choices.ExchangeLineItem.Status.CANCELLED,
)


class NothingAccepted(DomainError):
    code = "nothing_accepted"
    title = "No unit of the return was accepted"
    status = 409


class RefundMixin(UnitsMixin):
    if TYPE_CHECKING:
        refund_method: str
        terms: dict[str, Json]
        settlement: dict[str, Json] | None

        @property
        def exchanges(self) -> models.QuerySet[ExchangeLineItem]: ...

    class Meta:
        abstract = True

    @property
    def settled(self) -> Breakdown | None:
        return None if self.settlement is None else Breakdown.from_json(self.settlement)

    @verb
    def settle(self) -> Breakdown:
        """The breakdown of the accepted units, counted into the caps; a repeat returns the same.

        Raises NothingAccepted, or RefundAboveCap when the order no longer holds so much.
        """
        if self.settled is not None:
            return self.settled
        if self.status not in (
            choices.Return.Status.ACCEPTED,
            choices.Return.Status.PARTLY_ACCEPTED,
        ):
            raise NothingAccepted(number=str(self))
        accepted = [
            line
            for line in self.locked_lines()
            if line.decision == choices.ReturnLineItem.Decision.ACCEPTED
        ]
        terms = FrozenTerms(self.terms).for_method(self.refund_method)
        units = self.unit_requests(accepted)
        breakdown = calculate(self.order.facts(_held(accepted)), units, terms)
        self.order.claim_refund(claim_of(breakdown))
        count_settled(accepted, units)
        note_refunded(accepted, breakdown)
        self.settlement = breakdown.as_json()
        return breakdown

    def unit_requests(self, lines: "list[ReturnLineItem]") -> tuple[UnitRequest, ...]:
        wanted = {exchange.return_line_id: exchange for exchange in self.exchanges.all()}
        return tuple(_unit_request(line, wanted.get(line.pk)) for line in lines)


def _unit_request(line: "ReturnLineItem", wanted: "ExchangeLineItem | None") -> UnitRequest:
    if wanted is not None and wanted.status not in NOT_HANDED_OUT:
        item = ExchangeItem(
            variant_id=wanted.variant_id,
            label=wanted.title,
            unit_price=wanted.price,
            quantity=wanted.quantity,
            tax=wanted.tax,
            tax_rate=wanted.rate,
        )
    else:
        item = None
    return UnitRequest(
        line_id=str(line.line_item_id),
        quantity=line.quantity,
        wish=Wish.EXCHANGE if item else Wish.REFUND,
        exchange=item,
        waives_fees=line.waives_fees,
    )


def claim_of(breakdown: Breakdown) -> RefundClaim:
    """Lines are counted gross and signed: a kept line that lost its discount gave money back."""
    return RefundClaim(
        amount=breakdown.given_back,
        lines={UUID(key): line.gross for key, line in breakdown.line_amounts.items()},
        tenders={UUID(leg.tender_id): leg.amount for leg in breakdown.legs},
        shipping=breakdown.tree.part(Kind.SHIPPING),
        duties=breakdown.tree.part(Kind.DUTIES),
    )


def _held(lines: "list[ReturnLineItem]") -> Counter[UUID]:
    held = Counter[UUID]()
    for line in lines:
        held[line.line_item_id] += line.quantity
    return held


def count_settled(lines: "list[ReturnLineItem]", units: tuple[UnitRequest, ...]) -> None:
    for line, unit in zip(lines, units, strict=True):
        item = line.line_item
        item.refresh_from_db(fields=["refunded_quantity", "exchanged_quantity"])
        item.refunded_quantity += line.quantity
        item.exchanged_quantity += line.quantity if unit.exchange else 0
        item.save(update_fields=["refunded_quantity", "exchanged_quantity", "updated_at"])


def note_refunded(lines: "list[ReturnLineItem]", breakdown: Breakdown) -> None:
    """What each row gave back, fees on its units off; rows of one order line share its sum."""
    already = Counter[UUID]()
    for line in lines:
        before = already[line.line_item_id]
        value = breakdown.value_of(str(line.line_item_id), line.quantity, before)
        already[line.line_item_id] += line.quantity
        line.refunded = value.at_least_zero()
        line.save(update_fields=["refunded_minor", "updated_at"])
