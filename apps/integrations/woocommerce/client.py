"""Calls to one shop's REST API (wc/v3)."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from apps.core import http
from apps.core.addresses import public_address
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.woocommerce.choices import MISSING

PEER = "woocommerce"
ROOT = "wp-json/wc/v3"
MOST = 100
# WordPress is slow, and a refund waits for the shop's payment gateway.
LIMITS = http.Limits(read=30, total=60)


class Missing(Declined):
    """The shop knows no object of that id."""


class Client:
    """Raises AccessLost, Missing or Declined for what WooCommerce itself refused; HttpError for
    the rest, such as pages of a firewall or of maintenance, which come as HTML with any status."""

    def __init__(self, domain: str, key: str, secret: str, *, in_query: bool = False) -> None:
        self._keys: Mapping[str, str] = {}
        headers = {}
        if in_query:
            self._keys = {"consumer_key": key, "consumer_secret": secret}
        else:
            pair = base64.b64encode(f"{key}:{secret}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        base = domain if "://" in domain else f"https://{domain}"
        self._http = http.HttpClient(
            peer=PEER, base_url=base, headers=headers, limits=LIMITS, resolve=public_address
        )

    def get(self, path: str, **params: str) -> Any:
        return self._ask(http.Call(method="GET", path=f"{ROOT}/{path}", params=self._with(params)))

    def index(self) -> Any:
        """What the site says of itself to everybody."""
        return self._ask(http.Call(method="GET", path="wp-json/"))

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._write("POST", path, body)

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._write("PUT", path, body)

    def delete(self, path: str) -> Any:
        params = self._with({"force": "true"})
        return self._ask(http.Call(method="DELETE", path=f"{ROOT}/{path}", params=params))

    def all(self, path: str, **params: str) -> Iterator[Any]:
        """Every object of a list; raises Unreadable where it is no list."""
        page = 1
        while True:
            found = self.listed(path, page=str(page), per_page=str(MOST), **params)
            yield from found
            if len(found) < MOST:
                return
            page += 1

    def listed(self, path: str, **params: str) -> list[Any]:
        found = self.get(path, **params)
        if not isinstance(found, list):
            raise http.Unreadable(PEER, "a list was asked for")
        return found

    def _with(self, params: Mapping[str, str]) -> dict[str, str]:
        return {**params, **self._keys}

    def _write(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        call = http.Call(method=method, path=f"{ROOT}/{path}", params=self._with({}), json=body)
        return self._ask(call)

    def _ask(self, call: http.Call) -> Any:
        try:
            return self._http.send(call).json()
        except http.BadStatus as bad:
            raise _verdict(bad) from bad


def told(answer: http.Answer) -> Mapping[str, Any]:
    """The body of an error of WooCommerce's own; empty for anything else."""
    try:
        body = answer.json()
    except http.Unreadable:
        return {}
    return body if isinstance(body, dict) and isinstance(body.get("code"), str) else {}


def _verdict(bad: http.BadStatus) -> Exception:
    code = str(told(bad.answer).get("code", ""))
    if not code or bad.status in http.PASSING or bad.status >= 500:
        return bad
    if bad.status in (401, 403):
        return AccessLost()
    if code in MISSING:
        return Missing(code)
    return Declined(code.removeprefix("woocommerce_rest_"))
