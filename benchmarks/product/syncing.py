"""`python -m benchmarks.product.syncing <address> <seconds>`: a history read as a worker reads it,
for so long at most; orders, seconds, and MB of this process as it goes on, JSON by the line."""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def resident() -> float:
    """MB of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MB


def read(address: str, seconds: float) -> Iterator[dict[str, Any]]:
    """How far it has come, once a second and in the end, which is `done` or when time is over."""
    from django.conf import settings

    from apps.accounts.models import Store
    from apps.core import clock
    from apps.integrations.models import OrderSync
    from apps.integrations.signing import new_secret
    from apps.orders.services import syncing

    # The shop stands on this machine.
    settings.SANDBOX = True
    # A sitting ends after each page, so that memory can be looked at.
    syncing.ONE_SITTING = -syncing.ONE_SITTING
    store = Store.objects.get()
    secrets = {"url": address, "secret": new_secret(), "capabilities": "changes"}
    store.connect("custom", "pages.example", secrets)
    # Whoever heard of the connection has begun it.
    sync = OrderSync.objects.for_store(store).running().get()
    began = told = time.perf_counter()
    spent = time.process_time()
    while True:
        is_over = syncing.read_on(sync.pk, clock.now()).is_over
        now = time.perf_counter()
        is_over = is_over or now >= began + seconds
        if is_over or now >= told + 1:
            told = now
            sync.refresh_from_db()
            yield {
                "imported": sync.imported,
                "status": sync.status,
                "seconds": now - began,
                "cpu": time.process_time() - spent,
                "held": resident(),
            }
        if is_over:
            return


if __name__ == "__main__":
    django.setup()
    for line in read(sys.argv[1], float(sys.argv[2])):
        print(json.dumps(line), flush=True)
