"""What a web worker holds and how soon a web server answers."""

from statistics import median

from benchmarks.jobs.reading import PAGE, headers, order_ids
from benchmarks.load import Load
from benchmarks.measuring import Bench, Figure, below, play

LONGEST = 240.0
REQUESTS = 5_000
# Its threads and arenas are filled by the seven thousandth; what grows after that is kept for good.
WARM, FURTHER = 2_000, 3_000
MOST_MB = 200.0
MOST_GROWTH_MB = 5.0


def memory(bench: Bench) -> list[Figure]:
    """A fresh server, 5,000 requests of details, lists and searches, then more until it is warm,
    then as many as show whether it grows."""
    paths = [f"/v1/orders/{pk}" for pk in order_ids(bench, bench.database, 40)]
    paths += [PAGE, "/v1/orders?number=77", "/v1/returns?limit=50", "/v1/orders?limit=100"]
    web = bench.servers.fresh(bench.database, "memory")
    try:
        given = {"headers": headers(bench), "paths": paths}
        load = Load(web.port, "gets", given, seconds=LONGEST)
        part = 10 if bench.quick else 1
        served = play(load, most=REQUESTS // part).requests
        held = max(web.resident())
        play(load, most=WARM // part)
        before = max(web.resident())
        further = play(load, most=FURTHER // part).requests
        growth = max(web.resident()) - before
    finally:
        web.stop()
    return [
        below("memory", f"a web worker after {served:,} requests", held, MOST_MB, "MB"),
        below("memory", f"growth over {further:,} once warm", growth, MOST_GROWTH_MB, "MB"),
    ]


def startup(bench: Bench) -> list[Figure]:
    took = []
    for number in range(1 if bench.quick else 3):
        web = bench.servers.fresh(bench.database, f"startup-{number}")
        took.append(web.started_in)
        web.stop()
    return [Figure("startup", "from the command to the first answer", f"{median(took):.1f} s")]
