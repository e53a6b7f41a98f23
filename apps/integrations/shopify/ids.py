"""Shopify's two names of a thing: webhooks and our rows have the number, the API wants both."""

from uuid import NAMESPACE_URL, uuid5

PREFIX = "gid://shopify/"


def gid(kind: str, number: str) -> str:
    """Anything that is a global id already stays as it is."""
    return number if number.startswith(PREFIX) else f"{PREFIX}{kind}/{number}"


def number(gid: str) -> str:
    """`gid://shopify/Order/7?x=1` is 7."""
    return gid.rpartition("/")[2].partition("?")[0]


def key_of(reference: str, step: str = "") -> str:
    """The idempotency key of a reference: always the same UUID."""
    return str(uuid5(NAMESPACE_URL, f"reveni:{reference}:{step}"))


def mark(reference: str) -> str:
    """How a reference stands in a text that people read too."""
    return f"[{reference}]"
