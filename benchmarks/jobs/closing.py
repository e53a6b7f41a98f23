"""A month of one merchant with 10^5 fees becomes an invoice."""

import json
from decimal import ROUND_HALF_UP, Decimal

import psycopg

from benchmarks.billed import charge
from benchmarks.measuring import Bench, Figure, below
from benchmarks.seeding import SHOP

DATABASE = f"{SHOP}_closing"
MOST_SECONDS, MOST_MB = 60.0, 500.0
VAT = Decimal("0.21")
_INVOICES = """
SELECT i.net_minor, i.vat_minor, i.total_minor, count(f.id), sum(f.amount_minor),
  sum(f.amount_minor) FILTER (WHERE f.vat_class = 'service')
FROM billing_invoice i JOIN billing_fee f ON f.invoice_id = i.id GROUP BY i.id
"""


def closing(bench: Bench) -> list[Figure]:
    count = 10_000 if bench.quick else 100_000
    bench.place.create(DATABASE, SHOP)
    with bench.place.connect(DATABASE) as connection:
        bench.say(f"seeding {count:,} fees")
        charge(connection, count)
        told = json.loads(bench.place.run(DATABASE, "benchmarks.product.closing"))
        check(connection, count)
    bench.place.drop(DATABASE)
    return [
        below("closing", f"a month of {count:,} fees", told["seconds"], MOST_SECONDS, "s"),
        below("closing", "peak memory of the process", told["peak"], MOST_MB, "MB"),
    ]


def check(connection: psycopg.Connection, count: int) -> None:
    """One invoice has all the fees and is their sum and the VAT on it; RuntimeError otherwise."""
    invoices = connection.execute(_INVOICES).fetchall()
    open_fees = connection.execute("SELECT id FROM billing_fee WHERE invoice_id IS NULL LIMIT 1")
    if len(invoices) != 1 or open_fees.fetchone():
        raise RuntimeError(f"the fees are on {len(invoices)} invoices or were left out")
    net, vat, total, fees, sum_of_fees, taxed = invoices[0]
    due = int((taxed * VAT).quantize(Decimal(1), ROUND_HALF_UP))
    if fees < count or (net, vat, total) != (sum_of_fees, due, sum_of_fees + due):
        raise RuntimeError(f"{fees} fees of {sum_of_fees} and {due} VAT gave {invoices[0]}")
