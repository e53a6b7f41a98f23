"""The jobs by name, in the order in which they run."""

from collections.abc import Callable

from benchmarks.jobs import (
    addresses,
    closing,
    footprint,
    importing,
    reading,
    reconciling,
    returning,
    scaling,
    suite,
    syncing,
    underwriting,
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
    "syncing": syncing.syncing,
    "webhook": webhooks.webhook,
    "scale": scaling.scale,
    "underwriting": underwriting.underwriting,
    "closing": closing.closing,
    "reconciling": reconciling.reconciling,
    "addresses": addresses.addresses,
    "worker": working.worker,
    "memory": footprint.memory,
    "startup": footprint.startup,
    "suite": suite.suite,
}

# Seconds on two quiet cores, seeding included; a whole run stays under fifteen minutes.
BUDGETS = {
    "client": 15,
    "detail": 45,
    "list": 45,
    "queries": 5,
    "returns": 75,
    "import": 45,
    "syncing": 60,
    "webhook": 55,
    "scale": 130,
    "underwriting": 35,
    "closing": 25,
    "reconciling": 90,
    "addresses": 1,
    "worker": 80,
    "memory": 85,
    "startup": 20,
    "suite": 1,
}
