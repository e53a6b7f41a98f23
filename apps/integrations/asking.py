"""What the product asks of a shop's platform, and what it hears back; references are ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.core.money import Money
from apps.integrations import choices
from apps.integrations.dtos import Address, OrderSnapshot, UnitsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One store at its platform. `domain` is where it lives; `secrets` are its own, opened."""

    store_id: str
    domain: str
    currency: str
    time_zone: str = "UTC"
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    """What the platform says of the shop that the credentials open."""

    name: str
    domain: str
    currency: str
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Credentials that a shop has granted, to be sealed, and whose they are."""

    facts: ShopFacts
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An order of a page that could not be made into a snapshot: counted and listed, never lost."""

    external_id: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """`cursor` is empty after the last page; it may be kept for days and gone on from.

    `wait`: the shop is still at it, so ask with this cursor after so long. `setback` says why it
    began anew, or by another way. `expected` orders will have been told in the end, if it knows.
    """

    orders: tuple[OrderSnapshot, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    cursor: str = ""
    wait: timedelta | None = None
    setback: str = ""
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundQuestion:
    """What would the shop give back for these units?"""

    order_id: str
    lines: tuple[UnitsOf, ...]
    currency: str
    with_shipping: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundSuggestion:
    """The shop's own sum, to be shown beside ours; never what is paid."""

    amount: Money
    tax: Money
    shipping: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOrder:
    """A return to be kept at the shop; `is_request` leaves it to be approved there."""

    order_id: str
    lines: tuple[UnitsOf, ...]
    reference: str
    note: str = ""
    is_request: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformReturn:
    id: str
    status: choices.Return.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsWanted:
    """New goods of an exchange: `price` for each, on the order's tax basis."""

    variant_id: str
    quantity: int
    price: Money
    title: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeOrder:
    """`is_paid`: the shopper owes nothing more. `origin_id` is the order that they bought."""

    origin_id: str
    lines: tuple[GoodsWanted, ...]
    address: Address
    email: str
    reference: str
    is_paid: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    id: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMove:
    """`quantity` units of one variant, always positive; the method says which way they go."""

    variant_id: str
    quantity: int
    reference: str
    location_id: str = ""
    order_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFacts:
    """`available` is None where the shop does not count its stock."""

    variant_id: str
    product_id: str
    title: str
    price: Money
    sku: str = ""
    available: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantPage:
    variants: tuple[VariantFacts, ...]
    cursor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditOrder:
    """Money of the shop's own: a gift card, a voucher or store credit, as the platform has it."""

    amount: Money
    customer_id: str
    email: str
    reference: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformCredit:
    """`code` is what the shopper types, empty for credit that stands on an account."""

    id: str
    amount: Money
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One webhook as the platform knows it; a switched off one is told as not active."""

    id: str
    topic: str
    url: str
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentFacts:
    """One parcel from the shop to the shopper."""

    id: str
    status: choices.Fulfilment.Status
    lines: tuple[UnitsOf, ...]
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
