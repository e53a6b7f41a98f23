"""A shop of the merchant's own, which speaks the small contract of docs/custom-platform.md."""

from fakes.custom.vendor import PATH, SECRET
from fakes.shops.control import FakeShop
from scripts.demo.kinds import Kind


def ready(fake: FakeShop) -> None:
    """Small pages, so that a history has some."""
    fake.vendor("page", size=20)


KIND = Kind(
    title="a shop of the merchant's own",
    fake="fakes.custom",
    grant=lambda fake: {"url": fake.address + PATH, "secret": SECRET},
    shown=frozenset({"url"}),
    ready=ready,
)
