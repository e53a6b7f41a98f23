"""`python -m benchmarks.product.underwriting meet <shoppers>`: a first decision for each, to copy a
history from. `... measure <decisions>`: milliseconds of each and queries, as JSON."""

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from apps.orders.models import Order

STATEMENTS = ("SELECT", "WITH", "INSERT", "UPDATE")
WARM = 50


def meet(shoppers: int) -> None:
    from apps.accounts.models import Merchant

    Merchant.objects.update(instant_enabled=True, exposure_cap_minor=10_000_000)
    for order in spread(shoppers):
        decide(order)


def spread(count: int) -> "list[Order]":
    """Orders from all over the shop with what a caller has loaded, the same in each run."""
    from django.db.models.functions import MD5

    from apps.orders.models import Order

    rows = Order.objects.select_related("store__merchant", "customer")
    return list(rows.order_by(MD5("number"))[:count])


def regulars() -> "list[Order]":
    """Of each shopper with a history, the order that was decided on."""
    from apps.orders.models import Order
    from apps.underwriting.models import Assessment

    met = Assessment.objects.filter(policy_version=0, version=1).values("order_id").distinct()
    rows = Order.objects.select_related("store__merchant", "customer")
    return list(rows.filter(pk__in=met, customer__returns_count__gt=0))


def decide(order: "Order") -> None:
    from apps.core import clock
    from apps.core.ids import uuid7
    from apps.core.money import Money
    from apps.underwriting.dtos import UnderwriteRequest

    iban = f"ES91{int(order.external_id[1:]):020d}"
    request = UnderwriteRequest(uuid7(), Money(2_500, order.currency), carrier="correos", iban=iban)
    order.underwrite(request, clock.now())


def measure(count: int) -> dict[str, Any]:
    """Every third decision is about a shopper with a long history."""
    known = regulars()
    if not known:
        raise RuntimeError("nobody has a history")
    fresh = spread(count + WARM + len(known))[len(known) :]
    for order in fresh[-WARM:]:
        decide(order)
    took: dict[str, list[float]] = {"long": [], "short": []}
    before = time.process_time()
    for number in range(count):
        name = "short" if number % 3 else "long"
        order = fresh[number] if number % 3 else known[number // 3 % len(known)]
        began = time.perf_counter()
        decide(order)
        took[name].append((time.perf_counter() - began) * 1000)
    cpu = (time.process_time() - before) / count * 1000
    return {**took, "cpu": cpu, "queries": [queries(fresh[1]), queries(known[0])]}


def queries(order: "Order") -> int:
    """Without those that open and close a transaction."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        decide(order)
    return sum(each["sql"].lstrip("(").startswith(STATEMENTS) for each in captured)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "meet":
        meet(int(sys.argv[2]))
    else:
        print(json.dumps(measure(int(sys.argv[2]))))
