"""May this unit come back? Facts and rules in, one verdict out; no row and no clock is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.orders.choices import Policy, Return, ReturnLineItem
from apps.orders.modules.eligibility.rules import Rule, Text
from apps.orders.modules.eligibility.sentences import FALLBACK, sentences
from apps.orders.modules.eligibility.windows import Window

GIFT_CARDS = frozenset({"gift card", "gift cards", "gift_card", "gift-card", "giftcard"})
# A fact about the goods binds everybody; what a store chose binds only the shopper.
FACTS = frozenset({"order_cancelled", "not_fulfilled", "no_units_left"})
# An "allow" rule speaks for the store and so lifts its own limits.
LIFTED = frozenset({"window_closed", "final_sale", "not_returnable"})
DECISIVE = frozenset({Policy.Action.BLOCK, Policy.Action.ALLOW, Policy.Action.PAUSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A unit at the moment `at`. Amounts are minor units; `reason` and `wish` are None until the
    shopper says; `exchange_window` is None where the store exchanges nothing."""

    at: datetime
    refund_window: Window
    exchange_window: Window | None
    sku: str = ""
    product_id: str = ""
    category: str = ""
    returnable: int = 1
    fulfilled: int = 1
    is_final_sale: bool = False
    is_gift: bool = False
    is_returnable: bool = True
    is_cancelled: bool = False
    line_total_minor: int = 0
    unit_price_minor: int = 0
    discount_percent: Decimal = Decimal(0)
    order_tags: tuple[str, ...] = ()
    order_total_minor: int = 0
    country: str = ""
    customer_tags: tuple[str, ...] = ()
    reason: tuple[str, ...] | None = None
    wish: str | None = None

    @property
    def window(self) -> Window | None:
        """The one that the wish asks for; without a wish, the one that is open longest."""
        if self.wish == ReturnLineItem.Wish.EXCHANGE:
            return self.exchange_window
        if self.wish is not None or self.exchange_window is None:
            return self.refund_window
        return max(self.refund_window, self.exchange_window, key=lambda each: each.ends_at)

    def texts(self) -> dict[str, Text]:
        return {
            Policy.Field.SKU: (self.sku,),
            Policy.Field.PRODUCT: (self.product_id,),
            Policy.Field.CATEGORY: (self.category,),
            Policy.Field.TAG: self.order_tags,
            Policy.Field.COUNTRY: (self.country,),
            Policy.Field.REASON: self.reason,
            Policy.Field.WISH: None if self.wish is None else (self.wish,),
            Policy.Field.CUSTOMER_TAG: self.customer_tags,
        }

    def numbers(self) -> dict[str, Decimal]:
        return {
            Policy.Field.LINE_TOTAL: Decimal(self.line_total_minor),
            Policy.Field.ORDER_TOTAL: Decimal(self.order_total_minor),
            Policy.Field.DISCOUNT_PERCENT: self.discount_percent,
            Policy.Field.DAYS_SINCE_START: Decimal(self.refund_window.days_at(self.at)),
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """`texts` has one sentence per language; an advisory one warns staff and stops nobody."""

    code: str
    texts: Mapping[str, str]
    advisory: bool = False

    def text(self, language: str) -> str:
        return (
            self.texts.get(language) or self.texts.get(FALLBACK) or next(iter(self.texts.values()))
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """`hold` asks for a person; `rules` are the codes of those that fired, in their order."""

    refusals: tuple[Refusal, ...] = ()
    hold: bool = False
    waives_fee: bool = False
    no_instant: bool = False
    rules: tuple[str, ...] = ()

    @property
    def is_eligible(self) -> bool:
        return all(refusal.advisory for refusal in self.refusals)


def judge(facts: UnitFacts, rules: Sequence[Rule], filed_by: str) -> Verdict:
    """The first of block, allow and pause decides, lowest priority first; the others add up."""
    fired = _fired(facts, rules)
    decisive = next((rule for rule in fired if rule.action in DECISIVE), None)
    heard = [rule for rule in fired if rule is decisive or rule.action not in DECISIVE]
    action = decisive.action if decisive else ""
    codes = [
        code for code in _base_codes(facts) if action != Policy.Action.ALLOW or code not in LIFTED
    ]
    binds = filed_by == Return.FiledBy.SHOPPER
    refusals = [_refusal(code, facts, binds=binds) for code in codes]
    if decisive and action == Policy.Action.BLOCK:
        texts = {**sentences("rule"), **decisive.messages}
        refusals.append(Refusal(decisive.code, texts, advisory=not binds))
    actions = {rule.action for rule in heard}
    return Verdict(
        refusals=tuple(refusals),
        hold=action == Policy.Action.PAUSE,
        waives_fee=Policy.Action.WAIVE_FEE in actions,
        no_instant=Policy.Action.NO_INSTANT in actions,
        rules=tuple(rule.code for rule in heard),
    )


def _fired(facts: UnitFacts, rules: Sequence[Rule]) -> list[Rule]:
    texts, numbers = facts.texts(), facts.numbers()
    return [
        rule
        for rule in sorted(rules, key=lambda each: each.priority)
        if rule.is_active(facts.at)
        and all(condition.holds(texts, numbers) for condition in rule.conditions)
    ]


def _base_codes(facts: UnitFacts) -> list[str]:
    """A fact about the goods stands alone: nobody cares for a window of what was never sent."""
    window = facts.window
    if facts.is_cancelled:
        return ["order_cancelled"]
    if not facts.fulfilled:
        return ["not_fulfilled"]
    if facts.returnable < 1:
        return ["no_units_left"]
    codes = {
        "gift_card": facts.category.strip().casefold() in GIFT_CARDS,
        "final_sale": facts.is_final_sale,
        "not_returnable": not facts.is_returnable,
        "exchange_not_offered": window is None,
        "window_closed": window is not None and not window.is_open(facts.at),
    }
    return [code for code, refuses in codes.items() if refuses]


def _refusal(code: str, facts: UnitFacts, *, binds: bool) -> Refusal:
    window = facts.window
    day = window.last_day if window else None
    return Refusal(code, sentences(code, day), advisory=not binds and code not in FACTS)
