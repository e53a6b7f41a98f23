"""A Salesforce site with an API client of Account Manager."""

from fakes.sfcc.vendor import CLIENT, ORGANIZATION, SECRET, SITE
from scripts.demo.kinds import Kind

KIND = Kind(
    title="Salesforce B2C Commerce",
    fake="fakes.sfcc",
    number=lambda order: str(order["id"]),
    tells_refunds=False,
    grant=lambda fake: {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "short_code": "kv7kzm78",
        "organization_id": ORGANIZATION,
        "site_id": SITE,
        "currency": "EUR",
    },
    shown=frozenset({"site_id", "currency"}),
)
