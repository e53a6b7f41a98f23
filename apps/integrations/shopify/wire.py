"""How one shop is reached."""

import time
from collections.abc import Callable, Mapping

from django.conf import settings

from apps.core.http import HttpClient, Limits
from apps.integrations.shopify.answers import PEER


def http(
    domain: str,
    headers: Mapping[str, str] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> HttpClient:
    """Shopify ignores the key in the header: it only tells our client what may be repeated."""
    return HttpClient(
        peer=PEER,
        base_url=settings.SHOPIFY_API_BASE.format(shop=domain),
        headers=headers or {},
        limits=Limits(answer_bytes=10_000_000),
        key_header="X-Reveni-Call",
        sleep=sleep,
    )
