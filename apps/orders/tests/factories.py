"""Orders whose sums add up, and returns whose breakdown and counters agree with their lines.

`OrderFactory.create()` is a complete order: 2 x 25.00 and 1 x 50.00, delivered five days ago and
paid by card. `lines=[{...}]` and `tenders=[{...}]` say what it holds instead; a tender without
`captured_minor` takes what is left to pay. `ReturnFactory.create()` returns every unit that is
still returnable; `lines=[{"line_item": line, "quantity": 1, "exchange": {...}}]` says which.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from apps.accounts.tests.factories import ADDRESS, CustomerFactory, StoreFactory
from apps.core import clock
from apps.core.ids import uuid7
from apps.core.money import Money
from apps.orders import choices
from apps.orders.calculator.calculate import calculate
from apps.orders.calculator.facts import ExchangeItem, UnitRequest, Wish
from apps.orders.dtos import MethodChoice
from apps.orders.models import (
    ExchangeLineItem,
    ImportIssue,
    ImportJob,
    LineItem,
    Order,
    OrderTender,
    Policy,
    PolicyRule,
    Quote,
    RestockMovement,
    Return,
    ReturnLineItem,
    ReturnReason,
    StockLevel,
    StockReservation,
)
from apps.orders.modules.discounts.terms import FrozenTerms

type Specs = Sequence[dict[str, Any]] | None

TWO_LINES: list[dict[str, Any]] = [
    {"title": "T-shirt", "sku": "TS-1", "quantity": 2, "unit_price_minor": 2500},
    {"title": "Trousers", "sku": "TR-1", "quantity": 1, "unit_price_minor": 5000},
]
CSV = b"order_number,sku,quantity\n#1001,TS-1,1\n"


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _add_lines(order: Order, specs: Specs, **shared: Any) -> None:
    for position, spec in enumerate(TWO_LINES if specs is None else specs):
        named = {"position": position, "in_sums": True, **spec, **shared}
        counts = named.pop("in_sums")
        line = LineItemFactory.create(order=order, in_sums=False, **named)
        if counts:
            order.total += line.paid
            order.captured += line.paid
    order.save(update_fields=["total_minor", "captured_minor"])


def _add_tenders(order: Order, specs: Specs) -> None:
    left = order.captured_minor
    for spec in [{}] if specs is None else specs:
        tender = OrderTenderFactory.create(order=order, **{"captured_minor": left, **spec})
        left -= tender.captured_minor


def _every_unit(order: Order) -> list[dict[str, Any]]:
    return [
        {"line_item": line, "quantity": line.returnable_quantity}
        for line in order.lines.all()
        if line.returnable_quantity
    ]


def _unit_request(spec: dict[str, Any], currency: str) -> UnitRequest:
    line, quantity = spec["line_item"], spec["quantity"]
    exchange = spec.get("exchange")
    item = exchange and ExchangeItem(
        variant_id=str(exchange.get("variant_id", "other")),
        label=str(exchange.get("title", "T-shirt, L")),
        unit_price=Money(exchange.get("price_minor", line.unit_price_minor), currency),
        quantity=exchange.get("quantity", quantity),
        tax=Money(exchange.get("tax_minor", 0), currency),
        tax_rate=Decimal(exchange["tax_rate"]) if "tax_rate" in exchange else None,
    )
    return UnitRequest(
        line_id=str(line.pk),
        quantity=quantity,
        wish=Wish.EXCHANGE if item else Wish.REFUND,
        exchange=item or None,
        waives_fees=spec["waives_fees"],
    )


def _reception_in(ret: Return) -> str:
    receptions = choices.ReturnLineItem.Reception
    return receptions.RECEIVED if ret.received_at else receptions.AWAITING


def _decision_in(ret: Return) -> str:
    decisions = choices.ReturnLineItem.Decision
    accepted = ret.status == choices.Return.Status.ACCEPTED
    return decisions.ACCEPTED if accepted else decisions.PENDING


class OrderFactory(DjangoModelFactory[Order]):
    class Meta:
        model = Order
        skip_postgeneration_save = True

    class Params:
        undelivered = factory.Trait(delivered_at=None)
        unfulfilled = factory.Trait(
            shipped_at=None,
            delivered_at=None,
            lines=factory.PostGeneration(
                lambda order, _, specs: _add_lines(order, specs, fulfilled_quantity=0)
            ),
        )
        cancelled = factory.Trait(cancelled_at=factory.LazyFunction(clock.now))
        with_shipping = factory.Trait(shipping_minor=500, shipping_tax_minor=87)
        with_credit = factory.Trait(
            tenders=factory.PostGeneration(
                lambda order, *_: _add_tenders(
                    order, [{"kind": choices.Order.TenderKind.CREDIT, "captured_minor": 2500}, {}]
                )
            )
        )

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    customer = factory.SubFactory(CustomerFactory, merchant=factory.SelfAttribute("..merchant"))
    email = factory.LazyAttribute(lambda order: order.customer.email if order.customer else "")
    external_id = factory.Sequence(lambda n: f"order-{n}")
    number = factory.Sequence(lambda n: f"#{1001 + n}")
    currency = factory.SelfAttribute("store.currency")
    placed_at = factory.LazyFunction(lambda: clock.now() - timedelta(days=10))
    shipped_at = factory.LazyAttribute(lambda order: order.placed_at + timedelta(days=2))
    delivered_at = factory.LazyAttribute(lambda order: order.placed_at + timedelta(days=5))
    snapshot_hash = factory.LazyAttribute(lambda order: _hash(order.external_id.encode()))
    total_minor = factory.LazyAttribute(lambda order: order.shipping_minor + order.duties_minor)
    captured_minor = factory.SelfAttribute("total_minor")
    shipping_minor = 0
    duties_minor = 0
    shipping_address = factory.LazyFunction(lambda: {**ADDRESS, "name": "Ana López"})

    @factory.post_generation
    def lines(order: Order, create: bool, extracted: Specs, **shared: Any) -> None:  # noqa: N805
        """One LineItem a dict, TWO_LINES unless told; `lines__x=...` sets x on each."""
        _add_lines(order, extracted, **shared)

    @factory.post_generation
    def tenders(order: Order, create: bool, extracted: Specs) -> None:  # noqa: N805
        """One card payment of it all unless told."""
        _add_tenders(order, extracted)


class LineItemFactory(DjangoModelFactory[LineItem]):
    """21 % tax included in `total_minor` and `paid_minor`; adds itself to its order's sums."""

    class Meta:
        model = LineItem
        skip_postgeneration_save = True

    class Params:
        unfulfilled = factory.Trait(fulfilled_quantity=0)
        final_sale = factory.Trait(is_final_sale=True)
        gift = factory.Trait(is_gift=True, total_minor=0)

    order = factory.SubFactory(OrderFactory, lines=[])
    merchant = factory.SelfAttribute("order.merchant")
    currency = factory.SelfAttribute("order.currency")
    external_id = factory.Sequence(lambda n: f"line-{n}")
    product_id = factory.Sequence(lambda n: f"product-{n}")
    variant_id = factory.Sequence(lambda n: f"variant-{n}")
    title = "T-shirt"
    sku = factory.Sequence(lambda n: f"SKU-{n}")
    category = "Clothing"
    quantity = 1
    fulfilled_quantity = factory.SelfAttribute("quantity")
    unit_price_minor = 2500
    total_minor = factory.LazyAttribute(lambda line: line.unit_price_minor * line.quantity)
    tax_minor = factory.LazyAttribute(
        lambda line: Money(line.total_minor, line.currency).share(21, 121).minor
    )
    paid_minor = factory.LazyAttribute(
        lambda line: line.total_minor + (0 if line.order.tax_included else line.tax_minor)
    )

    @factory.post_generation
    def in_sums(line: LineItem, create: bool, extracted: bool | None) -> None:  # noqa: N805
        """Raise what the order costs, what was captured for it, and its first payment."""
        if extracted is False:
            return
        line.order.total += line.paid
        line.order.captured += line.paid
        line.order.save(update_fields=["total_minor", "captured_minor"])
        tender = line.order.tenders.order_by("id").first()
        if tender is not None:
            tender.captured += line.paid
            tender.save(update_fields=["captured_minor"])


