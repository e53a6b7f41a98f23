"""What every carrier answers to, and how it says no."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from apps.core.money import Money
from apps.deliveries.dtos import (
    Capabilities,
    LabelRequest,
    MadeLabel,
    ParcelNews,
    Point,
    PriceRequest,
    TrackingUpdate,
)


class ProviderRefused(Exception):
    """The carrier said no and means it: a repeat of the same request gets the same answer."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code


class ProviderUnavailable(Exception):
    """No answer, or not now: the outcome is unknown, ask again with the same reference."""


class NotSupported(ProviderRefused):
    """The provider was asked for what its capabilities do not promise."""

    def __init__(self, what: str) -> None:
        super().__init__("not_supported", what)


class AbstractProvider(ABC):
    """Raises ProviderRefused or ProviderUnavailable only; never called inside a transaction.

    `credentials` are those of the CarrierAccount, opened, and `account` is its id; a provider
    without an account gets none.
    """

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def __init__(self, credentials: Mapping[str, str] | None = None, account: str = "") -> None:
        self.credentials = credentials or {}
        self.account = account

    @abstractmethod
    def make_label(self, request: LabelRequest) -> MadeLabel:
        """A second call with the same reference gives the same label and costs nothing more."""

    @abstractmethod
    def void_label(self, reference: str, tracking_number: str) -> None:
        """A label that is void already is no error."""

    @abstractmethod
    def prices(self, request: PriceRequest) -> tuple[Money, ...]:
        """What the carrier would charge, cheapest first."""

    @abstractmethod
    def track(self, tracking_number: str) -> tuple[TrackingUpdate, ...]:
        """All that is known of the parcel, oldest first."""

    @abstractmethod
    def drop_off_points(self, country: str, postcode: str) -> tuple[Point, ...]:
        """Nearest first."""

    @classmethod
    def heard(cls, body: bytes) -> ParcelNews | None:
        """What a webhook says that its webhooks.py accepted; None when it is about no parcel."""
        raise NotSupported("webhooks")


def event_hash(*parts: str) -> str:
    """An id for a scan that the carrier gave none: equal parts, equal id."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
