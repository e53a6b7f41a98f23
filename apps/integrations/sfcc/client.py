"""Calls to the Orders API (v1) of one site."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from apps.core import http
from apps.core.addresses import public_address
from apps.integrations.connectors import AccessLost, Declined, Secrets
from apps.integrations.reading import segment
from apps.integrations.sfcc.tokens import Tokens

PEER = "sfcc"
HOST = "https://{short_code}.api.commercecloud.salesforce.com"
ROOT = "checkout/orders/v1/organizations"
# Salesforce itself gives up after a minute.
LIMITS = http.Limits(read=60, total=90)
SHORT_CODE = re.compile(r"[a-z0-9]{1,20}")
NO_NAME = re.compile(r"[^a-z0-9]+")


class Missing(Declined):
    """The site has no order of that number."""


class Client:
    """Raises AccessLost, Missing or Declined for what Salesforce itself refused, HttpError for the
    rest. A `domain` that is an address stands in for Salesforce's hosts."""

    def __init__(self, domain: str, kept: Mapping[str, str], secrets: Secrets | None) -> None:
        given = domain if "://" in domain else ""
        self._tokens = Tokens(given, kept, secrets)
        self._root = f"{ROOT}/{segment(kept.get('organization_id', ''))}/orders"
        self._site = kept.get("site_id", "")
        self._http = http.HttpClient(
            peer=PEER,
            base_url=given or HOST.format(short_code=_host_part(kept.get("short_code", ""))),
            limits=LIMITS,
            resolve=public_address,
        )

    def order(self, number: str) -> Any:
        return self._ask("GET", f"/{segment(number)}").json()

    def listed(self, **params: str) -> list[Any]:
        """The orders of one page."""
        told = self._ask("GET", "", params).json()
        rows = told.get("data") if isinstance(told, dict) else None
        if not isinstance(rows, list):
            raise http.Unreadable(PEER, "a list was asked for")
        return rows

    def change(self, number: str, fields: Mapping[str, Any]) -> None:
        self._ask("PATCH", f"/{segment(number)}", json=fields)

    def set_status(self, number: str, status: str) -> None:
        self._ask("PUT", f"/{segment(number)}/status", json={"status": status})

    def _ask(
        self, method: str, path: str, params: Mapping[str, str] | None = None, json: Any = None
    ) -> http.Answer:
        """A token that died early is told as 401: nothing was done, and another one is fetched."""
        call = http.Call(
            method=method,
            path=self._root + path,
            params={"siteId": self._site, **(params or {})},
            json=json,
        )
        token = self._tokens.current()
        try:
            return self._send(call, token)
        except http.BadStatus as bad:
            if bad.status != 401:
                raise _verdict(bad) from bad
        try:
            return self._send(call, self._tokens.instead_of(token))
        except http.BadStatus as bad:
            raise _verdict(bad) from bad

    def _send(self, call: http.Call, token: str) -> http.Answer:
        return self._http.send(replace(call, headers={"Authorization": f"Bearer {token}"}))


def _host_part(short_code: str) -> str:
    """Part of a host: what is none names no other."""
    if not SHORT_CODE.fullmatch(short_code):
        raise Declined("short_code_wrong")
    return short_code


def _verdict(bad: http.BadStatus) -> Exception:
    kind = problem(bad.answer)
    if not kind or bad.status not in (400, 401, 403, 404, 409, 422):
        return bad
    if bad.status in (401, 403):
        return AccessLost()
    return Missing(kind) if bad.status == 404 else Declined(kind)


def problem(answer: http.Answer) -> str:
    """The end of the problem's type (RFC 7807), else its title; empty for what is no problem."""
    try:
        told = answer.json()
        named = str(told.get("type") or "").rpartition("/")[2] or str(told["title"])
    except (http.Unreadable, AttributeError, KeyError, TypeError):
        return ""
    return NO_NAME.sub("_", named.lower()).strip("_")[:60]