class OrderTenderFactory(DjangoModelFactory[OrderTender]):
    class Meta:
        model = OrderTender

    order = factory.SubFactory(OrderFactory, tenders=[])
    merchant = factory.SelfAttribute("order.merchant")
    currency = factory.SelfAttribute("order.currency")
    external_id = factory.Sequence(lambda n: f"payment-{n}")
    kind = choices.Order.TenderKind.CARD
    gateway = "stripe"
    captured_minor = factory.SelfAttribute("order.captured_minor")


class ReturnReasonFactory(DjangoModelFactory[ReturnReason]):
    class Meta:
        model = ReturnReason

    class Params:
        damaged = factory.Trait(
            fault=choices.ReturnReason.Fault.CARRIER, needs_photo=True, waives_fee=True
        )

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    code = factory.Sequence(lambda n: f"too_small_{n}")
    labels = factory.LazyFunction(
        lambda: {"en": "Too small", "es": "Pequeño", "de": "Zu klein", "fr": "Trop petit"}
    )


class ReturnFactory(DjangoModelFactory[Return]):
    class Meta:
        model = Return
        skip_postgeneration_save = True

    class Params:
        method = MethodChoice(code="post_office", name="Post office", kind="drop_off")
        requested = factory.Trait(status=choices.Return.Status.REQUESTED, opened_at=None)
        shipped = factory.Trait(
            status=choices.Return.Status.SHIPPED, shipped_at=factory.LazyFunction(clock.now)
        )
        received = factory.Trait(
            status=choices.Return.Status.RECEIVED, received_at=factory.LazyFunction(clock.now)
        )
        accepted = factory.Trait(
            status=choices.Return.Status.ACCEPTED,
            received_at=factory.LazyFunction(clock.now),
            decided_at=factory.LazyFunction(clock.now),
        )
        instant = factory.Trait(
            mode=choices.Return.Mode.INSTANT,
            cover_ends_at=factory.LazyAttribute(lambda ret: ret.requested_at + timedelta(days=30)),
        )

    order = factory.SubFactory(OrderFactory)
    merchant = factory.SelfAttribute("order.merchant")
    store = factory.SelfAttribute("order.store")
    customer = factory.SelfAttribute("order.customer")
    currency = factory.SelfAttribute("order.currency")
    number = factory.Sequence(lambda n: f"R{1001 + n}")
    type = choices.Return.Type.REFUND
    status = choices.Return.Status.IN_PROGRESS
    filed_by = choices.Return.FiledBy.SHOPPER
    refund_method = choices.Return.RefundMethod.ORIGINAL
    return_method = factory.LazyAttribute(
        lambda ret: {"code": ret.method.code, "name": ret.method.name, "kind": ret.method.kind}
    )
    terms = factory.LazyAttribute(
        lambda ret: FrozenTerms.freeze(ret.store.preferences, ret.method, 1, ret.currency).stored
    )
    breakdown = factory.LazyFunction(dict)
    net_minor = 0
    requested_at = factory.LazyFunction(clock.now)
    opened_at = factory.SelfAttribute("requested_at")
    expires_at = factory.LazyAttribute(lambda ret: ret.requested_at + timedelta(days=28))

    @factory.post_generation
    def lines(ret: Return, create: bool, extracted: Specs, **shared: Any) -> None:  # noqa: N805
        """The breakdown is worked out first, as a quote does, then the units are held."""
        specs = _every_unit(ret.order) if extracted is None else extracted
        specs = [{"quantity": 1, "waives_fees": False, **spec, **shared} for spec in specs]
        facts = ret.order.facts()
        units = tuple(_unit_request(spec, ret.currency) for spec in specs)
        breakdown = calculate(facts, units, FrozenTerms(ret.terms).for_method(ret.refund_method))
        ret.breakdown = breakdown.as_json()
        ret.net = breakdown.net
        if any("exchange" in spec for spec in specs):
            ret.type = choices.Return.Type.EXCHANGE
        ret.save(update_fields=["breakdown", "net_minor", "type"])
        for spec in specs:
            exchange = spec.pop("exchange", None)
            amount = breakdown.line_amounts[str(spec["line_item"].pk)]
            line = ReturnLineItemFactory.create(
                ret=ret,
                amount_minor=amount.gross.share(spec["quantity"], amount.quantity).minor,
                tax_minor=amount.tax.share(spec["quantity"], amount.quantity).minor,
                wish=Wish.EXCHANGE if exchange else Wish.REFUND,
                **spec,
            )
            if exchange:
                ExchangeLineItemFactory.create(return_line=line, **exchange)


