"""Calls to one shop's REST API (V1), each signed; lists are asked for by searchCriteria."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from apps.core import clock, http
from apps.core.addresses import public_address
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.magento import oauth
from apps.integrations.reading import segment

PEER = "magento"
# A refund waits for the shop's payment gateway.
LIMITS = http.Limits(read=45, total=90)
MOST = 100
PLACEHOLDER = re.compile(r"%(\w+)")

# Field, condition, value.
type Filter = tuple[str, str, str]


class Missing(Declined):
    """The shop knows no object of that id, or no such call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of a list; beyond the last page Magento gives the last one again."""

    items: list[Any]
    has_more: bool


class Client:
    """Raises AccessLost, Missing or Declined for what Magento itself refused; HttpError for the
    rest, such as pages of a firewall or of maintenance."""

    def __init__(self, domain: str, kept: Mapping[str, str]) -> None:
        """Without the consumer's keys the token is sent as it is: a shop has to allow that."""
        base = domain if "://" in domain else f"https://{domain}"
        code = kept.get("store_code", "")
        self._base = f"{base}/rest/{segment(code)}/V1" if code else f"{base}/rest/V1"
        self._keys = oauth.Keys(
            consumer_key=kept.get("consumer_key", ""),
            consumer_secret=kept.get("consumer_secret", ""),
            token=kept.get("access_token", ""),
            token_secret=kept.get("access_token_secret", ""),
        )
        self._http = http.HttpClient(
            peer=PEER,
            base_url=self._base,
            limits=LIMITS,
            resolve=public_address,
            sign=self._authorization,
        )

    def get(self, path: str) -> Any:
        return self._ask(http.Call(method="GET", path=path))

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Sent once: Magento knows no keys of calls."""
        return self._ask(_written("POST", path, body))

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._ask(_written("PUT", path, body))

    def delete(self, path: str) -> Any:
        return self._ask(http.Call(method="DELETE", path=path))

    def all(self, path: str, *filters: Filter) -> list[Any]:
        """Every object of a list; filters hold together."""
        return self.all_of(path, "entity_id", *filters)

    def all_of(self, path: str, sort: str, *filters: Filter) -> list[Any]:
        """`sort` is what the objects are counted by."""
        return self.any_of(path, sort, [[each] for each in filters])

    def any_of(self, path: str, sort: str, groups: Sequence[Sequence[Filter]]) -> list[Any]:
        """Filters of one group are alternatives; groups hold together."""
        told: list[Any] = []
        page, has_more = 1, True
        while has_more:
            found = self.page(path, groups, page=page, size=MOST, sort=sort)
            told, page, has_more = [*told, *found.items], page + 1, found.has_more
        return told

    def page(
        self,
        path: str,
        groups: Sequence[Sequence[Filter]],
        *,
        page: int,
        size: int,
        sort: str = "entity_id",
    ) -> Found:
        params = criteria(groups, page=page, size=size, sort=sort)
        answer = self._ask(http.Call(method="GET", path=path, params=params))
        if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
            raise http.Unreadable(PEER, "a list was asked for")
        total = answer.get("total_count")
        if not isinstance(total, int):
            raise http.Unreadable(PEER, "the list does not say how long it is")
        return Found(items=answer["items"], has_more=page * size < total)

    def _authorization(self, call: http.Call) -> Mapping[str, str]:
        if not self._keys.consumer_key:
            return {"Authorization": f"Bearer {self._keys.token}"}
        signed = oauth.Signed(
            method=call.method, url=f"{self._base}/{call.path}", params=call.params
        )
        told = oauth.header(self._keys, signed, secrets.token_hex(16), int(clock.now().timestamp()))
        return {"Authorization": told}

    def _ask(self, call: http.Call) -> Any:
        try:
            return self._http.send(call).json()
        except http.BadStatus as bad:
            raise _verdict(bad) from bad


def criteria(
    groups: Sequence[Sequence[Filter]], *, page: int, size: int, sort: str
) -> dict[str, str]:
    told = {
        "searchCriteria[pageSize]": str(size),
        "searchCriteria[currentPage]": str(page),
        "searchCriteria[sortOrders][0][field]": sort,
        "searchCriteria[sortOrders][0][direction]": "ASC",
    }
    for at, group in enumerate(groups):
        for number, (field, condition, value) in enumerate(group):
            stem = f"searchCriteria[filter_groups][{at}][filters][{number}]"
            told[f"{stem}[field]"] = field
            told[f"{stem}[condition_type]"] = condition
            told[f"{stem}[value]"] = value
    return told


def _written(method: str, path: str, body: Mapping[str, Any]) -> http.Call:
    headers = {"Content-Type": "application/json"}
    return http.Call(method=method, path=path, headers=headers, content=orjson.dumps(body))


def _verdict(bad: http.BadStatus) -> Exception:
    """Messages come in the language of the shop: they are shown, and never compared."""
    words = said(bad.answer)
    if not words or bad.status in http.PASSING or bad.status >= 500:
        return bad
    if bad.status in (401, 403):
        return AccessLost()
    return Missing(words) if bad.status == 404 else Declined(words)


def said(answer: http.Answer) -> str:
    """Magento's own words with their placeholders filled; empty for anything else."""
    try:
        body = answer.json()
    except http.Unreadable:
        return ""
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, str):
        return ""
    given = body.get("parameters")
    if isinstance(given, list):
        given = {str(at): each for at, each in enumerate(given, 1)}
    known = given if isinstance(given, dict) else {}
    filled = PLACEHOLDER.sub(lambda found: str(known.get(found[1], found[0])), message)
    return " ".join(filled.split())[:60]
