"""A BigCommerce store with an account of its API."""

from fakes.bigcommerce.vendor import CLIENT_SECRET, HASH, TOKEN
from scripts.demo.kinds import Kind

KIND = Kind(
    title="BigCommerce",
    fake="fakes.bigcommerce",
    domain=lambda fake: "tees.example.com",
    number=lambda order: str(order["id"]),
    grant=lambda fake: {"store_hash": HASH, "access_token": TOKEN, "client_secret": CLIENT_SECRET},
)
