"""What a merchant types to connect the fake's site."""

from fakes.sfcc.vendor import CLIENT, ORGANIZATION, SECRET, SITE

GRANT = {
    "client_id": CLIENT,
    "client_secret": SECRET,
    "short_code": "kv7kzm78",
    "organization_id": ORGANIZATION,
    "site_id": SITE,
    "currency": "EUR",
}
