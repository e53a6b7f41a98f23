"""The rows of the database against the model, table by table; new rows get their names here."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from faults.machine.hearsay import believe
from faults.machine.nouns import UNKNOWN, Credit, Return
from faults.machine.psp import Psp

if TYPE_CHECKING:
    from faults.machine.model import Model

type Row = list[Any]

STATEMENT = "machine_rows"
TABLES = {
    "orders": """SELECT id, refunded_minor, captured_minor, shipping_refunded_minor
        FROM orders_order WHERE merchant_id = $1 ORDER BY id""",
    "lines": """SELECT order_id, fulfilled_quantity, returned_quantity, refunded_quantity,
        exchanged_quantity, refunded_minor FROM orders_lineitem WHERE merchant_id = $1
        ORDER BY order_id, position""",
    "tenders": """SELECT order_id, captured_minor, refunded_minor FROM orders_ordertender
        WHERE merchant_id = $1 ORDER BY order_id, id""",
    "returns": "SELECT id, status FROM orders_return WHERE merchant_id = $1 ORDER BY id",
    "units": """SELECT ret_id, id, quantity, reception, decision FROM orders_returnlineitem
        WHERE merchant_id = $1 ORDER BY ret_id, id""",
    "parcels": """SELECT s.ret_id, s.status, (SELECT string_agg(l.status, ' ' ORDER BY l.status)
        FROM deliveries_label l WHERE l.shipment_id = s.id) AS labels FROM deliveries_shipment s
        WHERE s.merchant_id = $1 ORDER BY s.ret_id""",
    "payments": """SELECT id, CASE WHEN gateway = 'stripe' AND status IN ('processing', 'unknown')
        THEN 'open' ELSE status END AS status, gateway, purpose, amount_minor FROM payments_payment
        WHERE merchant_id = $1 ORDER BY id""",
    "batches": """SELECT id, status, total_minor FROM payments_banktransferbatch
        WHERE merchant_id = $1 ORDER BY id""",
    "credits": """SELECT ret_id, id, issued_minor, spent_minor, voided_minor, expired_minor,
        balance_minor FROM payments_storecreditaccount WHERE merchant_id = $1
        ORDER BY ret_id, id""",
    "books": """SELECT kind, currency, balance_minor FROM payments_ledgeraccount
        WHERE merchant_id = $1 AND balance_minor <> 0 ORDER BY kind""",
}


def prepare() -> None:
    """All tables in one statement: it is asked after every step."""
    parts = [f"(SELECT json_agg(t) FROM ({query}) t) AS {name}" for name, query in TABLES.items()]
    with connection.cursor() as cursor:
        cursor.execute(f"PREPARE {STATEMENT}(uuid) AS SELECT {', '.join(parts)}")


def compare(model: "Model", psp: Psp, merchant: UUID) -> None:
    """Raises AssertionError with both sides of the first table that differs."""
    rows = _rows(merchant)
    for nouns, table in (
        (model.orders, "orders"),
        (model.returns, "returns"),
        (model.payments, "payments"),
        (model.batches, "batches"),
    ):
        _name(nouns, [row[0] for row in rows[table]])
    for ret in model.returns:
        name_units(ret, [UUID(row[1]) for row in rows["units"] if row[0] == str(ret.id)])
    mine = sorted(model.credits, key=lambda credit: (str(credit.ret.id), credit.key))
    _name(mine, [row[1] for row in rows["credits"]])
    believe(model, psp, {row[0]: row[1] for row in rows["payments"]})
    for table, told in _told(model):
        assert rows[table] == told, f"{table}: {_difference(rows[table], told)}"
    assert sum(model.ledger.values()) == 0, "the ledger is not zero"


def _difference(rows: list[Row], told: list[Row]) -> str:
    only = [row for row in rows if row not in told]
    return f"rows {only}, model {[each for each in told if each not in rows]}"


def name_units(ret: Return, ids: list[UUID]) -> None:
    known = {unit.id for unit in ret.units}
    fresh = [pk for pk in ids if pk not in known]
    for unit in ret.units:
        if unit.id == UNKNOWN and fresh:
            unit.id = fresh.pop(0)
    ret.units.sort(key=lambda unit: unit.id)


def unit_ids(ret: Return) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM orders_returnlineitem WHERE ret_id = %s ORDER BY id", [ret.id]
        )
        return [row[0] for row in cursor.fetchall()]


def _told(model: "Model") -> Iterable[tuple[str, list[Row]]]:
    yield from _told_of_orders(model)
    yield "returns", [[str(ret.id), ret.status] for ret in model.returns]
    yield (
        "units",
        [
            [str(ret.id), str(unit.id), unit.quantity, unit.reception, unit.decision]
            for ret in model.returns
            for unit in ret.units
        ],
    )
    yield (
        "parcels",
        [
            [str(ret.id), ret.parcel.status, _labels(ret.parcel.labels)]
            for ret in model.returns
            if ret.parcel
        ],
    )
    yield (
        "payments",
        [
            [str(each.id), each.status, each.gateway, each.purpose, each.amount]
            for each in model.payments
        ],
    )
    yield "batches", [[str(each.id), each.status, each.total] for each in model.batches]
    yield (
        "credits",
        sorted(
            [*_names(each), each.issued, each.spent, each.voided, each.expired, each.balance]
            for each in model.credits
        ),
    )
    books = [[kind, "EUR", balance] for kind, balance in model.ledger.items() if balance]
    yield "books", sorted(books)


def _told_of_orders(model: "Model") -> Iterable[tuple[str, list[Row]]]:
    tills = [(str(order.id), order.till) for order in model.orders]
    yield (
        "orders",
        [[pk, till.refunded, till.captured, till.shipping_refunded] for pk, till in tills],
    )
    yield (
        "lines",
        [
            [pk, line.fulfilled, line.returned, line.settled, 0, line.refunded]
            for pk, till in tills
            for line in till.lines
        ],
    )
    yield (
        "tenders",
        [[pk, tender.captured, tender.refunded] for pk, till in tills for tender in till.tenders],
    )


def _names(credit: Credit) -> tuple[str, str]:
    return str(credit.ret.id), str(credit.id)


def _labels(labels: Counter[str]) -> str | None:
    return " ".join(sorted(labels.elements())) or None


def _name(nouns: list[Any], ids: list[str]) -> None:
    for noun, pk in zip(nouns, ids, strict=False):
        noun.id = UUID(pk)


def _rows(merchant: UUID) -> dict[str, list[Row]]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXECUTE {STATEMENT}('{merchant}')")
        (answers,) = cursor.fetchall()
    return {
        table: [list(row.values()) for row in _parsed(answer)]
        for table, answer in zip(TABLES, answers, strict=True)
    }


def _parsed(answer: Any) -> list[dict[str, Any]]:
    return json.loads(answer) if isinstance(answer, str) else answer or []
