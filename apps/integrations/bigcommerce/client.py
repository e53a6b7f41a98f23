"""Calls to one store's API, v2 and v3; the store's quota is shared with all its other apps."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.conf import settings

from apps.core import http
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.reading import segment

PEER = "bigcommerce"
BASE = "https://api.bigcommerce.com"
LIMITS = http.Limits(read=30, total=60)
MOST = 250
# The window of the quota.
LONGEST_PAUSE_MS = 30_000
WAITS = 2


class Missing(Declined):
    """The store knows no object of that id."""


class Client:
    """Raises AccessLost, Missing or Declined for what was refused, HttpError for the rest."""

    def __init__(self, store_hash: str, token: str) -> None:
        base = settings.BIGCOMMERCE_API_BASE or BASE
        self._http = http.HttpClient(
            peer=PEER,
            base_url=f"{base}/stores/{segment(store_hash)}",
            headers={"X-Auth-Token": token},
            limits=LIMITS,
        )

    def get(self, path: str, **params: str) -> Any:
        """None for v2's empty list, which is a 204."""
        return self._ask(http.Call(method="GET", path=path, params=params))

    def listed(self, path: str, params: Mapping[str, str]) -> list[Any]:
        """One page; v3 keeps its rows under `data`."""
        answer = self._ask(http.Call(method="GET", path=path, params=params))
        rows = answer.get("data") if isinstance(answer, dict) else answer
        if rows is not None and not isinstance(rows, list):
            raise http.Unreadable(PEER, "a list was asked for")
        return rows or []

    def all(self, path: str, params: Mapping[str, str] | None = None) -> Iterator[Any]:
        page = 1
        while True:
            paging = {"page": str(page), "limit": str(MOST)}
            found = self.listed(path, {**(params or {}), **paging})
            yield from found
            if len(found) < MOST:
                return
            page += 1

    def post(self, path: str, body: Any) -> Any:
        return self._write("POST", path, body)

    def put(self, path: str, body: Any) -> Any:
        return self._write("PUT", path, body)

    def delete(self, path: str) -> None:
        self._ask(http.Call(method="DELETE", path=path))

    def _write(self, method: str, path: str, body: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        content = orjson.dumps(body)
        return self._ask(http.Call(method=method, path=path, headers=headers, content=content))

    def _ask(self, call: http.Call) -> Any:
        for _ in range(WAITS):
            try:
                return _read(self._http.send(call))
            except http.BadStatus as bad:
                pause = _pause_ms(bad)
                if not pause:
                    raise _verdict(bad) from bad
                self._http.sleep(pause / 1000)
        try:
            return _read(self._http.send(call))
        except http.BadStatus as bad:
            raise _verdict(bad) from bad


def _read(answer: http.Answer) -> Any:
    return None if answer.status == 204 else answer.json()


def _pause_ms(bad: http.BadStatus) -> int:
    """Until the quota is whole again: nothing was done, so that any call may be repeated. A 429
    without it comes from a platform under load, which wants more than a moment."""
    told = bad.answer.headers.get("x-rate-limit-time-reset-ms", "")
    if bad.status != 429 or not told.isdecimal():
        return 0
    return min(max(1, int(told)), LONGEST_PAUSE_MS)


def _verdict(bad: http.BadStatus) -> Exception:
    if bad.status in (401, 403):
        return AccessLost()
    title = _title(bad.answer)
    if not title or bad.status not in (400, 404, 409, 422):
        return bad
    return Missing(title) if bad.status == 404 else Declined(title)


def _title(answer: http.Answer) -> str:
    """v3 tells an object with a title, v2 a list of messages; HTML is neither."""
    try:
        body = answer.json()
        told = body[0]["message"] if isinstance(body, list) else body["title"]
    except (http.Unreadable, KeyError, IndexError, TypeError):
        return ""
    return str(told).lower().strip(" .").replace(" ", "_")[:60]
