"""The jobs by name, in the order in which they run."""

from collections.abc import Callable

from benchmarks.jobs import (
    footprint,
    importing,
    reading,
    returning,
    scaling,
    suite,
    webhooks,
    working,
)
from benchmarks.measuring import Bench, Figure

type Job = Callable[[Bench], list[Figure]]

JOBS: dict[str, Job] = {
    "client": reading.client,
    "detail": reading.detail,
    "list": reading.page,
    "queries": reading.queries,
    "returns": returning.returns,
    "import": importing.orders,
    "webhook": webhooks.webhook,
    "scale": scaling.scale,
    "worker": working.worker,
    "memory": footprint.memory,
    "startup": footprint.startup,
    "suite": suite.suite,
}
