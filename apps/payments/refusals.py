"""Ends of a payment that its callers must tell apart."""

from apps.core.errors import DomainError


class NoAnswer(Exception):
    """The call may or may not have had its effect: time-out, reset, 5xx."""


class CannotComeBack(DomainError):
    code = "payment_cannot_come_back"
    title = "Money paid this way is not sent back by anybody"
    status = 409
