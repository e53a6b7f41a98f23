"""A shopper is erased: everything that names them, in one transaction, once nothing is open.

Orders are locked first, as by everything that moves money for them: what was promised before is
seen and waited for, what comes later finds an order without a person.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import Customer
from apps.api.services.bodies import (
    Bodies,
    find,
    forget_bodies_of,
    forget_shop,
    names_of,
    waiting_for,
)
from apps.api.services.forgetting import forget_customer, forget_orders
from apps.core.verbs import lock
from apps.integrations import choices as integrations
from apps.integrations.models import PlatformAction
from apps.orders import choices as orders
from apps.orders.managers import OrderQuerySet
from apps.orders.models import Advance, Order, PrivacyRequest, Recovery, Return
from apps.orders.modules.privacy import choices
from apps.orders.modules.recoveries import choices as recoveries
from apps.orders.services.privacy import orders_of
from apps.payments import choices as payments
from apps.payments.models import Payment
from apps.payments.services import cards_at_stripe, remove_cards_of

# Ears may still be at work for a decision of today.
QUIET = timedelta(days=1)
# Of one run; a shop has more.
UNITS = 200
MOST_REASONS = 20
Kind = choices.PrivacyRequest.Kind
Status = payments.Payment.Status
OPEN_MONEY = (*payments.Payment.COLLECTING,)
OWED = (Status.FAILED, Status.RETURNED)
WRITING = (*integrations.PlatformAction.UNDER_WAY, integrations.PlatformAction.Status.PARKED)


def settle(request: PrivacyRequest, at: datetime) -> None:
    """Done, or postponed with what it waits for; safe to run twice, and by two at once."""
    if request.kind == Kind.EXPORT or request.is_final:
        return
    counts, why = Counter(request.counts), list[str]()
    if request.kind == Kind.SHOP:
        counts.update(forget_shop(request))
        why += waiting_for(request)
    for customer, ids in _units(request):
        unit_why, unit_counts = _erase_unit(request, customer, ids, at)
        why += unit_why
        counts.update(unit_counts)
    why = why or _rest(request)
    if why:
        request.postpone(sorted(why)[:MOST_REASONS], dict(counts), at)
    else:
        request.finish(dict(counts), at)


def go_on(request: PrivacyRequest, at: datetime) -> None:
    """The same with calls to providers, for a worker: cards are removed there as well."""
    settle(request, at)
    if not request.is_final and remove_cards_of(_erased(request), at):
        settle(request, at)


def _units(request: PrivacyRequest) -> Iterable[tuple[Customer | None, list[UUID]]]:
    """What is erased together; the ids are of an order of nobody in particular."""
    if request.kind != Kind.SHOP:
        return [(request.customer, [])]
    # By chance, so that those who wait for something do not keep the others waiting.
    rest = orders_of(request).filter(anonymized_at__isnull=True).order_by("?")
    named = rest.filter(customer__isnull=False).values_list("customer", flat=True)
    ids = list(dict.fromkeys(named[: UNITS * 5]))[:UNITS]
    known = [(each, list[UUID]()) for each in Customer.objects.filter(pk__in=ids).order_by("id")]
    strangers = rest.filter(customer__isnull=True).values_list("pk", flat=True)[:UNITS]
    return [*known, *((None, [pk]) for pk in strangers)]


def _rest(request: PrivacyRequest) -> list[str]:
    """What is still to be done where nothing is open."""
    left = orders_of(request).filter(anonymized_at__isnull=True)
    more = request.kind == Kind.SHOP and left.exists()
    cards = cards_at_stripe(_erased(request))
    return [*(["more_to_come"] if more else []), *(["card_at_provider"] if cards else [])]


def _erased(request: PrivacyRequest) -> OrderQuerySet:
    return orders_of(request).filter(anonymized_at__isnull=False)


def _erase_unit(
    request: PrivacyRequest, customer: Customer | None, ids: list[UUID], at: datetime
) -> tuple[list[str], dict[str, int]]:
    """Raw bodies are looked through before anything is locked: that may take a while."""
    rows = orders_of(request)
    if request.kind == Kind.SHOP:
        rows = rows.filter(pk__in=ids) if customer is None else rows.filter(customer=customer)
        return _erase_locked(request, customer, rows, at)
    names = names_of(list(rows), customer)
    return _erase_locked(request, customer, rows, at, (names, find(request, names)))


@transaction.atomic
def _erase_locked(
    request: PrivacyRequest,
    customer: Customer | None,
    rows: OrderQuerySet,
    at: datetime,
    looked: tuple[frozenset[str], Bodies] | None = None,
) -> tuple[list[str], dict[str, int]]:
    """The request first, so that nobody refuses what is being done."""
    lock(request)
    if request.is_final:
        return [], {}
    found = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    why, bodies = blockers(found, at), None
    if looked is not None:
        bodies = looked[1] | find(request, looked[0], since=at)
        why += waiting_for(request, bodies)
    if why:
        return why, {}
    counts = {"orders": sum(order.anonymize(at) for order in found), **forget_orders(found)}
    if bodies is not None:
        counts |= forget_bodies_of(request, bodies)
    if customer is not None and not customer.orders.exclude(anonymized_at__isnull=False).exists():
        counts["customers"] = forget_customer(customer)
    return [], counts


def blockers(found: Sequence[Order], at: datetime) -> list[str]:
    """Codes with the number of what is open; the caller holds the locks of the orders."""
    of_orders = Q(order__in=found)
    returns = Return.objects.filter(of_orders)
    undecided = returns.exclude(status__in=orders.Return.FINAL).values_list("number", flat=True)
    lately = returns.filter(decided_at__gt=at - QUIET).values_list("number", flat=True)
    at_risk = Advance.objects.filter(ret__order__in=found, ended_at__isnull=True)
    live = Recovery.objects.filter(ret__order__in=found, status__in=recoveries.Recovery.LIVE)
    money = Payment.objects.non_polymorphic().filter(of_orders)
    outwards = Q(direction=payments.Payment.Direction.OUT, replacements__isnull=True)
    moving = money.filter(Q(status__in=OPEN_MONEY) | outwards & Q(status__in=OWED))
    of_returns = list(returns.values_list("pk", flat=True))
    writing = PlatformAction.objects.filter(ret_id__in=of_returns, status__in=WRITING)
    return [
        *(f"return_open:{number}" for number in undecided),
        *(f"return_just_decided:{number}" for number in lately),
        *(f"advance_open:{number}" for number in at_risk.values_list("ret__number", flat=True)),
        *(f"recovery_open:{number}" for number in live.values_list("ret__number", flat=True)),
        *(f"payment_open:{number}" for number in moving.values_list("order__number", flat=True)),
        *(f"shop_not_told:{each}" for each in writing.values_list("kind", flat=True)),
    ]
