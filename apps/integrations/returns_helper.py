"""How returns of one platform differ from those of the others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnsHelper:
    """The defaults are those of a plain shop; a platform's helpers.py says where it differs."""

    # Goods of a refund go back into stock with it: they are not to be taken back again.
    restocks_with_refund: bool = False
    # Only units that were sent can stand on one of its returns.
    returns_need_fulfilment: bool = False
    # Its refund calls the gateway; where False it only writes the refund into its books.
    refund_moves_money: bool = True
    # What its credit is called for the shopper.
    credit_name: str = "gift card"

    def numbers_of(self, typed: str) -> tuple[str, ...]:
        """Ways in which the shop may write the order number that a shopper typed, likeliest
        first."""
        bare = typed.strip().removeprefix("#")
        return (bare, f"#{bare}")
