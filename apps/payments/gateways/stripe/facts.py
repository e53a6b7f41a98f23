"""What Stripe says, in our own words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFacts:
    """One refund; `amount` as Stripe counts it, `reference` and `payment` from its metadata.

    `sources` are the payment intent and the charge that it goes back to.
    """

    id: str
    status: str
    amount: int
    currency: str
    reference: str = ""
    payment: str = ""
    failure: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A refund to be made: `source` is pi_... or ch_..., `amount` as Stripe counts it."""

    source: str
    amount: int
    metadata: dict[str, str]
    key: str


class Refused(Exception):
    """Stripe said no, and did nothing under this key."""

    def __init__(self, code: str, reference: str = "") -> None:
        super().__init__(code)
        self.code = code
        # The intent that Stripe made and that took nothing.
        self.reference = reference


class AccessRefused(Refused):
    """Our key was refused before Stripe looked: says nothing of an earlier attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """A Checkout page; `amount` None where a card is only saved. `expires_at` in Unix seconds."""

    id: str
    status: str
    is_paid: bool
    amount: int | None
    currency: str
    reference: str
    payment: str
    url: str
    expires_at: int
    intent: str
    setup: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentFacts:
    """A payment intent; `amount` is what was asked for, `failure` the bank's code."""

    id: str
    status: str
    amount: int
    currency: str
    reference: str
    payment: str
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """A card that may be charged without its holder; `token` is our row that it was set up for."""

    token: str
    method: str
    customer: str
    brand: str
    last4: str
    expires: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFacts:
    id: str
    status: str
    amount: int
    currency: str
    intent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAsked:
    """A Checkout page to be opened: to pay `amount`, or to save a card where there is none."""

    label: str
    currency: str
    back_to: str
    expires_at: int
    metadata: dict[str, str]
    key: str
    amount: int | None = None
    customer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeAsked:
    """A saved card to be charged while its holder is away."""

    amount: int
    currency: str
    customer: str
    method: str
    label: str
    metadata: dict[str, str]
    key: str
