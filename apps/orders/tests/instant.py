"""A shopper takes an instant offer, in one line each.

The order: lines of 40.00 and 30.00, paid by card, at a store with instant returns; a return by
DROP_OFF costs 4.95, so that 65.05 is advanced.
"""

from datetime import datetime
from typing import Any

from apps.accounts.tests.factories import StoreFactory
from apps.core import clock
from apps.core.money import Money
from apps.orders import choices
from apps.orders.dtos import ConsentGiven, MethodChoice, UnitDecision, UnitWish
from apps.orders.models import Advance, Order, Quote, Return, ReturnLineItem
from apps.orders.modules.advances.consent import VERSION
from apps.orders.services import open_return
from apps.orders.tests.factories import OrderFactory
from apps.orders.tests.journeys import CREDIT, ORIGINAL, asked, quoted, wish
from apps.underwriting.models import UnderwritingPolicy
from apps.underwriting.modules.defaults import BUILT_IN
from apps.underwriting.modules.terms import terms_json
from apps.underwriting.tests.factories import UnderwritingPolicyFactory

DROP_OFF = MethodChoice(
    code="post_office", name="Post office", kind="drop_off", price=Money.of("4.95", "EUR")
)
BANK = choices.Return.RefundMethod.BANK_TRANSFER
BY = [ORIGINAL, CREDIT, BANK]
CONSENT = ConsentGiven(VERSION)


def instant_order(*amounts: int, merchant_cap: int = 1_000_000, **named: Any) -> Order:
    """Lines of 40.00 and 30.00 unless told, in minor units."""
    store = StoreFactory.create(
        merchant__instant=True,
        merchant__exposure_cap_minor=merchant_cap,
        merchant__iban="ES7921000813610123456789",
        preferences__refund_methods=BY,
    )
    lines = [{"unit_price_minor": amount} for amount in amounts or (4000, 3000)]
    order: Order = OrderFactory.create(store=store, lines=lines, **named)
    return order


def steps(*steps: tuple[str, int]) -> None:
    """Everybody is decided alike: so many percent at the rung, the rest at the next."""
    ((rung, percent),) = steps
    terms = terms_json(BUILT_IN)
    terms["steps"] = [{"up_to": 1000, "rung": rung, "percent": percent}]
    published = UnderwritingPolicy.objects.filter(status="published")
    published.update(status="retired")
    UnderwritingPolicyFactory.create(published=True, terms=terms)


def everything(order: Order) -> list[UnitWish]:
    return [wish(line, line.quantity) for line in order.lines.all()]


def offer(quote: Quote, method: str = ORIGINAL) -> dict[str, Any]:
    (found,) = [each["instant"] for each in quote.options if each["method"] == method]
    return dict(found)


def parts_of(quote: Quote, method: str = ORIGINAL) -> list[tuple[str, str]]:
    return [(each["rung"], each["amount"]["amount"]) for each in offer(quote, method)["parts"]]


def instant(
    order: Order, *units: UnitWish, by: str = ORIGINAL, at: datetime | None = None, **named: Any
) -> Return:
    """Quoted with the offer and opened with consent to it."""
    quote = quoted(order, *(units or everything(order)), method=DROP_OFF)
    request = asked(quote, by, method=DROP_OFF, consent=CONSENT, **named)
    return open_return(order, request, at or clock.now()).ret


def advance_of(ret: Return) -> Advance:
    return Advance.objects.get(ret=ret)


def sums(ret: Return) -> tuple[str, str, str, str]:
    """Kept, short, unwound, unpaid."""
    advance = advance_of(ret)
    amounts = (advance.kept, advance.short, advance.unwound, advance.unpaid)
    kept, short, unwound, unpaid = (f"{amount.amount:f}" for amount in amounts)
    return kept, short, unwound, unpaid


def parts(ret: Return) -> list[tuple[str, str, str]]:
    rows = advance_of(ret).parts.all()
    return [(part.rung, f"{part.amount.amount:f}", part.status) for part in rows]


def shortfalls(ret: Return) -> list[tuple[str, str]]:
    told = ret.timeline.filter(kind="advance.short").order_by("sequence")
    return [(each.payload["cause"], each.payload["amount"]) for each in told]


def kinds(ret: Return) -> list[str]:
    return [event.kind for event in ret.timeline.order_by("sequence")]


def line_of(ret: Return, position: int) -> ReturnLineItem:
    return list(ret.lines.order_by("line_item__position"))[position]


def decided(ret: Return, *outcomes: str) -> None:
    """Of each line in its order; a rejection needs a reason."""
    ret.decide(
        [
            UnitDecision(line_of(ret, place).pk, outcome, reason="Worn")
            for place, outcome in enumerate(outcomes)
        ],
        clock.now(),
    )
