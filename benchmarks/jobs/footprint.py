"""What a web worker holds and how soon a web server answers."""

from statistics import median

from benchmarks.jobs.reading import PAGE, headers, order_ids
from benchmarks.load import Load
from benchmarks.measuring import Bench, Figure, below, play

WARM = 1_000
LONGEST = 240.0
REQUESTS = 5_000
MOST_MB = 200.0
MOST_GROWTH_MB = 5.0


def memory(bench: Bench) -> list[Figure]:
    """A fresh server, warmed up, then 5,000 requests: details, lists, searches."""
    paths = [f"/v1/orders/{pk}" for pk in order_ids(bench, bench.database, 40)]
    paths += [PAGE, "/v1/orders?number=77", "/v1/returns?limit=50", "/v1/orders?limit=100"]
    web = bench.servers.fresh(bench.database, "memory")
    try:
        given = {"headers": headers(bench), "paths": paths}
        load = Load(web.port, "gets", given, seconds=LONGEST)
        warm = play(load, most=WARM // 5 if bench.quick else WARM)
        before = max(web.resident())
        tally = play(load, most=REQUESTS // 5 if bench.quick else REQUESTS)
        after = max(web.resident())
    finally:
        web.stop()
    served = warm.requests + tally.requests
    return [
        below("memory", f"a web worker after {served:,} requests", after, MOST_MB, "MB"),
        below("memory", "growth over them", after - before, MOST_GROWTH_MB, "MB"),
    ]


def startup(bench: Bench) -> list[Figure]:
    took = []
    for number in range(1 if bench.quick else 3):
        web = bench.servers.fresh(bench.database, f"startup-{number}")
        took.append(web.started_in)
        web.stop()
    return [Figure("startup", "from the command to the first answer", f"{median(took):.1f} s")]
