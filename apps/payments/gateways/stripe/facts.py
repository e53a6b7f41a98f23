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

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AccessRefused(Refused):
    """Our key was refused before Stripe looked: says nothing of an earlier attempt."""
