"""wc-auth: the owner says yes, the shop makes keys, posts them, and takes them back unless the
caller answers exactly 200."""

import http.client
import json
import secrets
from urllib.parse import urlencode, urlsplit

from fakes.psp.refusals import Refusal
from fakes.shops.book import Book
from fakes.shops.vendor import Raw, Reply

PATH = "/wc-auth/v1/authorize"
NEAR = frozenset({"127.0.0.1", "localhost"})


def authorize(book: Book, raw: Raw) -> Reply:
    """The owner says yes at once, or no where the desk says `denies`."""
    asked = raw.params
    callback = urlsplit(asked["callback_url"])
    if callback.scheme != "https" and callback.hostname not in NEAR:
        raise Refusal(401, "unauthorized", "The callback_url needs to be over SSL", "unauthorized")
    if any(row["id"] == "denies" for row in book.rows("wishes")):
        return _back(asked, "0")
    key = {
        "id": f"ck_{secrets.token_hex(20)}",
        "secret": f"cs_{secrets.token_hex(20)}",
    }
    book.keep("keys", key)
    told = {
        "key_id": len(book.rows("keys")), "user_id": asked["user_id"], "consumer_key": key["id"],
        "consumer_secret": key["secret"], "key_permissions": asked["scope"],
    }  # fmt: skip
    if _post(asked["callback_url"], json.dumps(told)) != 200:
        book.keep("keys", {**key, "secret": ""})
        raise Refusal(401, "unauthorized", "An error occurred in the request", "unauthorized")
    return _back(asked, "1")


def is_granted(book: Book, pair: str) -> bool:
    return any(pair == f"{row['id']}:{row['secret']}" for row in book.rows("keys") if row["secret"])


def _back(asked: dict[str, str], success: str) -> Reply:
    query = urlencode({"success": success, "user_id": asked["user_id"]})
    return Reply({}, 302, {"Location": f"{asked['return_url']}?{query}"})


def _post(url: str, body: str) -> int:
    parts = urlsplit(url)
    peer = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        peer.request("POST", parts.path, body, {"Content-Type": "application/json"})
        return peer.getresponse().status
    except OSError:
        return 0
    finally:
        peer.close()
