"""What a platform has no way for, refused before any call: one mixin for each capability.

They stand ahead of AbstractConnector; the reason is in the connector's `why_not`.
"""

from typing import override

from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.connectors import AbstractConnector
from apps.integrations.dtos import RefundOrder, RefundReceipt


class NoReturnsMixin(AbstractConnector):
    """Returns are kept on our side only."""

    @override
    def open_return(self, order: asking.ReturnOrder) -> asking.PlatformReturn:
        raise self.refuse(Capability.RETURNS)

    @override
    def close_return(self, return_id: str) -> asking.PlatformReturn:
        raise self.refuse(Capability.RETURNS)

    @override
    def approve_return(self, return_id: str) -> asking.PlatformReturn:
        raise self.refuse(Capability.RETURN_REQUESTS)

    @override
    def decline_return(self, return_id: str, reason: str) -> asking.PlatformReturn:
        raise self.refuse(Capability.RETURN_REQUESTS)


class NoRefundsMixin(AbstractConnector):
    """Money goes back through the payment provider, by bank or as credit."""

    @override
    def max_refundable(self, order_id: str, payment_id: str) -> Money:
        raise self.refuse(Capability.REFUNDS)

    @override
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        raise self.refuse(Capability.REFUNDS)

    @override
    def find_refund(self, order: RefundOrder) -> RefundReceipt | None:
        raise self.refuse(Capability.REFUNDS)


class NoSuggestionsMixin(AbstractConnector):
    @override
    def calculate_refund(self, question: asking.RefundQuestion) -> asking.RefundSuggestion:
        raise self.refuse(Capability.SUGGESTIONS)


class NoExchangesMixin(AbstractConnector):
    @override
    def create_exchange_order(self, order: asking.ExchangeOrder) -> asking.PlacedOrder:
        raise self.refuse(Capability.EXCHANGES)


class NoReservationsMixin(AbstractConnector):
    @override
    def reserve_stock(self, move: asking.StockMove) -> None:
        raise self.refuse(Capability.RESERVATIONS)


class NoWebhooksMixin(AbstractConnector):
    """Changes are read every few minutes."""

    @override
    def register_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        raise self.refuse(Capability.WEBHOOKS)

    @override
    def check_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        raise self.refuse(Capability.WEBHOOKS)

    @override
    def remove_webhooks(self, url: str) -> None:
        raise self.refuse(Capability.WEBHOOKS)
