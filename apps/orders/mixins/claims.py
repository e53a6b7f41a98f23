"""What the units of an advance that were not accepted are worth, by cause."""

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Sum

from apps.core.money import Money
from apps.orders import choices
from apps.orders.calculator.replacing import Replacement, price_in
from apps.orders.mixins.refund import NOT_HANDED_OUT
from apps.orders.mixins.replacing import ReplacingMixin
from apps.orders.modules.advances.arithmetic import Claim
from apps.orders.modules.advances.models import Advance

if TYPE_CHECKING:
    from apps.orders.models.exchange import ExchangeLineItem
    from apps.orders.models.return_line import ReturnLineItem

Decision, Reception = choices.ReturnLineItem.Decision, choices.ReturnLineItem.Reception
Cause = choices.Advance.Cause


class ClaimsMixin(ReplacingMixin):
    if TYPE_CHECKING:
        pk: UUID
        received_at: datetime | None

    class Meta:
        abstract = True

    def has_advance(self) -> Advance | None:
        return Advance.objects.of_return(self.pk)

    def units_held(self, line_item_id: UUID) -> int:
        held = self.lines.filter(line_item_id=line_item_id).exclude(decision=Decision.REJECTED)
        held = held.exclude(reception=Reception.CANCELLED)
        return held.aggregate(units=Sum("quantity"))["units"] or 0

    def claims_on(self, advance: Advance, refused: "list[ReturnLineItem]") -> list[Claim]:
        """One for each cause, over the units that were not accepted."""
        by_cause: dict[str, list[ReturnLineItem]] = defaultdict(list)
        for line in refused:
            by_cause[self._cause(line)].append(line)
        ahead: dict[UUID, int] = {}
        return [
            self._claim(advance, cause, by_cause[cause], ahead)
            for cause in Cause.values
            if cause in by_cause
        ]

    def _cause(self, line: "ReturnLineItem") -> str:
        if line.reception == Reception.KEPT:
            return Cause.CHANGED_MIND
        if line.reception == Reception.MISSING:
            return Cause.MISSING if self.received_at else Cause.NOT_RETURNED
        return Cause.REJECTED

    def _claim(
        self,
        advance: Advance,
        cause: str,
        lines: "list[ReturnLineItem]",
        ahead: dict[UUID, int],
    ) -> Claim:
        """Value after the units that stay accepted, so that all parts add up to the cent."""
        tree, zero = advance.tree, Money.zero(advance.currency)
        value, goods = zero, zero
        for line in lines:
            item = line.line_item_id
            before = ahead.setdefault(item, self.units_held(item))
            value += tree.value_of(str(item), line.quantity, before).at_least_zero()
            ahead[item] = before + line.quantity
            goods += self._goods_never_sent(advance, line) + _forgone(line, advance.currency)
        return Claim(cause, tuple(str(line.pk) for line in lines), value, goods.capped(value))

    def _goods_never_sent(self, advance: Advance, line: "ReturnLineItem") -> Money:
        """Price of the line's new goods that were called off in time."""
        never = line.exchanges.filter(status__in=NOT_HANDED_OUT, replacement__isnull=True)
        return self._price_of_goods(advance, never)

    def goods_earned(self, advance: Advance) -> Money:
        """Price of the new goods of accepted units, had or paid instead."""
        earned = self.exchanges.filter(return_line__decision=Decision.ACCEPTED)
        return self._price_of_goods(advance, earned)

    def _price_of_goods(self, advance: Advance, rows: "models.QuerySet[ExchangeLineItem]") -> Money:
        """In the breakdown."""
        total = Money.zero(advance.currency)
        for goods in rows:
            every = self.exchanges.filter(variant_id=goods.variant_id)
            units = every.aggregate(units=Sum("quantity"))["units"]
            total += price_in(advance.tree, goods.variant_id).share(goods.quantity, units)
        return total


def _forgone(line: "ReturnLineItem", currency: str) -> Money:
    """Of goods that ran out: what was not paid in their place."""
    ran_out = line.exchanges.filter(replacement__isnull=False)
    paid = (Replacement.from_json(each.replacement) for each in ran_out)
    return Money.total((each.forgone for each in paid), currency)
