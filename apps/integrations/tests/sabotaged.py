"""Connectors that each do one thing wrong, for the controls of the contract."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import override

from apps.core.http import HttpError
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.connectors import Declined, NotOffered
from apps.integrations.custom.connectors import Connector
from apps.integrations.dtos import LineSnapshot, OrderSnapshot, RefundOrder, RefundReceipt

_numbers = count(1)


def fresh() -> str:
    """A reference that nobody has used."""
    return f"another:{next(_numbers)}"


class ForgetsReferences(Connector):
    """Each call is one of its own."""

    @override
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        return super().create_refund(replace(order, reference=fresh()))

    @override
    def find_refund(self, order: RefundOrder) -> RefundReceipt | None:
        return None

    @override
    def open_return(self, order: asking.ReturnOrder) -> asking.PlatformReturn:
        return super().open_return(replace(order, reference=fresh()))

    @override
    def create_exchange_order(self, order: asking.ExchangeOrder) -> asking.PlacedOrder:
        return super().create_exchange_order(replace(order, reference=fresh()))

    @override
    def restock(self, move: asking.StockMove) -> None:
        super().restock(replace(move, reference=fresh()))

    @override
    def create_credit(self, order: asking.CreditOrder) -> asking.PlatformCredit:
        return super().create_credit(replace(order, reference=fresh()))


class OneReferenceForAll(Connector):
    @override
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        return super().create_refund(replace(order, reference="refund"))


class SendsAgainBlindly(Connector):
    """Under another reference, as if nothing had come of the first call."""

    @override
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        try:
            return super().create_refund(order)
        except HttpError:
            super().create_refund(replace(order, reference=fresh()))
            raise


class PaysWhatUnitsCost(Connector):
    @override
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        found = self.fetch_order(order.order_id)
        if not order.lines or found is None:
            return super().create_refund(order)
        (line,) = found.lines
        cost = line.total.share(order.lines[0].quantity, line.quantity)
        return super().create_refund(replace(order, amount=cost))


class ReadsWrongly(Connector):
    """A subclass says what becomes of a line or an order."""

    @override
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        found = super().fetch_order(order_id)
        return found and self.order(replace(found, lines=tuple(map(self.line, found.lines))))

    def line(self, line: LineSnapshot) -> LineSnapshot:
        return line

    def order(self, order: OrderSnapshot) -> OrderSnapshot:
        return order


class DropsDiscounts(ReadsWrongly):
    @override
    def line(self, line: LineSnapshot) -> LineSnapshot:
        return replace(line, discounts=())


class WorksTotalsOut(ReadsWrongly):
    """Price by quantity less the allocations, stale ones included."""

    @override
    def line(self, line: LineSnapshot) -> LineSnapshot:
        off = Money.total((each.amount for each in line.discounts), line.total.currency)
        full = Money(line.unit_price.minor * line.quantity, line.total.currency)
        return replace(line, total=full - off)


class MissesRefunds(ReadsWrongly):
    @override
    def order(self, order: OrderSnapshot) -> OrderSnapshot:
        zero = Money.zero(order.currency)
        return replace(order, tenders=tuple(replace(each, refunded=zero) for each in order.tenders))

    @override
    def max_refundable(self, order_id: str, payment_id: str) -> Money:
        found = self.fetch_order(order_id)
        return found.tenders[0].captured if found else Money.zero(self.shop.currency)


class TakesOutagesForNothing(Connector):
    @override
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        try:
            return super().fetch_order(order_id)
        except (HttpError, Declined):
            return None

    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        with suppress(HttpError):
            return super().changed_orders(since, cursor)
        return asking.OrderPage(orders=())


class StopsAfterOnePage(Connector):
    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        return replace(super().changed_orders(since, cursor), cursor="")

    @override
    def list_variants(self, product_id: str = "", cursor: str = "") -> asking.VariantPage:
        return replace(super().list_variants(product_id, cursor), cursor="")


class LosesUnreadable(Connector):
    @override
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        return replace(super().changed_orders(since, cursor), unreadable=())


class SwallowsRefusals(Connector):
    @override
    def cancel_order(self, order_id: str, reason: str) -> None:
        with suppress(Declined):
            super().cancel_order(order_id, reason)

    @override
    def void_credit(self, credit_id: str) -> None:
        with suppress(Declined):
            super().void_credit(credit_id)

    @override
    def reserve_stock(self, move: asking.StockMove) -> None:
        with suppress(Declined):
            super().reserve_stock(move)


class PromisesTooMuch(Connector):
    """Asks the shop for what it does not offer."""

    @property
    @override
    def offers(self) -> frozenset[Capability]:
        return super().offers - {Capability.NOTES}

    @override
    def add_note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> None:
        with suppress(Declined):
            self._client.ask("order.get", {"order_id": order_id})
        raise NotOffered(Capability.NOTES, "Asked, and then refused")


class RegistersAgain(Connector):
    @override
    def check_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        return tuple(each for each in super().check_webhooks(url) if each.is_active)
