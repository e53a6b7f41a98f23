"""Reading orders: one, those that changed, and what was sent of them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from apps.core.errors import DomainError
from apps.integrations import asking, choices, payloads
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.dtos import OrderSnapshot, UnitsOf
from apps.integrations.payloads import MalformedPayload, Payload, text
from apps.integrations.shopify import answers
from apps.integrations.shopify.choices import GONE, SENDINGS
from apps.integrations.shopify.client import Client
from apps.integrations.shopify.ids import gid, number
from apps.integrations.shopify.snapshots import order_snapshot


def fetch(client: Client, order_id: str) -> OrderSnapshot | None:
    order = client.read("order", id=gid("Order", order_id)).get("order")
    if order is None:
        return None
    return order_snapshot(_whole(client, order))


def _whole(client: Client, order: Payload) -> Payload:
    """With its lines, and those of its parcels, of all pages."""
    try:
        lines = _all(client, order["lineItems"], "order_lines", order["id"], "order")
        refunds = _refunds(client, order["id"], lines)
        lines = _without_removed(lines, refunds)
        parcels = [_with_lines(client, each) for each in order["fulfillments"]]
    except (LookupError, TypeError) as error:
        raise MalformedPayload(order="lineItems") from error
    return {**order, "lineItems": lines, "fulfillments": parcels, "refunds": refunds}


def _refunds(client: Client, order_id: str, lines: Payload) -> list[Payload]:
    """Asked for where units are gone only, which also costs points only there."""
    if all(each["currentQuantity"] == each["quantity"] for each in lines["nodes"]):
        return []
    told = client.read("refunded_lines", id=order_id)["order"]["refunds"]
    return [
        {**each, "refundLineItems": list(answers.nodes(each, "refundLineItems"))} for each in told
    ]


def _without_removed(lines: Payload, refunds: list[Payload]) -> Payload:
    """Shopify goes on counting units that an edit took out: `removed` says how many they are."""
    back = [line for refund in refunds for line in refund["refundLineItems"]]
    return {"nodes": [{**each, "removed": _removed(each, back)} for each in lines["nodes"]]}


def _removed(line: Payload, back: list[Payload]) -> int:
    refunded = sum(int(each["quantity"]) for each in back if each["lineItem"]["id"] == line["id"])
    return max(0, int(line["quantity"]) - int(line["currentQuantity"]) - refunded)


def _with_lines(client: Client, parcel: Payload) -> Payload:
    first = parcel["fulfillmentLineItems"]
    lines = _all(client, first, "sending_lines", parcel["id"], "fulfillment")
    return {**parcel, "fulfillmentLineItems": lines}


def _all(client: Client, first: Payload, operation: str, id: str, root: str) -> Payload:  # noqa: A002
    """The nodes of a connection whose first page is there; the others have it as only field."""
    nodes, after = list(first["nodes"]), answers.next_page(first)
    while after:
        page = next(iter(client.read(operation, id=id, after=after)[root].values()))
        nodes += page["nodes"]
        after = answers.next_page(page)
    return {"nodes": nodes}


def changed(client: Client, since: datetime, cursor: str) -> asking.OrderPage:
    """Ids page by page, then each order for itself: one query for whole orders in a list would
    cost more points than Shopify grants to any."""
    query = f"updated_at:>='{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"
    data = client.read("changed_orders", query=query, after=cursor or None)
    ids, following = answers.told(_page, data)
    return each_of(client, ids, following)


def each_of(client: Client, ids: Iterable[str], cursor: str = "") -> asking.OrderPage:
    """Each read for itself; one that is gone meanwhile is left out."""
    found = [_readable(client, order_id) for order_id in ids]
    return asking.OrderPage(
        orders=tuple(each for each in found if isinstance(each, OrderSnapshot)),
        unreadable=tuple(each for each in found if isinstance(each, asking.Unreadable)),
        cursor=cursor,
    )


def _page(data: Payload) -> tuple[list[str], str]:
    orders = data["orders"]
    return [str(each["legacyResourceId"]) for each in orders["nodes"]], answers.next_page(orders)


def _readable(client: Client, order_id: str) -> OrderSnapshot | asking.Unreadable | None:
    """One that is refused must not keep the others from being read."""
    try:
        return fetch(client, order_id)
    except AccessLost:
        raise
    except (DomainError, Declined) as error:
        return asking.Unreadable(external_id=order_id, code=error.code, detail=str(error)[:200])


def fulfilments(client: Client, order_id: str) -> tuple[asking.FulfilmentFacts, ...]:
    order = client.read("fulfilments", id=gid("Order", order_id)).get("order")
    if order is None:
        return ()
    return answers.told(lambda told: tuple(map(_fulfilment, told["fulfillments"])), order)


def _fulfilment(sending: Mapping[str, Any]) -> asking.FulfilmentFacts:
    tracking: Payload = next(iter(sending["trackingInfo"]), {})
    return asking.FulfilmentFacts(
        id=str(sending["legacyResourceId"]),
        status=_status(sending),
        lines=tuple(
            UnitsOf(line_id=number(each["lineItem"]["id"]), quantity=int(each["quantity"] or 0))
            for each in sending["fulfillmentLineItems"]["nodes"]
        ),
        carrier=text(tracking, "company"),
        tracking_number=text(tracking, "number"),
        tracking_url=text(tracking, "url"),
        sent_at=payloads.moment_or_none(sending, "createdAt"),
        delivered_at=payloads.moment_or_none(sending, "deliveredAt"),
    )


def _status(sending: Mapping[str, Any]) -> choices.Fulfilment.Status:
    if sending["status"] in GONE:
        return choices.Fulfilment.Status.CANCELLED
    if sending["deliveredAt"]:
        return choices.Fulfilment.Status.DELIVERED
    return SENDINGS.get(text(sending, "displayStatus"), choices.Fulfilment.Status.SENT)
