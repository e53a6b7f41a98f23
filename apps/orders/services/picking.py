"""The units a shopper picked, each matched with its line, its reasons and the goods wanted."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.errors import DomainError
from apps.orders import choices
from apps.orders.calculator.facts import ExchangeItem, UnitRequest, Wish
from apps.orders.calculator.taxes import tax_inside, tax_upon
from apps.orders.models import ReturnReason, StockLevel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from apps.orders.dtos import UnitWish
    from apps.orders.models import LineItem, Order


class UnknownLine(DomainError):
    code = "unknown_line"
    title = "The order has no such line"
    status = 404


class NoUnits(DomainError):
    code = "no_units"
    title = "A return needs at least one unit"
    status = 400


class MoreUnitsThanLeft(DomainError):
    code = "more_units_than_left"
    title = "Fewer units of the line can still be returned"
    status = 409


class UnknownReason(DomainError):
    code = "unknown_reason"
    title = "The store has no such return reason"
    status = 400


class ReasonNeedsMore(DomainError):
    code = "reason_needs_more"
    title = "This reason asks for a text or a photo"
    status = 400


class UnknownVariant(DomainError):
    code = "unknown_variant"
    title = "The store has no such variant to exchange for"
    status = 400


@dataclass(frozen=True, slots=True)
class Picked:
    wish: "UnitWish"
    line: "LineItem"
    reason: ReturnReason | None
    sub_reason: ReturnReason | None
    wanted: StockLevel | None

    def as_request(self, *, tax_included: bool, waives_fees: bool) -> UnitRequest:
        waived = waives_fees or any(
            reason.waives_fee for reason in (self.reason, self.sub_reason) if reason
        )
        return UnitRequest(
            line_id=str(self.line.pk),
            quantity=self.wish.quantity,
            wish=Wish.EXCHANGE if self.wanted else Wish.REFUND,
            exchange=self.exchange_item(tax_included=tax_included),
            waives_fees=waived,
        )

    def exchange_item(self, *, tax_included: bool) -> ExchangeItem | None:
        if self.wanted is None:
            return None
        price = self.wanted.price * self.wish.quantity
        tax = (tax_inside if tax_included else tax_upon)(price, self.wanted.rate)
        return ExchangeItem(
            variant_id=self.wanted.variant_id,
            label=self.wanted.title,
            unit_price=self.wanted.price,
            quantity=self.wish.quantity,
            tax=tax,
            tax_rate=self.wanted.rate,
        )


def pick(
    order: "Order", wishes: "Sequence[UnitWish]", lines: "Iterable[LineItem] | None" = None
) -> list[Picked]:
    """Four queries whatever the number of units, one less where the order's lines are at hand.

    Raises the refusal of the first bad one.
    """
    if not wishes:
        raise NoUnits
    own = {line.pk: line for line in (order.lines.all() if lines is None else lines)}
    _check_quantities(own, wishes)
    codes = {code for wish in wishes for code in (wish.reason, wish.sub_reason) if code}
    reasons = {
        reason.code: reason
        for reason in ReturnReason.objects.for_store(order.store).filter(code__in=codes)
    }
    variants = {wish.variant_id for wish in wishes if wish.variant_id}
    levels = {
        level.variant_id: level
        for level in StockLevel.objects.for_store(order.store).filter(variant_id__in=variants)
    }
    return [
        Picked(
            wish=wish,
            line=own[wish.line_id],
            reason=_reason(reasons, wish.reason, wish),
            sub_reason=_reason(reasons, wish.sub_reason, wish),
            wanted=_wanted(levels, wish),
        )
        for wish in wishes
    ]


def _check_quantities(lines: "dict[UUID, LineItem]", wishes: "Sequence[UnitWish]") -> None:
    asked: Counter[UUID] = Counter()
    for wish in wishes:
        if wish.line_id not in lines:
            raise UnknownLine(line=str(wish.line_id))
        asked[wish.line_id] += wish.quantity
    for line_id, quantity in asked.items():
        left = lines[line_id].returnable_quantity
        if quantity > left:
            raise MoreUnitsThanLeft(line=str(line_id), asked=quantity, left=left)


def _reason(reasons: dict[str, ReturnReason], code: str, wish: "UnitWish") -> ReturnReason | None:
    if not code:
        return None
    if code not in reasons:
        raise UnknownReason(reason=code)
    reason = reasons[code]
    if reason.needs_text and not wish.comment:
        raise ReasonNeedsMore(reason=code, needs="text")
    if reason.needs_photo and not wish.images:
        raise ReasonNeedsMore(reason=code, needs="photo")
    return reason


def _wanted(levels: dict[str, StockLevel], wish: "UnitWish") -> StockLevel | None:
    if wish.wish != choices.ReturnLineItem.Wish.EXCHANGE:
        return None
    if wish.variant_id not in levels:
        raise UnknownVariant(variant=wish.variant_id)
    return levels[wish.variant_id]
