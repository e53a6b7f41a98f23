"""Random orders, and random ways to send all of their units back."""

from decimal import Decimal

from hypothesis import strategies as st

from apps.core.money import Money
from apps.orders.calculator.facts import (
    Allocation,
    DiscountKind,
    DutiesFacts,
    ExchangeItem,
    LineFacts,
    OrderFacts,
    ShippingFacts,
    TenderFacts,
    ThresholdDiscount,
    UnitRequest,
    Wish,
    Withheld,
)
from apps.orders.calculator.taxes import tax_inside, tax_upon
from apps.orders.calculator.terms import (
    Bonus,
    Destination,
    DifferenceBasis,
    FeeOverRefund,
    FeePer,
    Restocking,
    RestockingBasis,
    ReturnFee,
    ShareRule,
    TenderOrder,
    Terms,
    ThresholdRule,
)

RATES = st.sampled_from([Decimal(0), Decimal("8.25"), Decimal(10), Decimal(21)])
type Steps = list[tuple[UnitRequest, ...]]


@st.composite
def orders(draw: st.DrawFn) -> OrderFacts:
    """1 to 4 lines, a discount over all of them in each of its kinds, perhaps a gift."""
    currency = draw(st.sampled_from(["JPY", "EUR", "KWD"]))
    included = draw(st.booleans())
    shapes = draw(
        st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9_999)), min_size=1, max_size=4)
    )
    lists = [Money(price * quantity, currency) for quantity, price in shapes]
    whole = Money.total(lists, currency)
    taken = whole.share(draw(st.integers(0, 100)), 100)
    parts = taken.allocate([each.minor for each in lists])
    lines = []
    for at, ((quantity, price), part) in enumerate(zip(shapes, parts, strict=True)):
        total, rate = lists[at] - part, draw(RATES)
        lines.append(
            LineFacts(
                id=str(at),
                label=f"line {at}",
                quantity=quantity,
                unit_price=Money(price, currency),
                total=total,
                tax=tax_inside(total, rate) if included else tax_upon(total, rate),
                tax_rate=rate,
                discounts=(Allocation(label="off", amount=part, ref="d"),),
            )
        )
    if draw(st.booleans()):
        lines.append(gift(currency))
    return paid(
        draw,
        OrderFacts(
            currency=currency,
            tax_included=included,
            lines=tuple(lines),
            tenders=(),
            discounts=(draw(offers(whole, tuple(str(at) for at in range(len(shapes))))),),
        ),
    )


def gift(currency: str) -> LineFacts:
    zero = Money.zero(currency)
    return LineFacts(
        id="gift",
        label="gift",
        quantity=2,
        unit_price=Money(777, currency),
        total=zero,
        tax=zero,
        tax_rate=Decimal(21),
        is_gift=True,
    )


@st.composite
def offers(draw: st.DrawFn, whole: Money, lines: tuple[str, ...]) -> ThresholdDiscount:
    buy = draw(st.integers(2, 4))
    return ThresholdDiscount(
        id="d",
        label="offer",
        kind=draw(st.sampled_from([DiscountKind.MULTI_BUY, DiscountKind.THRESHOLD])),
        lines=lines,
        threshold=whole.share(draw(st.integers(0, 100)), 100),
        percent=draw(st.sampled_from([None, Decimal(10)])),
        buy=buy,
        pay=draw(st.integers(0, buy - 1)),
    )


def paid(draw: st.DrawFn, facts: OrderFacts) -> OrderFacts:
    """With shipping and duties, and split over a credit and two cards."""
    currency = facts.currency
    shipping = Money(draw(st.integers(0, 999)), currency)
    duties = Money(draw(st.integers(0, 999)), currency)
    total = Money.total((facts.gross_of(each) for each in facts.lines), currency)
    weights = draw(st.lists(st.integers(0, 5), min_size=3, max_size=3))
    tenders = zip(
        ("card", "credit", "other"), (total + shipping + duties).allocate(weights), strict=True
    )
    zero = facts.zero
    return OrderFacts(
        currency=currency,
        tax_included=facts.tax_included,
        lines=facts.lines,
        discounts=facts.discounts,
        shipping=ShippingFacts(paid=shipping, tax=tax_inside(shipping, Decimal(21)), refunded=zero),
        duties=DutiesFacts(paid=duties, refunded=zero),
        tenders=tuple(
            TenderFacts(id=key, kind=key, captured=part, refunded=zero, is_credit=key == "credit")
            for key, part in tenders
        ),
    )


@st.composite
def returns_of_all(draw: st.DrawFn, facts: OrderFacts) -> Steps:
    """Every unit of the order exactly once, in any order and any grouping."""
    units = draw(st.permutations([line.id for line in facts.lines for _ in range(line.quantity)]))
    steps: Steps = []
    while units:
        size = draw(st.integers(1, len(units)))
        taken, units = units[:size], units[size:]
        steps.append(
            tuple(
                UnitRequest(line_id=key, quantity=taken.count(key)) for key in dict.fromkeys(taken)
            )
        )
    return steps


@st.composite
def requests(draw: st.DrawFn, facts: OrderFacts) -> tuple[UnitRequest, ...]:
    """Some units, with every wish, waiver and withheld sum."""
    units = []
    for line in facts.lines:
        quantity = draw(st.integers(0, line.quantity))
        if not quantity:
            continue
        swaps = draw(st.booleans())
        small = Money(draw(st.integers(0, 9_999)), facts.currency)
        units.append(
            UnitRequest(
                line_id=line.id,
                quantity=quantity,
                wish=Wish.EXCHANGE if swaps else Wish.REFUND,
                exchange=ExchangeItem(
                    variant_id="v",
                    label="new",
                    unit_price=small,
                    quantity=draw(st.integers(1, 3)),
                    tax=small.percent(Decimal(10)),
                )
                if swaps
                else None,
                waives_fees=draw(st.booleans()),
                withheld=(Withheld(label="extra", amount=Money(3, facts.currency)),)
                if draw(st.booleans())
                else (),
            )
        )
    return tuple(units)


@st.composite
def policies(draw: st.DrawFn, currency: str) -> Terms:
    def money() -> Money:
        return Money(draw(st.integers(0, 1_999)), currency)

    percent = st.sampled_from([Decimal(0), Decimal("12.5"), Decimal(150)])
    return Terms(
        threshold=draw(st.sampled_from([ThresholdRule.PRORATE, ThresholdRule.REQUALIFY])),
        shipping=draw(st.sampled_from(ShareRule)),
        duties=draw(st.sampled_from(ShareRule)),
        return_fee=ReturnFee(
            amount=money(), per=draw(st.sampled_from(FeePer)), parcels=2, tax_rate=draw(RATES)
        ),
        restocking=Restocking(
            basis=draw(st.sampled_from(RestockingBasis)), fixed=money(), percent=draw(percent)
        ),
        fee_over_refund=draw(st.sampled_from(FeeOverRefund)),
        bonus=Bonus(flat=draw(st.sampled_from([None, money()])), percent=draw(percent)),
        difference=draw(st.sampled_from(DifferenceBasis)),
        carry_discount=draw(st.booleans()),
        tender_order=draw(st.sampled_from(TenderOrder)),
        destination=draw(st.sampled_from(Destination)),
    )
