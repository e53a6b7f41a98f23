"""Ends of a payment that its callers must tell apart."""

from apps.core.errors import DomainError


class NoAnswer(Exception):
    """The call may or may not have had its effect: time-out, reset, 5xx."""


class Refused(Exception):
    """A vendor said no, and did nothing under this key."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:60]


class AccessRefused(Refused):
    """Our credentials were refused before the vendor looked: says nothing of an earlier attempt."""


class NotPaidThere(DomainError):
    code = "not_paid_by_gateway"
    title = "The payment of the order was not taken by an account of the merchant there"
    status = 409


class CannotComeBack(DomainError):
    code = "payment_cannot_come_back"
    title = "Money paid this way is not sent back by anybody"
    status = 409
