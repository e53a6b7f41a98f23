"""A shop's whole history by one bulk operation, which Shopify works on by itself; by pages where it
cannot. A place is kept before anything is asked, so whoever goes on finds the same operation."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import uuid4

from apps.integrations import asking, reading
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.payloads import Payload
from apps.integrations.shopify import answers, documents, exported, orders
from apps.integrations.shopify.client import Client
from apps.integrations.shopify.download import LONGEST, STRETCH, FileGone, stretch
from apps.integrations.shopify.exported import Portion
from apps.integrations.shopify.snapshots import order_snapshot

# Another operation is at work in this shop.
BUSY = frozenset({"operation_in_progress", "limit_reached"})
AT_WORK = frozenset({"CREATED", "RUNNING", "CANCELING"})
FIRST_LOOK, LONGEST_LOOK = timedelta(seconds=5), timedelta(seconds=60)
# How long another operation is waited for, and one of ours.
QUEUED, WORKED = timedelta(hours=1), timedelta(hours=24)
# Operations that may be lost until orders are read by pages.
MOST_LOST = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading stands, kept as text between two sittings.

    `mark` stands in the query, so that an operation is known before its id is; `asked` is when we
    first wanted it. `pages` is the cursor of pages, once these are the way.
    """

    mark: str = ""
    asked: str = ""
    operation: str = ""
    offset: int = 0
    told: int = 0
    lost: int = 0
    pages: str | None = None

    @classmethod
    def of(cls, cursor: str) -> Self:
        """A cursor of another kind is one of pages, from before."""
        try:
            return cls(**json.loads(cursor or "{}"))
        except (TypeError, ValueError):
            return cls(pages=cursor)

    @classmethod
    def new(cls, at: datetime, lost: int = 0) -> Self:
        return cls(mark=uuid4().hex, asked=at.isoformat(), lost=lost)

    def __str__(self) -> str:
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        return json.dumps({name: value for name, value in kept.items() if value not in (0, None)})

    def age(self, at: datetime) -> timedelta:
        return at - datetime.fromisoformat(self.asked)


@dataclass(frozen=True, slots=True)
class Bulk:
    """An operation as Shopify tells it: how many orders there are, and where, once it is done."""

    status: str
    code: str
    url: str
    orders: int

    @classmethod
    def of(cls, data: Payload) -> Self | None:
        """None for one that is not ours, or not there any more."""
        told = data["bulkOperation"]
        if told is None:
            return None
        count = int(told["rootObjectCount"])
        return cls(str(told["status"]), told["errorCode"] or "", told["url"] or "", count)


def read(client: Client, since: datetime, cursor: str, at: datetime) -> asking.OrderPage:
    place = Place.of(cursor)
    if place.pages is not None:
        return _of_pages(client, since, place.pages)
    if not place.mark:
        return asking.OrderPage(cursor=str(Place.new(at)))
    if not place.operation:
        return _begin(client, since, place, at)
    return _go_on(client, place, at)


def query_of(since: datetime, mark: str) -> str:
    """Shopify keeps the text with the operation, its comment too."""
    moment = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return f"# reveni {mark}\n{documents.inlined('history').replace('SINCE', moment)}"


def _of_pages(client: Client, since: datetime, cursor: str) -> asking.OrderPage:
    page = orders.changed(client, since, cursor)
    return replace(page, cursor=str(Place(pages=page.cursor)) if page.cursor else "")


def _begin(client: Client, since: datetime, place: Place, at: datetime) -> asking.OrderPage:
    try:
        operation = _known(client, place.mark) or _started(client, query_of(since, place.mark))
    except AccessLost:
        raise
    except Declined as declined:
        if declined.code in BUSY and place.age(at) < QUEUED:
            return _later(place, at)
        return _by_pages(declined.code)
    return _later(replace(place, operation=operation), at)


