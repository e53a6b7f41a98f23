"""What every platform's connector answers to, and how it says no."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import ClassVar, Protocol

from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.choices import Capability
from apps.integrations.dtos import OrderSnapshot, RefundDeclined, RefundOrder, RefundReceipt
from apps.integrations.returns_helper import ReturnsHelper


class Declined(RefundDeclined):
    """The platform said no, and did nothing; `code` is its own word, for staff."""


class NotOffered(Declined):
    """The platform cannot do it at all: the product should not have asked."""

    def __init__(self, capability: Capability, why: str = "") -> None:
        super().__init__("not_offered")
        self.capability = capability
        self.why = why


class AccessLost(Declined):
    """The credentials open the shop no more, or not this far: somebody must connect it again."""

    def __init__(self) -> None:
        super().__init__("access_lost")


class Secrets(Protocol):
    """Where a connector keeps credentials that it has renewed; only one renews at a time."""

    def locked(self) -> AbstractContextManager[Mapping[str, str]]:
        """Waits for whoever renews now, then gives what is kept; no transaction is open inside."""

    def keep(self, secrets: Mapping[str, str]) -> None: ...


class AbstractConnector(ABC):
    """One shop at its platform, in frozen dataclasses; no row in sight, no transaction open.

    Each call raises Declined (it did nothing), AccessLost, NotOffered, or HttpError, after which
    nobody knows what became of it. None repeats by itself what is not safe to repeat.
    """

    platform: ClassVar[str]
    capabilities: ClassVar[frozenset[Capability]]
    # In the words of the dashboard, for what is missing in `capabilities`.
    why_not: ClassVar[Mapping[Capability, str]] = {}
    helper: ClassVar[ReturnsHelper] = ReturnsHelper()

    def __init__(self, shop: asking.Shop, secrets: Secrets | None = None) -> None:
        self.shop = shop
        self.secrets = secrets

    @classmethod
    def can(cls, capability: Capability) -> bool:
        return capability in cls.capabilities

    @property
    def offers(self) -> frozenset[Capability]:
        """What this shop can do of what its platform can: less where it has not granted it."""
        return self.capabilities

    def why(self, capability: Capability) -> str:
        """In the words of the dashboard, for what this shop does not offer."""
        return self.why_not.get(capability, "")

    def refuse(self, capability: Capability) -> NotOffered:
        """To be raised by a method that the platform has no way for."""
        return NotOffered(capability, self.why(capability))

    @classmethod
    @abstractmethod
    def connect(cls, domain: str, grant: Mapping[str, str]) -> asking.Connection:
        """`grant` is what the merchant typed, or what the platform sent back to us."""

    @abstractmethod
    def verify_credentials(self) -> asking.ShopFacts: ...

    @abstractmethod
    def fetch_order(self, order_id: str) -> OrderSnapshot | None:
        """None where the shop has none. Raises MalformedPayload."""

    @abstractmethod
    def changed_orders(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        """Oldest change first, `since` included; an order that changes meanwhile is told again."""

    def order_history(self, since: datetime, cursor: str = "") -> asking.OrderPage:
        """Every order changed since, in any order, where a platform has a shorter way to it than
        `changed_orders`; cursors of the two are not to be mixed."""
        return self.changed_orders(since, cursor)

    @abstractmethod
    def max_refundable(self, order_id: str, payment_id: str) -> Money:
        """The most that the platform gives back to this payment now."""

    @abstractmethod
    def calculate_refund(self, question: asking.RefundQuestion) -> asking.RefundSuggestion: ...

    @abstractmethod
    def create_refund(self, order: RefundOrder) -> RefundReceipt:
        """Two calls under one reference make one refund where the platform has keys; elsewhere
        the caller looks with `find_refund` first."""

    @abstractmethod
    def find_refund(self, order: RefundOrder) -> RefundReceipt | None:
        """By our reference; None where the platform has none of it."""

    @abstractmethod
    def open_return(self, order: asking.ReturnOrder) -> asking.PlatformReturn:
        """A second call under the same reference finds what the first has made."""

    @abstractmethod
    def approve_return(self, return_id: str) -> asking.PlatformReturn: ...

    @abstractmethod
    def decline_return(self, return_id: str, reason: str) -> asking.PlatformReturn: ...

    @abstractmethod
    def close_return(self, return_id: str) -> asking.PlatformReturn: ...

    @abstractmethod
    def create_exchange_order(self, order: asking.ExchangeOrder) -> asking.PlacedOrder:
        """Declined with `out_of_stock` where the goods are gone; idempotent by reference."""

    @abstractmethod
    def cancel_order(self, order_id: str, reason: str) -> None:
        """An order that is cancelled already is no error; Declined once goods were sent."""

    @abstractmethod
    def reserve_stock(self, move: asking.StockMove) -> None:
        """Declined with `out_of_stock` where there are too few."""

    @abstractmethod
    def restock(self, move: asking.StockMove) -> None:
        """Once for each reference."""

    @abstractmethod
    def list_variants(self, product_id: str = "", cursor: str = "") -> asking.VariantPage:
        """Of one product, or of all."""

    @abstractmethod
    def create_credit(self, order: asking.CreditOrder) -> asking.PlatformCredit:
        """Once for each reference."""

    @abstractmethod
    def void_credit(self, credit_id: str) -> None:
        """Declined with `credit_used` where some of it is spent; a void one is no error."""

    @abstractmethod
    def add_note(self, order_id: str, text: str, tags: tuple[str, ...] = ()) -> None: ...

    @abstractmethod
    def register_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        """All that the product needs, each once however often it is called."""

    @abstractmethod
    def check_webhooks(self, url: str) -> tuple[asking.Subscription, ...]:
        """Those that point to `url`, switched off ones included."""

    @abstractmethod
    def remove_webhooks(self, url: str) -> None: ...

    @abstractmethod
    def fulfilments(self, order_id: str) -> tuple[asking.FulfilmentFacts, ...]: ...
