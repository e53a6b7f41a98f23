"""Webhooks signed as EasyPost signs, over the raw body, with everything that may go wrong."""

import hashlib
import hmac
import http.client
from typing import override
from urllib.parse import urlsplit

from fakes.psp.hooks import TRIES, Endpoint, Hooks


class CarrierHooks(Hooks):
    @override
    def _sign(self, endpoint: Endpoint, body: bytes, mode: str) -> str:
        secret = "somebody else's" if mode == "hook_forged" else endpoint.secret
        return "hmac-sha256-hex=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    @override
    def _deliver(self, endpoint: Endpoint, body: bytes, signature: str, event: str) -> None:
        for attempt in range(1, TRIES + 1):
            status = _post(endpoint, body, signature)
            self.journal.write("hook", event=event, url=endpoint.url, status=status, try_=attempt)
            if 200 <= status < 300 or status in (400, 401):
                return


def _post(endpoint: Endpoint, body: bytes, signature: str) -> int:
    """0 when nobody answered."""
    parts = urlsplit(endpoint.url)
    peer = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=10)
    headers = {"Content-Type": "application/json", "X-Hmac-Signature": signature}
    if endpoint.host:
        headers["Host"] = endpoint.host
    try:
        peer.request("POST", parts.path or "/", body, headers)
        return peer.getresponse().status
    except OSError:
        return 0
    finally:
        peer.close()
