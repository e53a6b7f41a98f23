"""What a platform tells of an order, as the platform stored it; money is never recomputed here."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from apps.core.money import Money


@dataclass(frozen=True, slots=True)
class Address:
    """ISO 3166 alpha-2 country; empty strings where the platform says nothing."""

    name: str = ""
    company: str = ""
    street: str = ""
    street2: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    phone: str = ""

    def as_json(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class CustomerSnapshot:
    email: str = ""
    name: str = ""
    phone: str = ""
    external_id: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class DiscountSnapshot:
    """A discount as allocated to one line: `amount` is positive, code or title is its label.

    `ref` names the BasketDiscount that the basket had to earn, if it was one.
    """

    label: str
    amount: Money
    ref: str = ""


@dataclass(frozen=True, slots=True)
class BasketDiscount:
    """A discount with targets. `kind` is threshold, multi_buy or gift; `lines` and `gifts` are
    external ids of lines; `percent` is a decimal as text, empty when the allocations say it."""

    id: str
    label: str
    kind: str
    lines: tuple[str, ...]
    threshold: Money | None = None
    percent: str = ""
    buy: int = 0
    pay: int = 0
    gifts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxSnapshot:
    """`rate` is a decimal fraction as text ("0.21"), empty when the platform hides it."""

    title: str
    rate: str
    amount: Money


@dataclass(frozen=True, slots=True)
class LineSnapshot:
    """One order line. `total` is what was paid for the whole line after its discounts: gross when
    the order is tax-inclusive, else net. `unit_price` is the list price on the same basis.
    `refunded` is what the shop has given back for it in all, with tax, where it says so."""

    external_id: str
    title: str
    quantity: int
    unit_price: Money
    total: Money
    tax: Money
    sku: str = ""
    ean: str = ""
    product_id: str = ""
    variant_id: str = ""
    variant_title: str = ""
    category: str = ""
    discounts: tuple[DiscountSnapshot, ...] = ()
    taxes: tuple[TaxSnapshot, ...] = ()
    fulfilled_quantity: int | None = None
    is_final_sale: bool = False
    is_gift: bool = False
    is_returnable: bool = True
    hs_code: str = ""
    origin_country: str = ""
    weight_grams: int = 0
    image_url: str = ""
    refunded: Money | None = None


@dataclass(frozen=True, slots=True)
class ShippingSnapshot:
    """`total` on the order's tax basis, after shipping discounts."""

    title: str
    total: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class TenderSnapshot:
    """One payment of the order; `kind` is card, credit, gift_card, bank, cash or other."""

    external_id: str
    kind: str
    captured: Money
    refunded: Money
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class OrderSnapshot:
    """`total` is the platform's own figure, kept to flag an order whose parts do not add up.

    No tender means: paid in full by one tender of kind `other`.
    """

    external_id: str
    number: str
    currency: str
    placed_at: datetime
    tax_included: bool
    total: Money
    lines: tuple[LineSnapshot, ...]
    shipping: tuple[ShippingSnapshot, ...] = ()
    duties: Money | None = None
    discounts: tuple[BasketDiscount, ...] = ()
    tenders: tuple[TenderSnapshot, ...] = ()
    customer: CustomerSnapshot = field(default_factory=CustomerSnapshot)
    shipping_address: Address = field(default_factory=Address)
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    presentment_currency: str = ""
    presentment_rate: str = ""
    tags: tuple[str, ...] = ()
    platform_updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsOf:
    """So many units of one line of the order, by the platform's id of the line."""

    line_id: str
    quantity: int
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """A refund to be made through the platform; its own ids of the order and of the payment.

    `reference` is ours and stays the same for one refund: the platform keeps it with what it made.
    `amount` is what is paid; `lines` only say to the shop what came back.
    """

    order_id: str
    payment_id: str
    amount: Money
    reference: str
    lines: tuple[UnitsOf, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReceipt:
    """What the platform made of it; `is_done` False while its own gateway is still at it."""

    id: str
    amount: Money
    is_done: bool = True


class RefundDeclined(Exception):
    """The platform said no, and did nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RefundConnector(Protocol):
    """What a connector fills so that refunds go through its platform.

    Each may raise apps.core.http.HttpError: nobody knows then what became of it.
    """

    def max_refundable(self, order_id: str, payment_id: str) -> Money:
        """The most that the platform gives back to this payment now."""

    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        """Raises RefundDeclined; two calls under one reference may make two refunds."""

    def find_refund(self, order: RefundOrder) -> RefundReceipt | None:
        """By our reference; None where the platform has none of it. Raises RefundDeclined where
        it had failed."""
