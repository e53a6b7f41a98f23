"""What the shop tells: orders, deliveries, old news, refunds made in its own admin."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from apps.core.money import Money
from apps.integrations.dtos import (
    Address,
    CustomerSnapshot,
    LineSnapshot,
    OrderSnapshot,
    ShippingSnapshot,
    TenderSnapshot,
)
from apps.orders import services as orders
from apps.orders.models import Order as OrderRow
from faults.machine.arithmetic import Line, Tender, Till, share
from faults.machine.nouns import UNKNOWN, Order, Payment
from faults.machine.play import DAY, HOW, NUMBER, How, Play, pick

GOODS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from([1, 333, 1000, 2390, 4999, 6000])),
    min_size=1,
    max_size=3,
)
ADDRESS = Address("Ana", "", "Calle 1", "", "48001", "Bilbao", "", "ES", "")


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


class ShopRules(Play):
    @initialize(goods=GOODS, included=st.booleans(), by=st.sampled_from(["card", "credit+stripe"]))
    def first_order(self, goods: list[tuple[int, int]], included: bool, by: str) -> None:
        self._import(goods, 0, by, included, How())

    @rule(
        goods=GOODS,
        shipping=st.sampled_from([0, 495]),
        by=st.sampled_from(["card", "stripe", "credit+card", "card+stripe", "stripe+stripe"]),
        included=st.booleans(),
        how=HOW,
    )
    @precondition(lambda self: len(self.model.orders) < 4)
    def import_order(
        self, goods: list[tuple[int, int]], shipping: int, by: str, included: bool, how: How
    ) -> None:
        self._import(goods, shipping, by, included, how)

    def _import(
        self, goods: list[tuple[int, int]], shipping: int, by: str, included: bool, how: How
    ) -> None:
        lines = [_line(at, units, price, included) for at, (units, price) in enumerate(goods)]
        whole = sum(line.paid for line in lines) + shipping
        tenders = _tenders(by, whole, self.next())
        till = Till(included, lines, tenders, shipping, whole)
        order = Order(UNKNOWN, till, whole)
        order.told = self._snapshot(till)
        self._tell(order, how, first=True)

    @rule(number=NUMBER, more=st.integers(1, 3), how=HOW)
    @precondition(lambda self: self.model.orders)
    def deliver_part(self, number: int, more: int, how: How) -> None:
        order = pick(self.model.orders, number)
        line = pick(order.till.lines, number)
        units = min(line.fulfilled + more, line.quantity)
        told = self._told(order)
        lines = [
            replace(each, fulfilled_quantity=units) if each.external_id == line.id else each
            for each in told.lines
        ]
        order.news.append(told)
        order.told = replace(told, lines=tuple(lines), platform_updated_at=self.at)
        self._tell(order, how)

    @rule(number=NUMBER, how=HOW)
    @precondition(lambda self: any(order.news for order in self.model.orders))
    def tell_old_news(self, number: int, how: How) -> None:
        """Webhooks of a shop come in any order: an older snapshot changes nothing."""
        order = pick([order for order in self.model.orders if order.news], number)
        orders.import_order(self.stage.store, pick(order.news, number))

    @rule(number=NUMBER, percent=st.sampled_from([1, 30, 100]), how=HOW)
    @precondition(lambda self: self.model.orders)
    def refund_in_the_shop(self, number: int, percent: int, how: How) -> None:
        """The merchant gives money back in the shop's admin, where ours are not known."""
        order, at = pick(self._refunded_by_hand() or self._tenders(), number)
        tender = order.till.tenders[at]
        left = tender.captured - tender.refunded
        amount = max(share(left, percent, 100), 0)
        if tender.is_credit or not amount:
            return
        told = self._told(order)
        tender.at_platform += amount
        order.news.append(told)
        parts = list(told.tenders)
        by_hand = self._by_hand(order, at)
        done = sum(each.amount for each in by_hand if each.status == "succeeded")
        parts[at] = replace(parts[at], refunded=euros(tender.at_platform + done))
        order.told = replace(told, tenders=tuple(parts), platform_updated_at=self.at)
        # One that waits to be made by hand is taken for the one that the shop tells of.
        expected = tender.told + sum(each.amount for each in by_hand)
        more = max(tender.at_platform + done - expected, 0)

        def booked() -> None:
            order.till.refunded += more
            tender.refunded += more
            tender.told += more
            self._booked(order)

        self.act(
            lambda: orders.import_order(self.stage.store, self._told(order)),
            booked,
            how,
            legal=True,
        )

    def _refunded_by_hand(self) -> list[tuple[Order, int]]:
        """The tenders where the shop may tell of what staff wrote down already."""
        return [
            (each.order, each.tender)
            for each in self.model.payments
            if each.gateway == "manual" and each.tender is not None
        ]

    def _tenders(self) -> list[tuple[Order, int]]:
        orders = self.model.orders
        return [(order, at) for order in orders for at in range(len(order.till.tenders))]

    def _by_hand(self, order: Order, tender: int) -> list[Payment]:
        mine = [each for each in self.model.payments if each.order is order]
        return [
            each
            for each in mine
            if (each.gateway, each.tender) == ("manual", tender) and each.status != "cancelled"
        ]

    def _tell(self, order: Order, how: How, *, first: bool = False) -> None:
        def booked() -> None:
            if first:
                self.model.orders.append(order)
                order.id = OrderRow.objects.get(external_id=self._told(order).external_id).pk
            self._booked(order)

        self.act(
            lambda: orders.import_order(self.stage.store, self._told(order)),
            booked,
            how,
            legal=True,
        )

    def _booked(self, order: Order) -> None:
        for line, told in zip(order.till.lines, self._told(order).lines, strict=True):
            assert told.fulfilled_quantity is not None
            line.fulfilled = max(told.fulfilled_quantity, line.returned)
        order.till.captured = max(order.paid, order.till.refunded)
        for tender, told_of in zip(order.till.tenders, self._told(order).tenders, strict=True):
            tender.captured = max(told_of.captured.minor, tender.refunded)

    def _told(self, order: Order) -> OrderSnapshot:
        assert isinstance(order.told, OrderSnapshot)
        return order.told

    def _snapshot(self, till: Till) -> OrderSnapshot:
        number = self.next()
        placed, vat = self.at - 5 * DAY, share(till.shipping, 21, 121)
        sent = till.shipping if till.included else till.shipping - vat
        return OrderSnapshot(
            external_id=f"order-{number}",
            number=f"#{1000 + number}",
            currency="EUR",
            placed_at=placed,
            delivered_at=placed + DAY,
            tax_included=till.included,
            total=euros(till.captured),
            lines=tuple(
                LineSnapshot(
                    external_id=line.id,
                    title=f"Goods {line.id}",
                    quantity=line.quantity,
                    unit_price=euros(line.unit_price),
                    total=euros(line.total),
                    tax=euros(line.tax),
                    fulfilled_quantity=line.fulfilled,
                )
                for line in till.lines
            ),
            shipping=(ShippingSnapshot("Post", euros(sent), euros(vat)),) if till.shipping else (),
            tenders=tuple(
                TenderSnapshot(each.id, each.kind, euros(each.captured), euros(0), each.gateway)
                for each in till.tenders
            ),
            customer=CustomerSnapshot(email=f"ana-{number}@shopper.example", name="Ana"),
            shipping_address=ADDRESS,
            platform_updated_at=self.at,
        )


def _line(at: int, units: int, price: int, included: bool) -> Line:
    """Every third unit price is ten per cent off, so that shares do not come out even."""
    total = price * units - (price * units) // 10 * (at % 2)
    tax = share(total, 21, 121) if included else share(total, 21, 100)
    paid = total if included else total + tax
    return Line(f"line-{at}", units, total, tax, paid, price, fulfilled=units - at % 2)


def _tenders(by: str, whole: int, number: int) -> list[Tender]:
    kinds = by.split("+")
    first = whole if len(kinds) == 1 else share(whole, 1, 3)
    parts = [first, whole - first][: len(kinds)]
    return [
        Tender(
            f"pi_{number}_{at}" if kind == "stripe" else f"tender-{at}",
            kind == "credit",
            part,
            by_stripe=kind == "stripe",
        )
        for at, (kind, part) in enumerate(zip(kinds, parts, strict=True))
    ]
