"""Signed calls to a merchant's own shop: one address, one POST, the type in the body."""

import hashlib
import json
import secrets as randomness
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from apps.core import clock, http
from apps.core.addresses import public_address
from apps.integrations import signing
from apps.integrations.connectors import AccessLost, Declined, NotOffered
from apps.integrations.custom.choices import CALLS, READS

PEER = "custom"
REFUSED = frozenset({400, 404, 409, 410, 422})
LONGEST_CODE = 60


class Missing(Declined):
    """The shop has nothing of that id."""


class Client:
    """Raises AccessLost, Missing, NotOffered or Declined where the shop itself said no, in the
    words of the contract; HttpError for everything else."""

    def __init__(self, url: str, secret: str) -> None:
        parts = urlsplit(url)
        self._secret, self._path = secret, parts.path
        self._http = http.HttpClient(
            peer=PEER,
            base_url=f"{parts.scheme}://{parts.netloc}",
            key_header="webhook-id",
            resolve=public_address,
        )

    def ask(self, kind: str, data: Mapping[str, Any], reference: str = "") -> Mapping[str, Any]:
        """The `data` of the answer. A call under a reference keeps its id however often it is
        made; only reads are sent again by themselves."""
        at = clock.now()
        body = json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}).encode()
        message_id = _id(kind, reference)
        signed = signing.headers(self._secret, message_id, int(at.timestamp()), body)
        call = http.Call(
            method="POST",
            path=self._path,
            headers={"Content-Type": "application/json", **signed},
            content=body,
            key=message_id if kind in READS else "",
        )
        try:
            told = self._http.send(call).json()
        except http.BadStatus as bad:
            raise _verdict(kind, bad) from bad
        found = told.get("data") if isinstance(told, dict) else None
        if not isinstance(found, dict):
            raise http.Unreadable(PEER, "no data in the answer")
        return found


def _id(kind: str, reference: str) -> str:
    if not reference:
        return f"msg_{randomness.token_hex(16)}"
    return f"msg_{hashlib.sha256(f'{kind} {reference}'.encode()).hexdigest()[:32]}"


def _verdict(kind: str, bad: http.BadStatus) -> Exception:
    if bad.status in (401, 403):
        return AccessLost()
    code = _code(bad.answer)
    if code == "not_offered" and kind in CALLS:
        return NotOffered(CALLS[kind])
    if not code or bad.status not in REFUSED:
        return bad
    return Missing(code) if code == "not_found" else Declined(code)


def _code(answer: http.Answer) -> str:
    """The shop's own word; empty for a page of something else on the way."""
    try:
        told = answer.json()
    except http.Unreadable:
        return ""
    error = told.get("error") if isinstance(told, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code[:LONGEST_CODE] if isinstance(code, str) else ""
