"""Reads of the public API: one order, a page of 50, and how many queries each takes."""

import json
from functools import partial

from benchmarks.load import Load
from benchmarks.measuring import Bench, Figure, served

API = "api.reveni.localhost"
PAGE = "/v1/orders?limit=50"
MOST_QUERIES = 4


def headers(bench: Bench) -> dict[str, str]:
    return {"Host": API, "Authorization": f"Bearer {bench.key}"}


def gets(port: int, paths: list[str], named: dict[str, str], bench: Bench) -> Load:
    return Load(port, "gets", {"headers": named, "paths": paths}, seconds=bench.seconds)


def order_ids(bench: Bench, database: str, count: int = 200) -> list[str]:
    """Spread over the whole shop, the same in each run."""
    with bench.place.connect(database) as connection:
        found = connection.execute("SELECT id FROM orders_order ORDER BY md5(number)").fetchall()
    return [str(row[0]) for row in found[:count]]


def client(bench: Bench) -> list[Figure]:
    """What the load client itself can do, against a server that does nothing."""
    port = bench.servers.nothing().port
    load = partial(gets, port, ["/"], {"Host": "127.0.0.1"}, bench)
    found = bench.compare({"nothing": load})["nothing"]
    what = f"the load client; it spends {found.client_cpu:.2f} ms on a request"
    return [Figure("client", what, f"{found.requests:,.0f}/s")]


def detail(bench: Bench) -> list[Figure]:
    ids = order_ids(bench, bench.database)
    product = bench.servers.product(bench.database).port
    limits = bench.servers.limits(bench.database).port
    plain = {"Host": "127.0.0.1"}
    of = {
        "product": (product, [f"/v1/orders/{pk}" for pk in ids], headers(bench)),
        "minimal": (limits, [f"/minimal/orders/{pk}" for pk in ids], plain),
        "bare": (limits, [f"/bare/orders/{pk}" for pk in ids], plain),
    }
    found = bench.compare({name: partial(gets, *given, bench) for name, given in of.items()})
    mine = found["product"]
    same(found["product"].sample, found["minimal"].sample)
    return [
        served("detail", "minimal DRF and ORM", mine, found["minimal"], 0.60),
        served("detail", "bare view, one SELECT", mine, found["bare"], None),
    ]


def page(bench: Bench) -> list[Figure]:
    product = bench.servers.product(bench.database).port
    limits = bench.servers.limits(bench.database).port
    plain = {"Host": "127.0.0.1"}
    of = {
        "product": (product, [PAGE], headers(bench)),
        "raw": (limits, ["/raw/orders?limit=50"], plain),
        "minimal": (limits, ["/minimal/orders?limit=50"], plain),
    }
    found = bench.compare({name: partial(gets, *given, bench) for name, given in of.items()})
    mine, raw = found["product"], found["raw"]
    if json.loads(mine.sample)["data"] != json.loads(raw.sample)["data"]:
        raise RuntimeError("the raw page does not show what the product shows")
    return [
        served("list", "raw SQL and orjson, same page", mine, raw, 0.60),
        served("list", "minimal DRF and ORM", mine, found["minimal"], None),
    ]


def same(product: str, minimal: str) -> None:
    """The limit may not win by showing less: same lines, no column of the order left out."""
    shown, limit = json.loads(product), json.loads(minimal)
    columns = [set(each) for each in (shown["lines"][0], limit["lines"][0])]
    if len(shown["lines"]) != len(limit["lines"]) or len(columns[0] - {"store"}) > len(columns[1]):
        raise RuntimeError("the minimal view shows less than the product")


def queries(bench: Bench) -> list[Figure]:
    """Counted in a process of its own, authentication included; the same at 5 and at 50 rows."""
    told = json.loads(bench.place.run(bench.database, "benchmarks.product.queries", bench.key))
    return [
        Figure(
            "queries",
            name,
            f"{counts[-1]} queries",
            goal=f"<= {MOST_QUERIES}, constant",
            met=max(counts) <= MOST_QUERIES and len(set(counts)) == 1,
        )
        for name, counts in told.items()
    ]
