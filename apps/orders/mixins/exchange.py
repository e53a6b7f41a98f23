"""The new goods of an exchange: held, ordered at the shop, handed out, or replaced by money."""

from typing import TYPE_CHECKING

from apps.core.status import WithStatus
from apps.core.verbs import verb
from apps.orders import choices

if TYPE_CHECKING:
    from apps.events.models import Event
    from apps.orders.models.ret import Return


class ExchangeMixin(WithStatus):
    if TYPE_CHECKING:
        ret: Return
        platform_order_id: str

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
        self._tell(choices.Event.EXCHANGE_OUT_OF_STOCK)

    @verb
    def replace(self) -> None:
        self.become(choices.ExchangeLineItem.Status.REPLACED)
        self._tell(choices.Event.EXCHANGE_REPLACED)

    @verb
    def place_order(self, platform_order_id: str) -> None:
        self.become(choices.ExchangeLineItem.Status.ORDERED)
        self.platform_order_id = platform_order_id
        self._tell(choices.Event.EXCHANGE_ORDERED)

    @verb
    def fulfil(self) -> None:
        self.become(choices.ExchangeLineItem.Status.FULFILLED)
        self._tell(choices.Event.EXCHANGE_FULFILLED)

    @verb
    def cancel(self) -> None:
        """While nothing was handed out; raises IllegalTransition after."""
        self.become(choices.ExchangeLineItem.Status.CANCELLED)
        self._tell(choices.Event.EXCHANGE_CANCELLED)

    def _tell(self, kind: str) -> "Event":
        return self.ret.record(kind, exchange=str(self.pk))
