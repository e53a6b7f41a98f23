"""Every query of the hourly reconciliation over 10^5 payments and all that hangs on them."""

import json

from benchmarks.books import pay
from benchmarks.measuring import Bench, Figure, below
from benchmarks.seeding import SHOP, fill

DATABASE = f"{SHOP}_reconciling"
MOST_SECONDS = 60.0


def reconciling(bench: Bench) -> list[Figure]:
    count = bench.sizes[-1]
    bench.place.create(DATABASE, SHOP)
    with bench.place.connect(DATABASE) as connection:
        bench.say(f"seeding {count:,} payments")
        fill(connection, count)
        pay(connection)
    told = json.loads(bench.place.run(DATABASE, "benchmarks.product.reconciling"))
    bench.place.drop(DATABASE)
    for each in told["slowest"]:
        bench.say(f"{each['milliseconds']:,} ms: {each['query']}")
    if told["wrong"] or told["payments"] != count:
        raise RuntimeError(f"of {told['payments']} payments: {told['wrong']}")
    what = f"{told['queries']} queries over {count:,} payments"
    return [below("reconciling", what, told["seconds"], MOST_SECONDS, "s")]
