"""Which call is which."""

import re

from fakes.shops.vendor import Raw

ID = r"(\w+)"
PAYMENTS = rf"v3/orders/{ID}/payment_actions"
ROUTES = tuple(
    (method, re.compile(rf"/stores/\w+/{path}"), name)
    for method, path, name in (
        ("GET", "v2/store", "store"),
        ("GET", "v2/orders", "orders"),
        ("POST", "v2/orders", "place"),
        ("GET", rf"v2/orders/{ID}", "order"),
        ("PUT", rf"v2/orders/{ID}", "change"),
        ("GET", rf"v2/orders/{ID}/products", "lines"),
        ("GET", rf"v2/orders/{ID}/shipping_addresses", "addresses"),
        ("GET", rf"v2/orders/{ID}/shipments", "shipments"),
        ("GET", "v2/gift_certificates", "certificates"),
        ("POST", "v2/gift_certificates", "give"),
        ("GET", rf"v2/gift_certificates/{ID}", "certificate"),
        ("PUT", rf"v2/gift_certificates/{ID}", "void"),
        ("POST", f"{PAYMENTS}/refund_quotes", "quote"),
        ("GET", f"{PAYMENTS}/refunds", "refunds"),
        ("POST", f"{PAYMENTS}/refunds", "refund"),
        ("GET", "v3/catalog/variants", "variants"),
        ("GET", "v3/catalog/products", "products"),
        ("GET", rf"v3/catalog/products/{ID}/metafields", "marks"),
        ("POST", rf"v3/catalog/products/{ID}/metafields", "mark"),
        ("PUT", rf"v3/catalog/products/\w+/metafields/{ID}", "turn_mark"),
        ("DELETE", rf"v3/catalog/products/\w+/metafields/{ID}", "drop_mark"),
        ("POST", "v3/inventory/adjustments/relative", "stock"),
        ("GET", "v3/hooks", "webhooks"),
        ("POST", "v3/hooks", "subscribe"),
        ("PUT", rf"v3/hooks/{ID}", "switch"),
        ("DELETE", rf"v3/hooks/{ID}", "unsubscribe"),
    )
)


def route(raw: Raw) -> tuple[str, tuple[str, ...]]:
    """Its name and the ids in its path; empty for none."""
    for method, pattern, name in ROUTES:
        found = pattern.fullmatch(raw.path)
        if found and method == raw.method:
            return name, found.groups()
    return "", ()
