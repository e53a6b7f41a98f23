"""Credit notes of a CSV matched with earlier lines of the same customer and article."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.core.money import Money
from apps.core.reports import Issue
from apps.orders.services.csv_orders import line_total
from apps.orders.services.csv_rows import Row


@dataclass(slots=True)
class Candidate:
    """A line that was bought; `left` counts the units that nobody has sent back yet."""

    line_id: UUID
    order_id: UUID
    placed_at: datetime
    unit_price: Money
    left: int


@dataclass(frozen=True, slots=True)
class Match:
    row: Row
    candidate: Candidate
    quantity: int


class Matcher:
    """Newest line of the same price first, then any price; the same file gives the same matches.

    `replayed` holds, by credit note, the units that earlier runs gave it: they are its own, and
    an order that has a return of it takes no more.
    """

    def __init__(
        self,
        bought: Iterable[tuple[str, str, Candidate]],
        replayed: Mapping[str, Iterable[tuple[str, str, Candidate]]],
        currency: str,
    ) -> None:
        self.currency = currency
        self.free = _by_article(bought)
        self.own = {number: _by_article(units) for number, units in replayed.items()}
        self.orders = {
            number: {candidate.order_id for _, _, candidate in units}
            for number, units in replayed.items()
        }

    def match(self, row: Row) -> tuple[list[Match], Issue | None]:
        """What of the row could be matched, and an issue for what could not."""
        if not row.buyer:
            return [], _unmatched(row, "no_customer", "A credit without customer names no order")
        wanted = -row.quantity
        matches = []
        for candidate in self._candidates(row):
            taken = min(wanted, candidate.left)
            if taken:
                candidate.left -= taken
                wanted -= taken
                matches.append(Match(row, candidate, taken))
        if not wanted:
            return matches, None
        if matches:
            text = f"{wanted} of {-row.quantity} units were not bought earlier, or came back before"
            return matches, _unmatched(row, "partly_matched", text)
        return [], _unmatched(
            row, "no_earlier_line", "No earlier line of this customer and article has units left"
        )

    def _candidates(self, row: Row) -> Sequence[Candidate]:
        price = Money.rounded(row.unit_price, self.currency)
        article = (row.buyer, row.sku)
        taken = self.orders.get(row.number, ())
        free = [each for each in self.free.get(article, ()) if each.order_id not in taken]

        def order(candidate: Candidate) -> tuple[bool, float]:
            return candidate.unit_price != price, -candidate.placed_at.timestamp()

        own = self.own.get(row.number, {}).get(article, ())
        earlier = [each for each in free if each.placed_at <= row.placed_at]
        return [*sorted(own, key=order), *sorted(earlier, key=order)]


def _by_article(
    units: Iterable[tuple[str, str, Candidate]],
) -> dict[tuple[str, str], list[Candidate]]:
    found: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for customer, sku, candidate in units:
        found[customer, sku].append(candidate)
    return found


def credited(row: Row, quantity: int, currency: str) -> Money:
    """What the credit note itself gives back for so many of its units."""
    return line_total(row, currency).share(quantity, -row.quantity)


def _unmatched(row: Row, code: str, message: str) -> Issue:
    return Issue(row.line_number, "unmatched", code, message)
