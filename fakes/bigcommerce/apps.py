"""Apps in the control panel: codes changed for tokens, and callbacks that are signed as a JWT."""

import json
import secrets
from typing import Any

import jwt

from fakes.psp.clock import Clock
from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.figures import Row
from fakes.shops.vendor import Raw, Reply

PATH = "/oauth2/token"
CLIENT, SECRET = "fake-big-client", "fake-big-client-secret-0123456789"
SCOPES = "store_v2_orders store_v2_products store_inventory"


def code_for(book: Book, store_hash: str, scope: str = SCOPES) -> dict[str, str]:
    """The query that a browser brings to the app's auth callback, once the owner said yes."""
    code = secrets.token_hex(16)
    context = f"stores/{store_hash}"
    book.keep("codes", {"id": code, "context": context, "scope": scope, "used": False})
    return {"code": code, "scope": scope, "context": context, "account_uuid": "a-1"}


def token(book: Book, raw: Raw, access_token: str) -> Reply:
    """A code is good for once."""
    asked = json.loads(raw.body)
    kept = {row["id"]: row for row in book.rows("codes")}.get(asked.get("code", ""))
    ours = (asked.get("client_id"), asked.get("client_secret")) == (CLIENT, SECRET)
    if not ours or kept is None or kept["used"]:
        raise Refusal(400, "refused", "Invalid code", "invalid_grant")
    book.keep("codes", {**kept, "used": True})
    user = {"id": 1, "username": "owner", "email": "owner@example.com"}
    told: Row = {"access_token": access_token, "scope": kept["scope"], "context": kept["context"]}
    return Reply({**told, "user": user, "owner": user, "account_uuid": "a-1"})


def payload(store_hash: str, secret: str = SECRET, **claims: Any) -> str:
    """`signed_payload_jwt` of load, uninstall and remove_user."""
    now = int(Clock().now())
    user = {"id": 1, "email": "owner@example.com", "locale": "en"}
    told = {
        "aud": CLIENT, "iss": "bc", "sub": f"stores/{store_hash}", "iat": now, "nbf": now - 5,
        "exp": now + 86_400, "jti": secrets.token_hex(8), "user": user, "owner": user, "url": "/",
        "channel_id": None,
    }  # fmt: skip
    return jwt.encode({**told, **claims}, secret, algorithm="HS256")
