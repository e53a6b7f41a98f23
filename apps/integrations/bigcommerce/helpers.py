"""How returns at BigCommerce differ."""

from dataclasses import dataclass

from apps.integrations.returns_helper import ReturnsHelper


@dataclass(frozen=True, slots=True, kw_only=True)
class BigReturnsHelper(ReturnsHelper):
    """Its refunds leave the stock alone; the order's number is its id."""

    credit_name: str = "gift certificate"
