"""Our app in BigCommerce's control panel: installed, opened, taken away.

An installation begins there only, and what calls us first is unsigned: the code that it brings is
worth nothing but to us, and what it is changed for names the store.
"""

from collections.abc import Mapping

import jwt
from django.conf import settings

from apps.core.http import BadStatus, Call, HttpClient, Unreadable
from apps.integrations.bigcommerce.client import LIMITS, PEER
from apps.integrations.connectors import Declined
from apps.integrations.installing import (
    Left,
    Noted,
    Opened,
    Outcome,
    Step,
    Unclaimed,
    Visit,
    address,
)

PLATFORM = "bigcommerce"
LOGIN = "https://login.bigcommerce.com"
CONTEXT = "stores/"
# The first of those that the product works with; the names of the others differ by version.
SCOPE = "store_v2_orders"
LEEWAY_SECONDS = 10


def auth(visit: Visit) -> Outcome:
    """Raises Declined where the code is worth nothing, is another store's, or opens no orders."""
    context = visit.query.get("context", "")
    if not visit.query.get("code") or not context.startswith(CONTEXT):
        raise Declined("denied")
    told = _changed(visit.query)
    if told.get("context") != context:
        raise Declined("other_shop")
    if SCOPE not in str(told.get("scope", "")).split():
        raise Declined("scopes_missing")
    secrets = {
        "store_hash": context.removeprefix(CONTEXT),
        "access_token": str(told["access_token"]),
        "client_secret": settings.BIGCOMMERCE_CLIENT_SECRET,
    }
    return Unclaimed(PLATFORM, context, "", secrets)


def load(visit: Visit) -> Outcome:
    return Opened(PLATFORM, _account(visit))


def uninstall(visit: Visit) -> Outcome:
    return Left(PLATFORM, _account(visit))


def remove_user(visit: Visit) -> Outcome:
    """We keep no user of theirs."""
    _account(visit)
    return Noted()


STEPS: Mapping[str, Step] = {
    "auth": auth, "load": load, "uninstall": uninstall, "remove_user": remove_user,
}  # fmt: skip


def _changed(query: Mapping[str, str]) -> Mapping[str, object]:
    if not settings.BIGCOMMERCE_CLIENT_SECRET:
        raise Declined("no_bigcommerce_app")
    asked = {
        "client_id": settings.BIGCOMMERCE_CLIENT_ID,
        "client_secret": settings.BIGCOMMERCE_CLIENT_SECRET,
        "code": query["code"],
        "context": query["context"],
        "scope": query.get("scope", ""),
        "grant_type": "authorization_code",
        "redirect_uri": address(PLATFORM, "auth"),
    }
    login = HttpClient(peer=PEER, base_url=settings.BIGCOMMERCE_LOGIN_BASE or LOGIN, limits=LIMITS)
    try:
        told = login.send(Call(method="POST", path="oauth2/token", json=asked)).json()
    except BadStatus as error:
        if 400 <= error.status < 500 and error.status != 429:
            raise Declined("code_refused") from error
        raise
    if not isinstance(told, dict) or not told.get("access_token"):
        raise Unreadable(PEER, "no token in the answer")
    return told


def _account(visit: Visit) -> str:
    """Which store it is about. Raises Declined unless BigCommerce signed it for our app."""
    if not settings.BIGCOMMERCE_CLIENT_SECRET:
        raise Declined("no_bigcommerce_app")
    try:
        claims = jwt.decode(
            visit.query.get("signed_payload_jwt", ""),
            settings.BIGCOMMERCE_CLIENT_SECRET,
            algorithms=["HS256"],
            audience=settings.BIGCOMMERCE_CLIENT_ID,
            issuer="bc",
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "sub"]},
        )
    except jwt.InvalidTokenError:
        raise Declined("signature_refused") from None
    return str(claims["sub"])
