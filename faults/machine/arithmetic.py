"""The sums of a return worked out by hand: whole cents only, and nothing of the product's own.

Follows the money rules one by one (cumulative shares, shipping, fees, bonus, tenders, cap), so
that the product's calculator and this page must agree without having met.
"""

from dataclasses import dataclass, field


@dataclass
class Line:
    """`total` is on the order's tax basis; the counters are those of the order line."""

    id: str
    quantity: int
    total: int
    tax: int
    paid: int
    unit_price: int
    fulfilled: int
    returned: int = 0
    settled: int = 0
    refunded: int = 0

    @property
    def on_hand(self) -> int:
        """Units with the shopper that no return holds."""
        return self.fulfilled - self.returned


@dataclass
class Tender:
    id: str
    is_credit: bool
    captured: int
    refunded: int = 0
    at_platform: int = 0
    told: int = 0
    by_stripe: bool = False

    @property
    def kind(self) -> str:
        return "credit" if self.is_credit else "card"

    @property
    def gateway(self) -> str:
        return "stripe" if self.by_stripe else ""

    @property
    def left(self) -> int:
        return max(self.captured - self.refunded, 0)


@dataclass
class Till:
    """What an order took and gave back."""

    included: bool
    lines: list[Line]
    tenders: list[Tender]
    shipping: int
    captured: int
    refunded: int = 0
    shipping_refunded: int = 0

    @property
    def left(self) -> int:
        held = sum(tender.captured - tender.refunded for tender in self.tenders)
        elsewhere = self.refunded - sum(tender.refunded for tender in self.tenders)
        return max(held - max(elsewhere, 0), 0)


@dataclass(frozen=True)
class Terms:
    """A store's settings as frozen with the request."""

    fee: int = 0
    restocking: int = 0
    bonus_percent: int = 0
    shipping: str = "when_all_returned"
    fee_over_refund: str = "cap"
    tender_order: str = "credit_first"


@dataclass(frozen=True)
class Asked:
    line: int
    quantity: int


@dataclass
class Sum:
    """`net` keeps its sign; `legs` are (tender index, amount); bonus is in no leg."""

    net: int
    fees: int
    bonus: int
    shipping: int
    goods: dict[int, int] = field(default_factory=dict)
    legs: list[tuple[int, int]] = field(default_factory=list)

    @property
    def refund(self) -> int:
        return max(self.net, 0)

    @property
    def given_back(self) -> int:
        return max(self.net - self.bonus, 0)


def share(whole: int, part: int, of: int) -> int:
    """Half-up of whole * part / of."""
    return (2 * whole * part + of) // (2 * of)


def work_out(till: Till, asked: list[Asked], terms: Terms, method: str) -> Sum:
    gone = {at: line.settled for at, line in enumerate(till.lines)}
    goods: dict[int, int] = {}
    restocking = 0
    for each in asked:
        line = till.lines[each.line]
        gross = _piece(till, line, gone[each.line], each.quantity)
        gone[each.line] += each.quantity
        goods[each.line] = goods.get(each.line, 0) + gross
        restocking += min(terms.restocking * each.quantity, gross)
    shipping = _shipping(till, gone, terms.shipping)
    value = sum(goods.values()) + shipping
    fees = restocking + terms.fee
    if terms.fee_over_refund == "cap":
        fees = min(fees, value)
    given = min(value - fees, till.left)
    bonus = _bonus(till, sum(goods.values()), given, terms) if method == "store_credit" else 0
    legs = draw(till, max(given, 0), terms.tender_order)
    return Sum(given + bonus, fees, bonus, shipping, goods, legs)


def draw(till: Till, amount: int, how: str) -> list[tuple[int, int]]:
    if how == "pro_rata":
        return [leg for leg in enumerate(_spread(amount, till.tenders)) if leg[1]]
    legs = []
    for credit in (True, False):
        for at, tender in enumerate(till.tenders):
            if tender.is_credit == credit and (part := min(amount, tender.left)):
                legs.append((at, part))
                amount -= part
    return legs


def _piece(till: Till, line: Line, start: int, quantity: int) -> int:
    def between(whole: int) -> int:
        ahead = share(whole, start + quantity, line.quantity)
        return ahead - share(whole, start, line.quantity)

    return between(line.total) + (0 if till.included else between(line.tax))


def _shipping(till: Till, gone: dict[int, int], rule: str) -> int:
    left = max(till.shipping - till.shipping_refunded, 0)
    before = {at: line.settled for at, line in enumerate(till.lines)}
    if rule == "never" or gone == before:
        return 0
    if all(gone[at] == line.quantity for at, line in enumerate(till.lines)):
        return left
    if rule == "when_all_returned":
        return 0
    whole = sum(line.paid for line in till.lines)
    if not whole:
        return 0
    had, has = _worth(till, before), _worth(till, gone)
    return min(share(till.shipping, has, whole) - share(till.shipping, had, whole), left)


def _worth(till: Till, units: dict[int, int]) -> int:
    return sum(share(line.paid, units[at], line.quantity) for at, line in enumerate(till.lines))


def _bonus(till: Till, goods: int, given: int, terms: Terms) -> int:
    legs = draw(till, max(given, 0), terms.tender_order)
    real = sum(part for at, part in legs if not till.tenders[at].is_credit)
    return share(min(goods, real), terms.bonus_percent, 100)


def _spread(amount: int, tenders: list[Tender]) -> list[int]:
    """By what each still holds; a cent that is left over goes to the largest remainder."""
    weights = [tender.left for tender in tenders]
    whole = sum(weights)
    if not whole or not amount:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    rest = sorted(range(len(weights)), key=lambda at: (-(amount * weights[at] % whole), at))
    for at in rest[: amount - sum(parts)]:
        parts[at] += 1
    return parts
