from dataclasses import dataclass

from apps.integrations.returns_helper import ReturnsHelper


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomReturns(ReturnsHelper):
    """The contract says of itself what a shop does: nothing goes back into stock by a refund."""

    credit_name: str = "store credit"
