"""The same request in shops of 10^3, 10^4 and 10^5 orders, side by side on three servers."""

from functools import partial
from urllib.parse import quote

from benchmarks.jobs.reading import headers, order_ids
from benchmarks.load import Load
from benchmarks.measuring import Bench, Figure, Middle

# One after the other: of four connections, one of two web processes often has all, and half the
# rate.
AT_ONCE = 1
ROUNDS = 3
SECONDS = 1.0
MOST = 1.20
MOST_MS = 20.0


def scale(bench: Bench) -> list[Figure]:
    shops = {size: bench.shop_of(size) for size in bench.sizes}
    asked = {size: requests(bench, shop, size) for size, shop in shops.items()}
    figures = []
    for name in ("detail", "first page", "last page", "by number", "by e-mail"):
        bench.say(name)
        found = bench.compare(
            {
                f"{size:,} orders": partial(load, bench, shops[size], asked[size][name])
                for size in shops
            },
            rounds=ROUNDS,
        )
        figures.append(flat(name, list(found.values()), bench.sizes[-1]))
    return figures


def load(bench: Bench, shop: str, paths: list[str]) -> Load:
    given = {"headers": headers(bench), "paths": paths}
    return Load(bench.servers.product(shop).port, "gets", given, AT_ONCE, SECONDS)


def requests(bench: Bench, shop: str, size: int) -> dict[str, list[str]]:
    """Paths by job; numbers and addresses from all over the shop."""
    cursor = bench.place.run(shop, "benchmarks.product.cursor").strip()
    numbers = [1 + size * part // 97 for part in range(97)]
    return {
        "detail": [f"/v1/orders/{pk}" for pk in order_ids(bench, shop)],
        "first page": ["/v1/orders?limit=50"],
        "last page": [f"/v1/orders?limit=50&cursor={quote(cursor)}"],
        "by number": [f"/v1/orders?number={number}" for number in numbers],
        "by e-mail": [f"/v1/orders?email=shopper{number}%40example.com" for number in numbers],
    }


def flat(name: str, found: list[Middle], largest: int) -> Figure:
    """The dearest shop over the smallest one, in cost per request."""
    growth = found[0].requests / min(each.requests for each in found)
    rates = ", ".join(f"{each.requests:,.0f}" for each in found)
    p50 = found[-1].p50
    is_search = name.startswith("by ")
    goal = f"<= {MOST:.2f}x" + (f", p50 < {MOST_MS:.0f} ms" if is_search else "")
    return Figure(
        "scale",
        f"{name}; p50 {p50:.1f} ms at {largest:,} orders",
        f"{rates} /s",
        ratio=growth,
        goal=goal,
        met=growth <= MOST and (p50 < MOST_MS or not is_search),
    )
