"""Decisions on advances in the largest shop, of shoppers with a long history among them."""

import json
from statistics import median, quantiles

from benchmarks.histories import lengthen
from benchmarks.measuring import Bench, Figure, below

MODULE = "benchmarks.product.underwriting"
SHOPPERS = 40
MOST_MS = 20.0


def underwriting(bench: Bench) -> list[Figure]:
    shop = bench.shop_of(bench.sizes[-1])
    count = 150 if bench.quick else 400
    bench.say("giving some shoppers a history")
    bench.place.run(shop, MODULE, "meet", str(SHOPPERS))
    with bench.place.connect(shop) as connection:
        lengthen(connection)
    told = json.loads(bench.place.run(shop, MODULE, "measure", str(count)))
    took = told["long"] + told["short"]
    for name in ("long", "short"):
        bench.say(f"{name} history: median {median(told[name]):.1f}, p95 {p95(told[name]):.1f} ms")
    counts = told["queries"]
    return [
        below("underwriting", f"a decision, p95 of {len(took)}", p95(took), MOST_MS, "ms"),
        Figure(
            "underwriting",
            "a decision, median and CPU",
            f"{median(took):.1f} ms",
            cpu=f"{told['cpu']:.1f} ms",
        ),
        Figure(
            "underwriting",
            "queries of a decision, short and long history",
            f"{counts[-1]} queries",
            goal="constant",
            met=len(set(counts)) == 1,
        ),
    ]


def p95(milliseconds: list[float]) -> float:
    return quantiles(milliseconds, n=20)[-1]
