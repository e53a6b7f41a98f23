"""What callers and carriers hand to deliveries, and what deliveries asks of a carrier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from apps.core.errors import Detail
from apps.integrations.dtos import Address
from apps.orders.dtos import MethodChoice


def address_of(data: Mapping[str, Detail]) -> Address:
    """The inverse of `Address.as_json`; unknown keys are left out, missing ones are empty."""
    return Address(**{name: str(data.get(name) or "") for name in Address.__slots__})


@dataclass(frozen=True, slots=True)
class MethodOffer:
    """A return method for one order; `refusal` is empty when it is offered."""

    choice: MethodChoice
    refusal: str = ""

    @property
    def is_offered(self) -> bool:
        return not self.refusal


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What decides which methods an order is offered, and at which price."""

    country: str
    postcode: str
    currency: str
    outcome: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do. `is_local` asks no network; `hears_webhooks` has a webhooks.py; no
    `countries` means all of them."""

    makes_labels: bool = False
    voids_labels: bool = False
    tracks: bool = False
    lists_drop_off_points: bool = False
    quotes_prices: bool = False
    is_local: bool = False
    hears_webhooks: bool = False
    formats: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()

    def serves(self, country: str) -> bool:
        return not self.countries or country in self.countries


@dataclass(frozen=True, slots=True)
class UnitLine:
    """Units of one order line as the packing slip names them."""

    quantity: int
    title: str
    variant: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class LabelRequest:
    """One label for one parcel. `reference` is ours, stays the same on every retry, and is what a
    carrier is asked by after a time-out. `link` is the status page, or empty."""

    reference: str
    method: str
    return_number: str
    order_number: str
    merchant_name: str
    sender: Address
    recipient: Address
    units: tuple[UnitLine, ...]
    expires_at: datetime
    parcel_number: int = 1
    parcel_count: int = 1
    weight_grams: int = 0
    link: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class MadeLabel:
    content: bytes
    format: str
    tracking_number: str = ""
    tracking_url: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class StoredLabel:
    """A made label whose file lies in storage under `name`."""

    name: str
    format: str
    sha256: str
    size: int
    expires_at: datetime
    tracking_number: str = ""
    tracking_url: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class PriceRequest:
    sender: Address
    recipient: Address
    weights_grams: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrackingUpdate:
    """`external_id` is the carrier's id of the scan or a hash of it: same scan, same id."""

    external_id: str
    kind: str
    at: datetime
    raw_code: str = ""
    description: str = ""
    place: str = ""
    tracking_number: str = ""


@dataclass(frozen=True, slots=True)
class ParcelNews:
    """What a webhook tells of one parcel; `external_id` is that of its label, or empty."""

    external_id: str
    tracking_number: str
    updates: tuple[TrackingUpdate, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A place where a parcel is handed in; `external_id` is empty for the store's own."""

    name: str
    address: Address
    opening_hours: tuple[str, ...] = ()
    external_id: str = ""
    kind: str = "shop"
