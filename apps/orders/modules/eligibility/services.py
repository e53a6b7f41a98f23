"""Which units of an order may come back, and what another policy would have said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from apps.core.verbs import lock
from apps.orders.choices import Return
from apps.orders.modules.eligibility.judge import Refusal, UnitFacts, Verdict, judge
from apps.orders.modules.eligibility.models import Policy
from apps.orders.modules.eligibility.rules import Rule

if TYPE_CHECKING:
    from apps.accounts.models import Store
    from apps.core.money import Money
    from apps.orders.dtos import UnitWish
    from apps.orders.models import LineItem, Order, ReturnLineItem


@dataclass(frozen=True, slots=True)
class CurrentPolicy:
    """Version 0 and no rules where a store never published one."""

    version: int = 0
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitVerdict:
    """A verdict on one order line, or on one wish for it. `last_day` is the window's, in the
    store's calendar; None where the store offers no window for the wish."""

    line_id: UUID
    returnable: int
    last_day: date | None
    policy_version: int
    verdict: Verdict

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return self.verdict.refusals

    @property
    def is_eligible(self) -> bool:
        return self.verdict.is_eligible

    @property
    def hold(self) -> bool:
        return self.verdict.hold

    @property
    def waives_fee(self) -> bool:
        return self.verdict.waives_fee

    @property
    def no_instant(self) -> bool:
        return self.verdict.no_instant


@dataclass(frozen=True, slots=True)
class Difference:
    """A unit of the past that the draft would have judged otherwise; `amount` was shown for it."""

    return_id: UUID
    line_id: UUID
    amount: "Money"
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a wish; nothing when the portal only lists what could come back."""

    wish: str | None = None
    reasons: tuple[str, ...] | None = None


def current_policy(store: "Store") -> CurrentPolicy:
    policy = Policy.objects.current(store)
    return CurrentPolicy() if policy is None else CurrentPolicy(policy.version, rules_of(policy))


def rules_of(policy: Policy) -> tuple[Rule, ...]:
    return tuple(rule.as_rule() for rule in policy.rules.all())


def draft_policy(store: "Store", name: str = "") -> Policy:
    """The next version, empty; numbers rise by one under the store's lock."""
    with transaction.atomic():
        lock(store)
        last = Policy.objects.for_store(store).aggregate(last=Max("version"))["last"] or 0
        policy = Policy(merchant_id=store.merchant_id, store=store, version=last + 1, name=name)
        policy.save(force_insert=True)
        return policy


def eligibility_of(
    order: "Order",
    at: datetime,
    filed_by: str,
    wishes: "Sequence[UnitWish] | None" = None,
    lines: "Iterable[LineItem] | None" = None,
) -> list[UnitVerdict]:
    """One verdict per line of the order, or per wish in the order of `wishes`.

    Two queries for the policy beside those for the order's store and customer, and for its lines
    where they are not at hand. A wish
    for a line that the order does not have raises KeyError: pick the units first.
    """
    policy = current_policy(order.store)
    own = {line.pk: line for line in (order.lines.all() if lines is None else lines)}
    if wishes is None:
        asked = [(line, Asked()) for line in own.values()]
    else:
        asked = [(own[wish.line_id], _asked(wish)) for wish in wishes]
    verdicts = []
    for line, what in asked:
        facts = unit_facts(order, line, at, what)
        verdicts.append(
            UnitVerdict(
                line_id=line.pk,
                returnable=line.returnable_quantity,
                last_day=facts.window.last_day if facts.window else None,
                policy_version=policy.version,
                verdict=judge(facts, policy.rules, filed_by),
            )
        )
    return verdicts


def unit_facts(order: "Order", line: "LineItem", at: datetime, asked: Asked) -> UnitFacts:
    preferences = order.store.preferences
    exchanges = preferences.exchanges_enabled
    return UnitFacts(
        at=at,
        refund_window=order.return_window(preferences),
        exchange_window=order.return_window(preferences, exchange=True) if exchanges else None,
        sku=line.sku,
        product_id=line.product_id,
        category=line.category,
        returnable=line.returnable_quantity,
        fulfilled=line.fulfilled_quantity,
        is_final_sale=line.is_final_sale,
        is_gift=line.is_gift,
        is_returnable=line.is_returnable,
        is_cancelled=order.cancelled_at is not None,
        line_total_minor=line.total_minor,
        unit_price_minor=line.unit_price_minor,
        discount_percent=_discount_percent(line),
        order_tags=tuple(map(str, order.tags)),
        order_total_minor=order.total_minor,
        country=str(order.shipping_address.get("country", "")),
        customer_tags=tuple(map(str, order.customer.tags)) if order.customer else (),
        reason=asked.reasons,
        wish=asked.wish,
    )


def simulate(policy: Policy, store: "Store", since: datetime) -> list[Difference]:
    """Replay the policy over what shoppers asked for since then, against the current one.

    Units and dates are those of the request; the store's other settings are today's.
    """
    now, then = current_policy(store).rules, rules_of(policy)
    past = store.returns.filter(filed_by=Return.FiledBy.SHOPPER, requested_at__gte=since)
    differences = []
    for ret in past.select_related("order__store__preferences", "order__customer").prefetch_related(
        "lines__line_item", "lines__reason", "lines__sub_reason"
    ):
        for line in ret.lines.all():
            facts = _facts_then(ret.order, line, ret.requested_at)
            before, after = (judge(facts, rules, ret.filed_by) for rules in (now, then))
            if before != after:
                differences.append(Difference(ret.pk, line.pk, line.amount, before, after))
    return differences


def _facts_then(order: "Order", line: "ReturnLineItem", at: datetime) -> UnitFacts:
    item = line.line_item
    # What it holds was free when it was asked for.
    item.returned_quantity = max(item.returned_quantity - line.quantity, 0)
    reasons = tuple(reason.code for reason in (line.reason, line.sub_reason) if reason)
    return unit_facts(order, item, at, Asked(line.wish, reasons))


def _asked(wish: "UnitWish") -> Asked:
    return Asked(wish.wish, tuple(code for code in (wish.reason, wish.sub_reason) if code))


def _discount_percent(line: "LineItem") -> Decimal:
    listed = line.unit_price_minor * line.quantity
    return Decimal(100 * (listed - line.total_minor)) / listed if listed else Decimal(0)
