"""The new goods of an exchange: held, ordered at the shop, handed out, or replaced by money."""

from copy import copy
from typing import TYPE_CHECKING
from uuid import UUID

from apps.core.ids import uuid7
from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.orders import choices
from apps.orders.calculator.replacing import Replacement
from apps.orders.modules.inventory import services as inventory

if TYPE_CHECKING:
    from apps.accounts.models import Merchant
    from apps.core.errors import Detail
    from apps.core.money import Money
    from apps.events.models import Event
    from apps.orders.calculator.tree import Json
    from apps.orders.mixins.unit_decision import UnitDecisionMixin
    from apps.orders.models.ret import Return


class ExchangeMixin(WithStatus):
    if TYPE_CHECKING:
        ret: Return
        return_line_id: UUID
        merchant: Merchant
        platform_order_id: str
        replacement: dict[str, Json] | None
        quantity: int
        discount: Money
        tax: Money

    class Meta:
        abstract = True

    @verb
    def hold(self) -> None:
        self.become(choices.ExchangeLineItem.Status.RESERVED)
        self._tell(choices.Event.EXCHANGE_RESERVED)

    @verb
    def run_out(self) -> None:
        """The goods are not to be had; the fallback pays instead."""
        self.become(choices.ExchangeLineItem.Status.OUT_OF_STOCK)
        inventory.release(self.merchant, self.pk)
        self._tell(choices.Event.EXCHANGE_OUT_OF_STOCK)

    @verb
    def replace(self, paid: Replacement | None = None) -> None:
        """`paid` where the return was settled with the goods; else its settlement pays them."""
        self.become(choices.ExchangeLineItem.Status.REPLACED)
        if paid is not None:
            self.replacement = paid.as_json()
        self._tell(choices.Event.EXCHANGE_REPLACED, **_value(paid))

    @verb
    def place_order(self, platform_order_id: str) -> None:
        self.become(choices.ExchangeLineItem.Status.ORDERED)
        self.platform_order_id = platform_order_id
        inventory.use(self.merchant, self.pk)
        self._tell(choices.Event.EXCHANGE_ORDERED)

    @verb
    def fulfil(self) -> None:
        self.become(choices.ExchangeLineItem.Status.FULFILLED)
        self._tell(choices.Event.EXCHANGE_FULFILLED)

    @verb
    def cancel(self) -> None:
        """While nothing was handed out; raises IllegalTransition after."""
        self.become(choices.ExchangeLineItem.Status.CANCELLED)
        inventory.release(self.merchant, self.pk)
        self._tell(choices.Event.EXCHANGE_CANCELLED)

    def share_with(self, part: "UnitDecisionMixin") -> None:
        """Hand the goods for `part`, split off this one's line, to a row of their own."""
        whole = self.quantity
        twin = copy(self)
        twin.pk, twin.return_line_id, twin.quantity = uuid7(), part.pk, part.quantity
        twin.discount = self.discount.share(part.quantity, whole)
        twin.tax = self.tax.share(part.quantity, whole)
        self.discount, self.tax = self.discount - twin.discount, self.tax - twin.tax
        self.quantity -= part.quantity
        self.save()
        twin.save(force_insert=True)
        inventory.split(self.merchant, self.pk, twin.pk, twin.quantity)

    def _tell(self, kind: str, **told: "Detail") -> "Event":
        return self.ret.record(kind, exchange=str(self.pk), **told)


def _value(paid: Replacement | None) -> "dict[str, Detail]":
    if paid is None:
        return {}
    return {
        "method": paid.method,
        "refund": dict(paid.refund.as_json()),
        "back": dict(paid.back.as_json()),
    }
