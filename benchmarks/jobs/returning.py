"""A return from quote to opened: two requests of the portal, with all that production does."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from benchmarks.load import Load
from benchmarks.measuring import Bench, Figure, Middle, served
from benchmarks.seeding import SHOPPERS, STORE

PORTAL = f"/v1/stores/{STORE}"
# Shoppers of one round: each has one order and opens one return.
TAKEN = {1: 60, 16: 220}
TAKEN_OF_LIMITS = 380
_SHOPPERS = """
SELECT substr(o.external_id, 2)::int AS n, array_agg(l.id::text ORDER BY l.position)
FROM orders_order o JOIN orders_lineitem l ON l.order_id = o.id AND l.position < 2
GROUP BY o.id, o.external_id ORDER BY n DESC LIMIT %s
"""


def shoppers(bench: Bench) -> Iterator[dict[str, Any]]:
    with bench.place.connect(bench.database) as connection:
        found = connection.execute(_SHOPPERS, (SHOPPERS,)).fetchall()
    return ({"token": f"bench-{number}", "lines": lines} for number, lines in found)


def returns(bench: Bench) -> list[Figure]:
    """Rates at concurrency 1 and 16; the limits write the same rows and decide nothing."""
    left = shoppers(bench)
    product = bench.servers.product(bench.database).port
    limits = bench.servers.limits(bench.database).port

    def load(prefix: str, connections: int) -> Callable[[], Load]:
        mine = prefix == PORTAL
        given = {
            "headers": {"Host": "returns-api.reveni.localhost" if mine else "127.0.0.1"},
            "quotes": f"{prefix}/quotes",
            "returns": f"{prefix}/returns",
            "method": "shop",
        }
        port = product if mine else limits
        taken = TAKEN[connections] if mine else TAKEN_OF_LIMITS
        taken = taken if connections > 1 or mine else TAKEN[1] * 3

        def make() -> Load:
            visitors = {**given, "shoppers": list(islice(left, taken))}
            return Load(port, "returns", visitors, connections, bench.seconds)

        return make

    figures = []
    for connections in (1, 16):
        contenders = {
            "product": load(PORTAL, connections),
            "minimal": load("/minimal", connections),
        }
        if connections > 1:
            contenders["raw"] = load("/raw", connections)
        found = bench.compare(contenders)
        figures += lines(f"{connections} at once", found)
    return figures


def lines(what: str, found: dict[str, Middle]) -> list[Figure]:
    mine = found["product"]
    told = f"{what}, p95 {mine.flow_p95:.0f} ms: minimal DRF and ORM"
    figures = [served("returns", told, mine, found["minimal"], 0.50)]
    if "raw" in found:
        figures.append(served("returns", f"{what}: raw SQL", mine, found["raw"], None))
    return figures