class ReturnLineItemFactory(DjangoModelFactory[ReturnLineItem]):
    """Holds its units on the order line, unless they are cancelled or rejected."""

    class Meta:
        model = ReturnLineItem
        skip_postgeneration_save = True

    ret = factory.SubFactory(ReturnFactory, lines=[])
    merchant = factory.SelfAttribute("ret.merchant")
    line_item = factory.LazyAttribute(lambda line: line.ret.order.lines.first())
    currency = factory.SelfAttribute("ret.currency")
    quantity = 1
    reception = factory.LazyAttribute(lambda line: _reception_in(line.ret))
    decision = factory.LazyAttribute(lambda line: _decision_in(line.ret))
    received_at = factory.SelfAttribute("ret.received_at")
    decided_at = factory.SelfAttribute("ret.decided_at")
    amount_minor = factory.LazyAttribute(
        lambda line: line.line_item.paid.share(line.quantity, line.line_item.quantity).minor
    )
    tax_minor = factory.LazyAttribute(
        lambda line: line.line_item.tax.share(line.quantity, line.line_item.quantity).minor
    )

    @factory.post_generation
    def held(line: ReturnLineItem, create: bool, extracted: bool | None) -> None:  # noqa: N805
        free = (
            line.reception == choices.ReturnLineItem.Reception.CANCELLED
            or line.decision == choices.ReturnLineItem.Decision.REJECTED
        )
        if extracted is False or free:
            return
        line.line_item.returned_quantity += line.quantity
        line.line_item.save(update_fields=["returned_quantity"])


