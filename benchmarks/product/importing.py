"""`python -m benchmarks.product.importing <orders> <rounds>`: seconds of each way, as JSON.

The product imports snapshots; the limits write the very rows that this left behind, under other
ids, from lists that were made before the clock ran.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import django

from benchmarks.product import snapshots

if TYPE_CHECKING:
    from apps.accounts.models import Store

BATCH = 500
type Rows = dict[Any, list[dict[str, Any]]]


def measure(orders: int, rounds: int) -> dict[str, list[float]]:
    from apps.accounts.models import Store

    store = Store.objects.select_related("merchant").get()
    found: dict[str, list[float]] = {"product": [], "bulk_create": [], "unnest": []}
    for number in range(rounds):
        told = snapshots.many(store.currency, orders, f"import-{number}-")
        found["product"].append(seconds(partial(take_in, store, told)))
        for name, write in (("bulk_create", bulk_create), ("unnest", unnest)):
            copied = copies(f"import-{number}-", f"{name}-{number}-")
            found[name].append(seconds(partial(write, copied)))
    return found


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def take_in(store: "Store", told: list[Any]) -> None:
    from apps.orders.services import import_orders

    for at in range(0, len(told), BATCH):
        import_orders(store, told[at : at + BATCH])


def copies(prefix: str, other: str) -> list[Rows]:
    """The rows of the orders with this prefix, in batches, under ids and names of their own."""
    from apps.accounts.models import Customer
    from apps.core.ids import uuid7
    from apps.events.models import Event
    from apps.orders.models import LineItem, Order, OrderTender

    orders = list(Order.objects.filter(external_id__startswith=prefix).values())
    ids: dict[UUID, UUID] = {}

    def renamed(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
        return {**row, **{name: ids.setdefault(row[name], uuid7()) for name in names}}

    batches: list[Rows] = []
    for at in range(0, len(orders), BATCH):
        batch = orders[at : at + BATCH]
        keys = [row["id"] for row in batch]
        customers = Customer.objects.filter(pk__in=[row["customer_id"] for row in batch])
        rows: Rows = {
            Customer: [
                renamed({**row, "email": row["email"].replace(prefix, other)}, "id")
                for row in customers.values()
            ],
            Order: [
                renamed(
                    {**row, "external_id": row["external_id"].replace(prefix, other)},
                    "id",
                    "customer_id",
                )
                for row in batch
            ],
            LineItem: [
                renamed(row, "id", "order_id")
                for row in LineItem.objects.filter(order_id__in=keys).values()
            ],
            OrderTender: [
                renamed(row, "id", "order_id")
                for row in OrderTender.objects.filter(order_id__in=keys).values()
            ],
            Event: [
                renamed(row, "id", "subject_id")
                for row in Event.objects.filter(subject_id__in=keys).values()
            ],
        }
        batches.append(rows)
    return batches


# What makes a row the same one: a later import of it is an update.
ONCE = {
    "Customer": ("id",),
    "Order": ("store", "external_id"),
    "LineItem": ("order", "external_id"),
    "OrderTender": ("order", "external_id"),
    "Event": ("id",),
}


def bulk_create(batches: list[Rows]) -> None:
    from django.db import transaction

    for batch in batches:
        with transaction.atomic():
            for model, rows in batch.items():
                once = ONCE[model.__name__]
                named = [field.name for field in model._meta.concrete_fields]
                model.objects.bulk_create(
                    [model(**row) for row in rows],
                    update_conflicts=True,
                    unique_fields=list(once),
                    update_fields=[name for name in named if name not in ("id", *once)],
                )


def unnest(batches: list[Rows]) -> None:
    from django.db import connection, transaction

    for batch in batches:
        with transaction.atomic(), connection.cursor() as cursor:
            for model, rows in batch.items():
                cursor.execute(*upsert(model, rows))


def upsert(model: Any, rows: list[dict[str, Any]]) -> tuple[str, list[Any]]:
    from django.db import connection

    fields = model._meta.concrete_fields
    types = [field.db_type(connection).partition(" GENERATED")[0] for field in fields]
    columns = ", ".join(field.column for field in fields)
    arrays = ", ".join(f"%s::{each}[]" for each in types)
    once = [model._meta.get_field(name).column for name in ONCE[model.__name__]]
    kept = [field.column for field in fields if field.column not in ("id", *once)]
    news = ", ".join(f"{name} = excluded.{name}" for name in kept)
    values = [
        [as_text(row[field.attname], kind) for row in rows]
        for field, kind in zip(fields, types, strict=True)
    ]
    into = f"INSERT INTO {model._meta.db_table} ({columns}) SELECT * FROM unnest({arrays})"  # noqa: S608
    return f"{into} ON CONFLICT ({', '.join(once)}) DO UPDATE SET {news}", values


def as_text(value: Any, kind: str) -> Any:
    return json.dumps(value) if kind == "jsonb" else value


if __name__ == "__main__":
    django.setup()
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
