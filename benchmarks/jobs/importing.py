"""New orders of three lines by the batch, beside the plainest ways of writing the same rows."""

import json
from statistics import median

from benchmarks.measuring import Bench, Figure, against


def orders(bench: Bench) -> list[Figure]:
    count, rounds = (500, 3) if bench.quick else (1_000, 5)
    words = ("benchmarks.product.importing", str(count), str(rounds))
    told = json.loads(bench.place.run(bench.database, *words).strip().splitlines()[-1])
    rate = {name: count / median(seconds) for name, seconds in told.items()}
    for name, seconds in told.items():
        bench.say(f"{name}: {', '.join(f'{count / each:,.0f}' for each in seconds)} orders/s")
    mine = rate["product"]
    return [
        against("import", "upsert from unnest, same rows", mine, rate["unnest"], 0.50),
        against("import", "bulk_create, same rows", mine, rate["bulk_create"], None),
    ]
