"""A Shopify shop with an app that the merchant made by hand."""

from fakes.shopify import schema
from fakes.shopify.oauth import SECRET, permanent
from fakes.shops.control import FakeShop
from scripts.demo.kinds import Kind


def prepare() -> None:
    try:
        schema.fetched()
    except schema.SchemaMissing as missing:
        raise SystemExit(f"the fake Shopify needs Shopify's own schema: {missing}") from missing


def ready(fake: FakeShop) -> None:
    """The points of the largest plan: the story is not about waiting for them."""
    fake.vendor("page", size=20)
    fake.vendor("points", level=20_000, most=20_000, rate=1_000)


KIND = Kind(
    title="Shopify",
    fake="fakes.shopify",
    domain=lambda fake: f"{fake.shop}.myshopify.com",
    grant=lambda fake: {"access_token": permanent(fake.shop), "client_secret": SECRET},
    prepare=prepare,
    ready=ready,
)
