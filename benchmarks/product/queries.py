"""`python -m benchmarks.product.queries <key>`: the number of queries of two requests as JSON, each
at two sizes. The first call of a minute notes the use of the key and is not counted."""

import json
import sys

import django


def count(key: str) -> dict[str, list[int]]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from apps.orders.models import Order
    from benchmarks.product.lifted import lift

    lift()
    client = Client(
        headers={"host": "api.reveni.localhost", "authorization": f"Bearer {key}"},
        raise_request_exception=True,
    )
    ids = list(Order.objects.values_list("pk", flat=True)[:2])
    paths = {
        "one order": [f"/v1/orders/{pk}" for pk in ids],
        "page of orders": [f"/v1/orders?limit={limit}" for limit in (5, 50)],
    }
    client.get(paths["one order"][0])
    found: dict[str, list[int]] = {}
    for name, each in paths.items():
        for path in each:
            with CaptureQueriesContext(connection) as captured:
                status = client.get(path).status_code
            if status != 200:
                raise RuntimeError(f"{path} was answered {status}")
            found.setdefault(name, []).append(len(captured))
    return found


if __name__ == "__main__":
    django.setup()
    print(json.dumps(count(sys.argv[1])))
