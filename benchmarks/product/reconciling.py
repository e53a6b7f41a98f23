"""`python -m benchmarks.product.reconciling`: one run of the hourly reconciliation as JSON."""

import json
from typing import Any

import django


def ask() -> dict[str, Any]:
    from apps.core import clock
    from apps.events.modules.reconciliation.services import reconcile
    from apps.payments.models import Payment

    run = reconcile(clock.now())
    return {
        "seconds": run.milliseconds / 1000,
        "queries": run.queries,
        "payments": Payment.objects.count(),
        "wrong": [each for each in run.figures if each["found"] or each["failed"]],
        "slowest": sorted(run.figures, key=lambda each: -each["milliseconds"])[:5],
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(ask()))
