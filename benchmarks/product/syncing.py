"""`python -m benchmarks.product.syncing <address> <orders>`: a shop's whole history read as a
worker reads it; orders, seconds, and MB of this process after each tenth of them, as JSON."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import django

PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def resident() -> float:
    """MB of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MB


def read(address: str, count: int) -> dict[str, Any]:
    from django.conf import settings

    from apps.accounts.models import Store
    from apps.core import clock
    from apps.integrations import choices
    from apps.integrations.signing import new_secret
    from apps.orders.services import syncing

    # The shop stands on this machine.
    settings.SANDBOX = True
    # A sitting ends after each page, so that memory can be looked at.
    syncing.ONE_SITTING = -syncing.ONE_SITTING
    store = Store.objects.get()
    secrets = {"url": address, "secret": new_secret(), "capabilities": "changes"}
    store.connect("custom", "pages.example", secrets)
    sync = syncing.start_sync(store, choices.OrderSync.Kind.HISTORY, clock.now())
    held: dict[int, float] = {}
    began, is_over = time.perf_counter(), False
    while not is_over:
        is_over = syncing.read_on(sync.pk, clock.now()).is_over
        sync.refresh_from_db()
        tenth = 10 * sync.imported // count
        held.setdefault(tenth, resident())
    return {
        "imported": sync.imported,
        "status": sync.status,
        "seconds": time.perf_counter() - began,
        "held": [held[each] for each in sorted(held) if each],
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(read(sys.argv[1], int(sys.argv[2]))))
