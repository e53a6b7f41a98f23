"""Installing our app in a shop, and the tokens that come of it and expire."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings

from apps.core.http import BadStatus, Call, Unreadable
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.shopify.answers import PEER
from apps.integrations.shopify.choices import CREDIT_SCOPES, SCOPES
from apps.integrations.shopify.wire import http

# The whole text, also its end: it goes into the address of the call that carries our secret.
DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com", re.ASCII)
TOLERANCE = timedelta(minutes=5)


def domain_of(typed: str) -> str:
    """Raises Declined for anything but a shop's own domain at Shopify."""
    domain = typed.strip().lower().removeprefix("https://").rstrip("/")
    if not DOMAIN.fullmatch(domain):
        raise Declined("not_a_shopify_domain")
    return domain


def authorize_url(domain: str, state: str, redirect_uri: str) -> str:
    """Where the merchant is asked; `state` comes back with the code."""
    query = urlencode(
        {
            "client_id": _app({})["client_id"],
            "scope": ",".join((*SCOPES, *sorted(CREDIT_SCOPES))),
            "redirect_uri": redirect_uri,
            "state": state,
        }
    )
    base = settings.SHOPIFY_API_BASE.format(shop=domain_of(domain))
    return f"{base}/admin/oauth/authorize?{query}"


def assert_from_shopify(params: Mapping[str, str], at: datetime) -> None:
    """Raises Declined unless a secret of ours signed the query, and lately."""
    sent = params.get("hmac", "").encode()
    kept = sorted((name, value) for name, value in params.items() if name not in _UNSIGNED)
    message = "&".join(f"{name}={value}" for name, value in kept).encode()
    if not any(_matches(secret, message, sent) for secret in settings.SHOPIFY_CLIENT_SECRETS):
        raise Declined("signature_refused")
    stamp = params.get("timestamp", "")
    then = int(stamp) if stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 else 0
    if abs(at.timestamp() - then) > TOLERANCE.total_seconds():
        raise Declined("too_old")


_UNSIGNED = frozenset({"hmac", "signature"})


def _matches(secret: str, message: bytes, sent: bytes) -> bool:
    wanted = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest().encode()
    return bool(secret) and hmac.compare_digest(wanted, sent)


def from_code(domain: str, code: str, at: datetime) -> dict[str, str]:
    """The offline token that expires, and the one that renews it.

    Raises Declined where the merchant, or somebody in the address, took a scope away.
    """
    found = _granted(domain, {**_app({}), "code": code, "expiring": "1"}, at)
    if not set(SCOPES) <= set(found["scope"].replace(" ", "").split(",")):
        raise Declined("scopes_missing")
    return found


def from_own_app(domain: str, app: Mapping[str, str], at: datetime) -> dict[str, str]:
    """For an app that the merchant made for its own shops; `app` is kept with the token."""
    asked = {**_app(app), "grant_type": "client_credentials"}
    return {**_app(app), **_granted(domain, asked, at)}


def renewed(domain: str, kept: Mapping[str, str], at: datetime) -> dict[str, str]:
    """The next credentials; the refresh token of `kept` is dead after this."""
    if kept.get("refresh_token"):
        asked = {
            **_app(kept),
            "grant_type": "refresh_token",
            "refresh_token": kept["refresh_token"],
        }
        return {**kept, **_granted(domain, asked, at)}
    if kept.get("client_secret"):
        return from_own_app(domain, kept, at)
    raise AccessLost


def _app(kept: Mapping[str, str]) -> dict[str, str]:
    if kept.get("client_secret"):
        return {"client_id": kept["client_id"], "client_secret": kept["client_secret"]}
    if not settings.SHOPIFY_CLIENT_SECRETS:
        raise Declined("no_shopify_app")
    return {
        "client_id": settings.SHOPIFY_CLIENT_ID,
        "client_secret": settings.SHOPIFY_CLIENT_SECRETS[0],
    }


def _granted(domain: str, asked: Mapping[str, str], at: datetime) -> dict[str, str]:
    call = Call(method="POST", path="admin/oauth/access_token", json=dict(asked))
    try:
        told = http(domain).send(call).json()
    except BadStatus as error:
        if 400 <= error.status < 500 and error.status != 429:
            raise AccessLost from error
        raise
    if not isinstance(told, dict) or not told.get("access_token"):
        raise Unreadable(PEER, "no token in the answer")
    found = {"access_token": str(told["access_token"]), "scope": str(told.get("scope", ""))}
    if lasts := told.get("expires_in"):
        found["expires_at"] = (at + timedelta(seconds=int(lasts))).isoformat()
    if told.get("refresh_token"):
        found["refresh_token"] = str(told["refresh_token"])
    return found
