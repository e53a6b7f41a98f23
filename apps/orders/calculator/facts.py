"""What is known of an order before a refund is worked out; every amount as stored at sale."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.core.errors import DomainError
from apps.core.money import Money
from apps.orders.calculator.taxes import tax_inside, tax_upon


class FactsContradict(DomainError):
    code = "order_facts_contradict"
    title = "The stored counts of the order line contradict each other"
    status = 409


class DiscountKind(StrEnum):
    MULTI_BUY = "multi_buy"
    THRESHOLD = "threshold"
    GIFT = "gift"


class Wish(StrEnum):
    REFUND = "refund"
    EXCHANGE = "exchange"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A discount's share of one whole line, positive; `ref` names a ThresholdDiscount or is ""."""

    label: str
    amount: Money
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """A bought line.

    `total` is what was paid for the whole line after discounts: with its tax where the order is
    tax-included, without where tax was added. `returned` counts units claimed by any other live
    or settled return, `refunded_units` those whose refund has gone out or is in flight (all of
    the returned ones unless told), `exchanged` those of them that were swapped. `refunded` is
    the money given back for the line so far, withheld amounts not counted.
    """

    id: str
    label: str
    quantity: int
    unit_price: Money
    total: Money
    tax: Money
    returned: int = 0
    refunded_units: int | None = None
    exchanged: int = 0
    refunded: Money | None = None
    tax_rate: Decimal | None = None
    discounts: tuple[Allocation, ...] = ()
    is_gift: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.exchanged <= self.gone <= self.returned <= self.quantity:
            raise FactsContradict(line=self.id)

    @property
    def gone(self) -> int:
        return self.returned if self.refunded_units is None else self.refunded_units

    @property
    def left(self) -> int:
        """Units that no other return holds."""
        return self.quantity - self.returned

    @property
    def given_back(self) -> Money:
        return self.refunded or Money.zero(self.total.currency)

    def allocated(self, ref: str) -> Money:
        """What the discount `ref` took off the whole line."""
        parts = (each.amount for each in self.discounts if each.ref == ref)
        return Money.total(parts, self.total.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingFacts:
    """Outbound shipping as paid, tax included in `paid` whatever the order's way."""

    paid: Money
    tax: Money
    refunded: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesFacts:
    paid: Money
    refunded: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderFacts:
    """One payment of the order; `refunded` counts done and in flight, from us or elsewhere."""

    id: str
    kind: str
    captured: Money
    refunded: Money
    is_credit: bool = False

    @property
    def left(self) -> Money:
        return (self.captured - self.refunded).at_least_zero()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdDiscount:
    """A discount that the basket of `lines` had to earn; `lines` carry Allocations with its id.

    `threshold` reads: from `threshold` on, `percent` off, or the fixed sum of the allocations
    where `percent` is None. `multi_buy` reads: of each `buy` units only `pay` are paid, the
    cheapest go free. `gift` reads: from `threshold` on, the lines `gifts` come free.
    """

    id: str
    label: str
    kind: DiscountKind
    lines: tuple[str, ...]
    threshold: Money | None = None
    percent: Decimal | None = None
    buy: int = 0
    pay: int = 0
    gifts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind is DiscountKind.MULTI_BUY and not 0 <= self.pay < self.buy:
            raise FactsContradict(discount=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """`elsewhere` is value given back that no tender shows: exchange value, bank advances."""

    currency: str
    tax_included: bool
    lines: tuple[LineFacts, ...]
    tenders: tuple[TenderFacts, ...]
    shipping: ShippingFacts | None = None
    duties: DutiesFacts | None = None
    discounts: tuple[ThresholdDiscount, ...] = ()
    elsewhere: Money | None = None

    @property
    def zero(self) -> Money:
        return Money.zero(self.currency)

    @property
    def left(self) -> Money:
        """Captured minus given back in every form: no refund goes above it."""
        held = Money.total((each.captured - each.refunded for each in self.tenders), self.currency)
        return (held - (self.elsewhere or self.zero)).at_least_zero()

    def gross(self, price: Money, tax: Money) -> Money:
        return price if self.tax_included else price + tax

    def gross_of(self, line: LineFacts) -> Money:
        return self.gross(line.total, line.tax)

    def tax_of(self, line: LineFacts, price: Money) -> Money:
        """Tax of a sum stated like `line.total`, at the line's own stored proportion or rate."""
        if line.total:
            return price.share(line.tax.minor, line.total.minor)
        return (tax_inside if self.tax_included else tax_upon)(price, line.tax_rate)

    def tax_within(self, line: LineFacts, gross: Money) -> Money:
        """The tax held by a gross sum of the line, such as a fee kept from it."""
        whole = self.gross_of(line)
        if whole:
            return gross.share(line.tax.minor, whole.minor)
        return tax_inside(gross, line.tax_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeItem:
    """New goods at list price, stated like the order; `tax` is that of all its units."""

    variant_id: str
    label: str
    unit_price: Money
    quantity: int
    tax: Money
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A signed sum set on purpose: below zero is kept from the shopper and stays kept."""

    label: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRequest:
    line_id: str
    quantity: int
    wish: Wish = Wish.REFUND
    exchange: ExchangeItem | None = None
    waives_fees: bool = False
    withheld: tuple[Withheld, ...] = ()
