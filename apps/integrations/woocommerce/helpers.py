"""How returns at WooCommerce differ."""

from dataclasses import dataclass
from typing import override

from apps.integrations.returns_helper import ReturnsHelper


@dataclass(frozen=True, slots=True, kw_only=True)
class WooReturnsHelper(ReturnsHelper):
    """Refunds are sent with `api_restock` off: an instant one leaves before the goods come."""

    credit_name: str = "coupon"

    @override
    def numbers_of(self, typed: str) -> tuple[str, ...]:
        """The number is the id, unless a plugin counts in its own way."""
        bare = typed.strip().removeprefix("#")
        return (bare, f"#{bare}", bare.lstrip("0") or bare)
