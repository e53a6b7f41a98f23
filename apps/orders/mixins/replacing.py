"""New goods that ran out after the return was settled with them: their value is paid instead."""

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.money import Money
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.calculator.breakdown import Breakdown
from apps.orders.calculator.replacing import Replacement, instead_of, price_in
from apps.orders.calculator.tenders import Leg, draw
from apps.orders.mixins.order_refunds import RefundAboveCap, RefundClaim
from apps.orders.mixins.refund import NOT_HANDED_OUT, RefundMixin
from apps.orders.modules.discounts.terms import FrozenTerms

if TYPE_CHECKING:
    from apps.orders.models.exchange import ExchangeLineItem

Mode, Method = choices.Return.Mode, choices.Return.RefundMethod


class ReplacingMixin(RefundMixin):
    if TYPE_CHECKING:
        type: str
        mode: str

    class Meta:
        abstract = True

    def replacements(self) -> list[Replacement]:
        """What was paid, or is to be paid, instead of goods after the return was settled."""
        ran_out = self.exchanges.filter(replacement__isnull=False).order_by("pk")
        return [Replacement.from_json(each.replacement) for each in ran_out]

    @property
    def pays_credit(self) -> bool:
        """Some of what the return pays is store credit that may be unused."""
        methods = {self.refund_method, *(each.method for each in self.replacements())}
        return Method.STORE_CREDIT in methods

    @verb
    def pay_instead(self, goods: "ExchangeLineItem") -> Replacement:
        """Once, of a settled return: the goods are let go, and the payments of the order that pay
        their value are claimed. Raises IllegalTransition where they are ordered, or let go before,
        RefundAboveCap where no payment holds so much."""
        settled = self.settled
        if settled is None:
            raise ValueError(f"{self} is not settled")
        goods.run_out()
        price, currency = self._price_of(goods, settled), settled.net.currency
        before = Money.total((each.goods for each in self.replacements()), currency)
        paid = instead_of(settled, before, price, self._method_instead(goods))
        paid = replace(paid, legs=self._legs(paid))
        # Its value was counted with the goods; only which payments give it back is new.
        tenders = {UUID(leg.tender_id): leg.amount for leg in paid.legs}
        self.order.claim_refund(RefundClaim(amount=Money.zero(currency), tenders=tenders))
        _count_as_refunded(goods)
        goods.replace(paid)
        return paid

    def _method_instead(self, goods: "ExchangeLineItem") -> str:
        by_credit = goods.fallback == choices.ExchangeLineItem.Fallback.CREDIT
        return Method.STORE_CREDIT if by_credit else self.refund_method

    def _price_of(self, goods: "ExchangeLineItem", settled: Breakdown) -> Money:
        """Cumulative over the rows that share a price, so that they add up to it."""
        counted = [each for each in self._among_the_new(goods.variant_id) if each.pk != goods.pk]
        units = sum(each.quantity for each in counted) + goods.quantity
        ahead = sum(each.quantity for each in counted if each.pk < goods.pk)
        price = price_in(settled, goods.variant_id)
        return price.share(ahead + goods.quantity, units) - price.share(ahead, units)

    def _among_the_new(self, variant_id: str) -> "list[ExchangeLineItem]":
        """Rows whose goods the breakdown holds: of an advance all of them, else those of accepted
        units that were to be had."""
        rows = self.exchanges.filter(variant_id=variant_id)
        if self.mode != Mode.INSTANT:
            accepted = choices.ReturnLineItem.Decision.ACCEPTED
            rows = rows.filter(return_line__decision=accepted).exclude(
                status__in=NOT_HANDED_OUT, replacement__isnull=True
            )
        return list(rows)

    def _legs(self, paid: Replacement) -> tuple[Leg, ...]:
        """Drawn on what the order's payments hold, refunds that only the shop knows of counted."""
        facts = self.order.facts()
        seen = dict(self.order.tenders.values_list("pk", "at_shop_minor"))
        currency = paid.refund.currency
        tenders = tuple(
            replace(each, refunded=max(each.refunded, Money(seen[UUID(each.id)], currency)))
            for each in facts.tenders
        )
        left = Money.total((each.left for each in tenders), currency)
        if paid.refund > left:
            asked, rest = dict(paid.refund.as_json()), dict(left.as_json())
            raise RefundAboveCap(of="order", asked=asked, left=rest)
        terms = FrozenTerms(self.terms).for_method(paid.method)
        return draw(replace(facts, tenders=tenders), paid.refund, terms.tender_order)


def _count_as_refunded(goods: "ExchangeLineItem") -> None:
    item = goods.return_line.line_item
    item.refresh_from_db(fields=["exchanged_quantity"])
    item.exchanged_quantity -= goods.quantity
    item.save(update_fields=["exchanged_quantity", "updated_at"])
