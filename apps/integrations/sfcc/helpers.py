"""How returns at Salesforce B2C Commerce differ."""

from dataclasses import dataclass
from typing import override

from apps.integrations.returns_helper import ReturnsHelper

DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SfccReturnsHelper(ReturnsHelper):
    refund_moves_money: bool = False
    credit_name: str = "gift certificate"

    @override
    def numbers_of(self, typed: str) -> tuple[str, ...]:
        """Numbers have leading zeros, which shoppers leave out."""
        bare = typed.strip().removeprefix("#")
        return (bare, bare.zfill(DIGITS)) if bare.isdecimal() else (bare,)