class ExchangeLineItemFactory(DjangoModelFactory[ExchangeLineItem]):
    """An even exchange of its return line unless a price is given."""

    class Meta:
        model = ExchangeLineItem

    return_line = factory.SubFactory(
        ReturnLineItemFactory, wish=choices.ReturnLineItem.Wish.EXCHANGE
    )
    ret = factory.SelfAttribute("return_line.ret")
    merchant = factory.SelfAttribute("ret.merchant")
    variant_id = factory.Sequence(lambda n: f"other-variant-{n}")
    title = "T-shirt, L"
    quantity = factory.SelfAttribute("return_line.quantity")
    currency = factory.SelfAttribute("ret.currency")
    price_minor = factory.SelfAttribute("return_line.line_item.unit_price_minor")


class QuoteFactory(DjangoModelFactory[Quote]):
    """All returnable units of the order against one refund method."""

    class Meta:
        model = Quote

    order = factory.SubFactory(OrderFactory)
    store = factory.SelfAttribute("order.store")
    merchant = factory.SelfAttribute("order.merchant")
    currency = factory.SelfAttribute("order.currency")
    order_version = factory.SelfAttribute("order.version")
    policy_version = 0
    request = factory.LazyFunction(dict)
    terms = factory.LazyAttribute(
        lambda quote: (
            FrozenTerms.freeze(quote.store.preferences, MethodChoice(), 1, quote.currency).stored
        )
    )
    options = factory.LazyFunction(dict)
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(minutes=30))


class ImportJobFactory(DjangoModelFactory[ImportJob]):
    class Meta:
        model = ImportJob

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    kind = choices.ImportJob.Kind.ORDERS_CSV
    file_name = "orders.csv"
    file = factory.django.FileField(data=CSV, filename="orders.csv")
    file_hash = _hash(CSV)


class ImportIssueFactory(DjangoModelFactory[ImportIssue]):
    class Meta:
        model = ImportIssue

    job = factory.SubFactory(ImportJobFactory)
    merchant = factory.SelfAttribute("job.merchant")
    line_number = 2
    kind = "refused"
    code = "unknown_sku"
    message = "No such SKU"


class PolicyFactory(DjangoModelFactory[Policy]):
    class Meta:
        model = Policy

    class Params:
        published = factory.Trait(
            status=choices.Policy.Status.PUBLISHED, published_at=factory.LazyFunction(clock.now)
        )

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    version = factory.LazyAttribute(lambda policy: policy.store.policies.count() + 1)


class PolicyRuleFactory(DjangoModelFactory[PolicyRule]):
    """Refuses units of SKU-BLOCKED unless told."""

    class Meta:
        model = PolicyRule

    policy = factory.SubFactory(PolicyFactory)
    merchant = factory.SelfAttribute("policy.merchant")
    action = choices.Policy.Action.BLOCK
    code = factory.Sequence(lambda n: f"rule_{n}")
    conditions = factory.LazyFunction(
        lambda: [{"field": "sku", "operator": "in", "value": ["SKU-BLOCKED"]}]
    )


class StockLevelFactory(DjangoModelFactory[StockLevel]):
    class Meta:
        model = StockLevel

    store = factory.SubFactory(StoreFactory)
    merchant = factory.SelfAttribute("store.merchant")
    currency = factory.SelfAttribute("store.currency")
    variant_id = factory.Sequence(lambda n: f"stocked-{n}")
    product_id = factory.Sequence(lambda n: f"product-{n}")
    title = "T-shirt, L"
    price_minor = 2500
    tax_rate = "21"
    on_hand = 10


class StockReservationFactory(DjangoModelFactory[StockReservation]):
    class Meta:
        model = StockReservation
        skip_postgeneration_save = True

    level = factory.SubFactory(StockLevelFactory)
    merchant = factory.SelfAttribute("level.merchant")
    exchange_line_id = factory.LazyFunction(uuid7)
    quantity = 1
    expires_at = factory.LazyFunction(lambda: clock.now() + timedelta(minutes=30))

    @factory.post_generation
    def held(
        reservation: StockReservation,  # noqa: N805
        create: bool,
        extracted: bool | None,
    ) -> None:
        if reservation.status == choices.StockReservation.Status.HELD:
            reservation.level.reserved += reservation.quantity
            reservation.level.save(update_fields=["reserved"])


class RestockMovementFactory(DjangoModelFactory[RestockMovement]):
    class Meta:
        model = RestockMovement

    level = factory.SubFactory(StockLevelFactory)
    merchant = factory.SelfAttribute("level.merchant")
    return_line_id = factory.LazyFunction(uuid7)
    quantity = 1
    at = factory.LazyFunction(clock.now)
