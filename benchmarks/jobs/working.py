"""Tasks through a real worker of two processes: one that does nothing, one that pays a refund."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import redis

from benchmarks.measuring import Bench, Figure, against
from benchmarks.servers import Process

QUEUES = {"no-op": "default", "money": "money"}
SECONDS = 300.0


def worker(bench: Bench) -> list[Figure]:
    count = {"no-op": 200 if bench.quick else 400, "money": 12 if bench.quick else 60}
    place, shop = bench.place, bench.database
    bench.say("preparing refunds")
    env = place.environment(shop, "worker")
    with redis.Redis.from_url(env["BROKER_URL"]) as broker:
        place.run(shop, "benchmarks.product.refunds", str(bench.rounds * count["money"]))
        place.run(shop, "benchmarks.product.hints", str(bench.rounds * count["no-op"]))
        for name, queue in QUEUES.items():
            share(bench, broker, name, queue, count[name])
        with running(bench, env):
            rates = measure(bench, broker, count)
    unpaid = left(bench)
    if unpaid:
        raise RuntimeError(f"{unpaid} refunds were not paid")
    money, nothing = median(rates["money"]), median(rates["no-op"])
    return [
        against("worker", "a refund paid, beside a task that does nothing", money, nothing, 0.3)
    ]


def share(bench: Bench, broker: redis.Redis, name: str, queue: str, count: int) -> None:
    """An equal part of what waits to each round."""
    waiting = broker.llen(queue)
    if waiting != bench.rounds * count:
        raise RuntimeError(f"{waiting} tasks wait in {queue}, not {bench.rounds * count}")
    for number in range(bench.rounds):
        for _ in range(count):
            broker.lmove(queue, parked(name, number))


def parked(name: str, number: int) -> str:
    return f"bench-{name}-{number}"


def measure(bench: Bench, broker: redis.Redis, count: dict[str, int]) -> dict[str, list[float]]:
    """Tasks a second of each kind; a round's tasks arrive all at once at an idle worker."""
    rates: dict[str, list[float]] = {"no-op": [], "money": []}
    for number in range(bench.rounds):
        for name, queue in QUEUES.items():
            began = time.perf_counter()
            broker.rename(parked(name, number), queue)
            drain(broker, queue, began + SECONDS)
            rates[name].append(count[name] / (time.perf_counter() - began))
            bench.say(f"round {number + 1}: {name} {rates[name][-1]:,.0f} tasks/s")
    return rates


def drain(broker: redis.Redis, queue: str, deadline: float) -> None:
    while broker.llen(queue) or broker.hlen("unacked"):
        if time.perf_counter() > deadline:
            raise RuntimeError(f"{queue} was not done in time")
        time.sleep(0.01)


@contextmanager
def running(bench: Bench, env: dict[str, str]) -> Iterator[None]:
    """As in Procfile.dev, ready to work."""
    words = [sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel", "INFO"]
    words += ["--concurrency", "2", "--without-gossip", "--without-mingle"]
    words += ["--queues", ",".join(QUEUES.values()), "--include", "benchmarks.product.tasks"]
    process = Process.start("worker", bench.place, words, env)
    try:
        deadline = time.perf_counter() + SECONDS
        while "ready" not in process.log.read_text():
            process.check()
            if time.perf_counter() > deadline:
                raise RuntimeError("the worker did not start")
            time.sleep(0.05)
        yield
    finally:
        process.stop()


def left(bench: Bench) -> int:
    with bench.place.connect(bench.database) as connection:
        found = connection.execute("SELECT count(*) FROM payments_payment WHERE settled_at IS NULL")
        row = found.fetchone()
    return int(row[0]) if row else 0
