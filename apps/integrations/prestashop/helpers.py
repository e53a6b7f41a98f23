"""How returns at PrestaShop differ."""

from dataclasses import dataclass
from typing import override

from apps.integrations.returns_helper import ReturnsHelper


@dataclass(frozen=True, slots=True, kw_only=True)
class PrestaReturnsHelper(ReturnsHelper):
    refund_moves_money: bool = False
    credit_name: str = "voucher"

    @override
    def numbers_of(self, typed: str) -> tuple[str, ...]:
        """The reference is nine capitals; some shoppers type the id that their invoice shows."""
        bare = typed.strip().removeprefix("#").upper()
        return (bare, bare.lstrip("0") or bare)
