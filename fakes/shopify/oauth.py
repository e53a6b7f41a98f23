"""Install, codes, tokens that expire and refresh tokens that die with their use."""

import hashlib
import hmac
import json
import secrets
from urllib.parse import urlencode

from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.figures import Row
from fakes.shops.vendor import Raw, Reply

CLIENT, SECRET = "fake-client", "fake-client-secret-0123456789"
LASTS = 3_600


def permanent(shop: str) -> str:
    """The token of an app that the merchant made by hand."""
    return f"shpat_{shop}"


def assert_token(book: Book, token: str) -> None:
    """Raises Refusal 401."""
    kept = {row["id"]: row for row in book.rows("tokens")}.get(token)
    gone = bool(book.rows("uninstalls"))
    alive = (
        token == permanent(book.shop) if kept is None else kept["until"] > book.ground.clock.now()
    )
    if gone or not alive:
        raise Refusal(401, "unauthorized", "[API] Invalid API key or access token", "unauthorized")


def authorize(book: Book, domain: str, raw: Raw) -> Reply:
    """The merchant says yes at once."""
    asked = raw.params
    if asked.get("client_id") != CLIENT:
        raise Refusal(400, "refused", "Unknown client", "invalid_request")
    code = secrets.token_hex(16)
    book.keep("codes", {"id": code, "scope": asked["scope"], "used": False})
    back = {
        "code": code, "host": "aG9zdA", "shop": domain, "state": asked["state"],
        "timestamp": str(int(book.ground.clock.now())),
    }  # fmt: skip
    query = urlencode({**back, "hmac": signature(back)})
    return Reply({}, 302, {"Location": f"{asked['redirect_uri']}?{query}"})


def signature(params: dict[str, str]) -> str:
    message = "&".join(f"{name}={value}" for name, value in sorted(params.items()))
    return hmac.new(SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()


def access_token(book: Book, raw: Raw) -> Reply:
    asked = json.loads(raw.body)
    if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
        raise Refusal(400, "refused", "Oauth error invalid_client", "invalid_client")
    kind = asked.get("grant_type", "authorization_code")
    if kind == "client_credentials":
        return Reply(_issue(book, "read_orders", with_refresh=False))
    table, name = ("refreshes", "refresh_token") if kind == "refresh_token" else ("codes", "code")
    with book.lock:
        kept = {row["id"]: row for row in book.rows(table)}.get(asked.get(name, ""))
        if kept is None or kept["used"]:
            raise Refusal(400, "refused", "Oauth error invalid_grant", "invalid_grant")
        book.keep(table, {**kept, "used": True})
        return Reply(_issue(book, kept["scope"], with_refresh=True))


def _issue(book: Book, scope: str, *, with_refresh: bool) -> Row:
    token = f"shpua_{secrets.token_hex(16)}"
    book.keep("tokens", {"id": token, "until": book.ground.clock.now() + LASTS})
    told: Row = {"access_token": token, "scope": scope, "expires_in": LASTS}
    if with_refresh:
        refresh = f"shprt_{secrets.token_hex(16)}"
        book.keep("refreshes", {"id": refresh, "scope": scope, "used": False})
        told |= {"refresh_token": refresh, "refresh_token_expires_in": 7_776_000}
    return told