def _known(client: Client, mark: str) -> str:
    """Of an answer that was lost, or a worker; empty where nobody has asked yet."""
    data = client.read("bulks")
    found = answers.told(lambda told: answers.nodes(told, "bulkOperations"), data)
    return next((str(each["id"]) for each in found if mark in str(each["query"])), "")


def _started(client: Client, query: str) -> str:
    told = client.change("start_bulk", query=query)
    return answers.told(lambda each: str(each["bulkOperation"]["id"]), told)


def _go_on(client: Client, place: Place, at: datetime) -> asking.OrderPage:
    bulk = answers.told(Bulk.of, client.read("bulk", id=place.operation))
    if bulk is None:
        return _lost(place, "bulk_unknown", at)
    if bulk.status in AT_WORK:
        return _wait_or_cancel(client, place, at)
    if bulk.status != "COMPLETED":
        return _ended(place, bulk, at)
    return _next(client, place, bulk, at)


def _wait_or_cancel(client: Client, place: Place, at: datetime) -> asking.OrderPage:
    if place.age(at) < WORKED:
        return _later(place, at)
    with suppress(Declined):
        client.change("cancel_bulk", id=place.operation)
    return _by_pages("bulk_took_too_long")


def _ended(place: Place, bulk: Bulk, at: datetime) -> asking.OrderPage:
    """What a failed one has found so far is no history: which orders are missing, it cannot say."""
    why = "_".join(filter(None, ("bulk", bulk.status, bulk.code))).lower()
    return _by_pages(why) if bulk.code == "ACCESS_DENIED" else _lost(place, why, at)


def _next(client: Client, place: Place, bulk: Bulk, at: datetime) -> asking.OrderPage:
    if not bulk.orders:
        # There is no file of nothing.
        return asking.OrderPage(expected=0)
    try:
        found, is_last = _portion(bulk.url, place.offset, client.sleep)
    except FileGone:
        return _lost(place, "bulk_file_gone", at)
    onward = replace(place, offset=place.offset + found.used, told=place.told + found.told)
    if not found.used or (is_last and onward.told < bulk.orders):
        return _lost(place, "bulk_incomplete", at)
    page = _page(client, found, place.offset)
    return replace(page, expected=bulk.orders, cursor="" if is_last else str(onward))


def _portion(url: str, start: int, sleep: Callable[[float], None]) -> tuple[Portion, bool]:
    """And whether the file ends with it. Longer where one order does not fit."""
    size = STRETCH
    while True:
        part = stretch(url, start, size, sleep)
        found = exported.portion(part.raw, is_last=part.is_last)
        if found.used or part.is_last or size >= LONGEST:
            return found, part.is_last and found.used == len(part.raw)
        size *= 4


def _page(client: Client, found: Portion, start: int) -> asking.OrderPage:
    whole = reading.order_page(found.orders.values(), order_snapshot, "", "legacyResourceId")
    alone = orders.each_of(client, sorted(found.alone))
    broken = (
        asking.Unreadable(external_id=f"byte {start + at}", code="bulk_line_broken")
        for at in found.broken
    )
    return asking.OrderPage(
        orders=(*whole.orders, *alone.orders),
        unreadable=(*whole.unreadable, *alone.unreadable, *broken),
    )


def _later(place: Place, at: datetime) -> asking.OrderPage:
    """The longer it takes, the less often it is asked for."""
    wait = min(max(place.age(at) / 10, FIRST_LOOK), LONGEST_LOOK)
    return asking.OrderPage(cursor=str(place), wait=wait)


def _lost(place: Place, why: str, at: datetime) -> asking.OrderPage:
    """Anew; orders that were told already are found unchanged."""
    if place.lost + 1 >= MOST_LOST:
        return _by_pages(why)
    return asking.OrderPage(cursor=str(Place.new(at, place.lost + 1)), setback=why)


def _by_pages(why: str) -> asking.OrderPage:
    return asking.OrderPage(cursor=str(Place(pages="")), setback=why)
