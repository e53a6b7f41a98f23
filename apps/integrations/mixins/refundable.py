"""What can still go back, for platforms that have no call of their own that says it."""

from typing import override

from apps.core.money import Money
from apps.integrations.connectors import AbstractConnector, Declined
from apps.integrations.dtos import OrderSnapshot


class RefundableByTendersMixin(AbstractConnector):
    """Out of the order as it is now: what a payment captured less what went back to it."""

    def known_order(self, order_id: str) -> OrderSnapshot:
        """Declined with `order_not_found` where the shop has none."""
        found = self.fetch_order(order_id)
        if found is None:
            raise Declined("order_not_found")
        return found

    @override
    def max_refundable(self, order_id: str, payment_id: str) -> Money:
        order = self.known_order(order_id)
        left = [
            each.captured - each.refunded
            for each in order.tenders
            if each.external_id == payment_id
        ]
        return Money.total(left, order.currency)
