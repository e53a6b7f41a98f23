"""`python -m benchmarks.product.closing`: seconds that the close of last month takes until it is
committed, and the peak of this process's memory in MB, as JSON."""

import json
import resource
import time
from datetime import timedelta

import django


def close() -> dict[str, float]:
    from apps.accounts.models import Merchant
    from apps.billing.calculator.periods import month_of
    from apps.billing.helpers import day_of
    from apps.billing.services import close_month
    from apps.core import clock

    at = clock.now()
    month = month_of(month_of(day_of(at)) - timedelta(days=1))
    merchant = Merchant.objects.get()
    began = time.perf_counter()
    close_month(merchant, month, at)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak": peak}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(close()))
