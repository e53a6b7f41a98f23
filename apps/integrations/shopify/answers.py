"""Says no in three layers: the status, `errors` of GraphQL, `userErrors` of a mutation."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from apps.core.errors import DomainError
from apps.core.http import Answer, BadStatus, HttpError, OutcomeUnknown, Unreachable, Unreadable
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.payloads import Payload

PEER = "shopify"
CONCURRENT = "IDEMPOTENCY_CONCURRENT_REQUEST"
# Of a shop that does not pay, or is shut by Shopify.
SHUT = {402: "shop_frozen", 423: "shop_locked"}
LOST = frozenset({"ACCESS_DENIED", "UNAUTHORIZED"})
NOTHING_DONE = frozenset({"MAX_COST_EXCEEDED", "SHOP_INACTIVE", "BAD_REQUEST"})


class Throttled(Unreachable):
    """Refused before anything was done, for want of points or calls; worth a wait of `pause` ms."""

    def __init__(self, pause: int) -> None:
        super().__init__(PEER, "throttled")
        self.pause = pause


class TokenRefused(AccessLost):
    """The access token is no good: another may be."""


def refused(error: BadStatus) -> Exception:
    """What a status outside 2xx means; 5xx stays what it is, since nobody knows its effect."""
    if error.status == 401:
        return TokenRefused()
    if error.status in (403, 404):
        return AccessLost()
    if error.status == 429:
        asked = error.answer.headers.get("retry-after", "")
        seconds = asked.partition(".")[0]
        return Throttled(int(seconds) * 1000 if seconds.isdecimal() else 1000)
    if 400 <= error.status < 500:
        return Declined(SHUT.get(error.status, f"http_{error.status}"))
    return error


def data_of(answer: Answer, wait: Callable[[Payload], int]) -> Payload:
    """`data` of a whole answer; `wait` reads from its cost how many ms a throttled call should."""
    body = answer.json()
    if not isinstance(body, dict):
        raise Unreadable(PEER, "the answer is no object")
    if errors := body.get("errors"):
        raise _of_graphql(errors, body, wait)
    data = body.get("data")
    if not isinstance(data, dict):
        raise Unreadable(PEER, "the answer has no data")
    return data


def _of_graphql(errors: Any, body: Payload, wait: Callable[[Payload], int]) -> Exception:
    """Where `data` stands beside errors, or Shopify failed, something may have been done."""
    codes = _codes(errors)
    if "THROTTLED" in codes:
        return Throttled(wait(body))
    if codes & LOST:
        return AccessLost()
    if codes & NOTHING_DONE or (not codes and "data" not in body):
        return Declined(_word(next(iter(sorted(codes)), "") or _sentence(errors)))
    if CONCURRENT in codes:
        return OutcomeUnknown(PEER, "the same call is being worked on")
    return OutcomeUnknown(PEER, f"failed with {', '.join(sorted(codes)) or 'errors'}")


def _codes(errors: Any) -> set[str]:
    listed = errors if isinstance(errors, list) else []
    found = [each.get("extensions") or {} for each in listed if isinstance(each, dict)]
    return {str(each["code"]) for each in found if "code" in each}


def _sentence(errors: Any) -> str:
    """What a document or variable is refused with, which has no code."""
    first = errors[0] if isinstance(errors, list) and errors else errors
    return str(first.get("message") or "refused") if isinstance(first, dict) else str(first)


def payload_of(data: Payload, declined: str = "userErrors") -> Payload:
    """The one field of a mutation; raises Declined with the code of its first user error."""
    payload = next(iter(data.values()), None)
    if not isinstance(payload, dict):
        raise Unreadable(PEER, "the mutation told nothing")
    if errors := payload.get(declined):
        first = errors[0]
        code = str(first.get("code") or first.get("message") or "refused")
        if CONCURRENT in (code, _word(code).upper()):
            raise OutcomeUnknown(PEER, "the same call is being worked on")
        raise Declined(_word(code))
    return payload


def _word(text: str) -> str:
    """A code, or what stands in for one where Shopify has only a sentence."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60]


def told[T](read: Callable[[Payload], T], payload: Payload) -> T:
    """What `read` makes of an answer; one that lacks what it promised is an answer to nobody."""
    try:
        return read(payload)
    except (HttpError, Declined):
        raise
    except (DomainError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(PEER, f"the answer lacks what it promised: {error}") from error


def nodes(payload: Payload, *path: str) -> list[Payload]:
    """Those of a connection; a missing step raises KeyError."""
    found: Any = payload
    for step in path:
        found = found[step]
    listed: list[Payload] = found["nodes"]
    return listed


def next_page(connection: Mapping[str, Any]) -> str:
    info = connection["pageInfo"]
    return str(info["endCursor"]) if info["hasNextPage"] else ""
