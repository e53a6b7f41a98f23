"""A webhook taken in: the signature over the raw body, one row, the answer."""

from collections.abc import Callable
from itertools import count

from benchmarks.load import Load
from benchmarks.measuring import Bench, Figure, served
from benchmarks.seeding import STORE

# What one of its rounds says differs by half from the next.
ROUNDS = 5
# More than any run sends, so that no two runs send the same event.
APART = 100_000


def webhook(bench: Bench) -> list[Figure]:
    product = bench.servers.product(bench.database).port
    limits = bench.servers.limits(bench.database).port
    runs = count(1)

    def load(port: int, host: str, path: str) -> Callable[[], Load]:
        def make() -> Load:
            """Each begins at an empty inbox: what waits there is counted, and has a limit."""
            with bench.place.connect(bench.database) as connection:
                connection.execute("TRUNCATE events_inboxmessage")
            given = {
                "headers": {"Host": host},
                "path": path,
                "secret": bench.place.hook_secret,
                "first": next(runs) * APART,
            }
            return Load(port, "hooks", given, seconds=bench.seconds)

        return make

    found = bench.compare(
        {
            "product": load(product, "platforms.reveni.localhost", f"/v1/bench/{STORE}"),
            "bare": load(limits, "127.0.0.1", "/bare/hooks"),
            "minimal": load(limits, "127.0.0.1", "/minimal/hooks"),
        },
        rounds=ROUNDS,
    )
    mine = found["product"]
    return [
        served("webhook", "bare view, HMAC and one row", mine, found["bare"], 0.60),
        served("webhook", "minimal DRF view", mine, found["minimal"], None),
    ]
