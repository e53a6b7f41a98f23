"""The product as production runs it, with two things that only a bench needs: limits per caller so
high that one caller may load it (they are counted all the same), and a vendor that sends webhooks
signed over the raw body."""

import hashlib
import hmac
import os
from collections.abc import Mapping
from datetime import datetime

from config.wsgi import application  # it sets Django up, so the others come after

# isort: split

from apps.accounts.models import Store
from apps.api.platforms import vendors
from apps.core.rows import RowOf
from apps.events.dtos import Delivery
from benchmarks.product.lifted import lift

__all__ = ["application"]

SECRET = os.environ.get("BENCH_SECRET", "").encode()
# As the vendors of the product find their accounts.
STORES = RowOf(lambda slug: Store.objects.filter(slug=slug))
find = vendors.accept_of


def accept(token: str, headers: Mapping[str, str], body: bytes, at: datetime) -> Delivery | None:
    store = STORES.of(token)
    expected = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if store is None or not hmac.compare_digest(headers.get("x-signature", ""), expected):
        return None
    return Delivery(store.merchant_id, "bench", token, body, headers.get("x-id", ""))


def accept_of(family: str, vendor: str) -> vendors.Accept | None:
    return accept if vendor == "bench" else find(family, vendor)


vendors.accept_of = accept_of  # type: ignore[assignment]
lift()
