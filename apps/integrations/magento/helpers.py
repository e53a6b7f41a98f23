"""How returns at Magento differ."""

from dataclasses import dataclass
from typing import override

from apps.integrations.returns_helper import ReturnsHelper

DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class MagentoReturnsHelper(ReturnsHelper):
    """Goods of a memo go back into stock with it only where the shop is set to do so by itself."""

    credit_name: str = "coupon"

    @override
    def numbers_of(self, typed: str) -> tuple[str, ...]:
        """Numbers have nine digits unless the shop counts in its own way."""
        bare = typed.strip().removeprefix("#")
        whole = bare.zfill(DIGITS) if bare.isdecimal() else bare
        return tuple(dict.fromkeys((bare, whole)))
