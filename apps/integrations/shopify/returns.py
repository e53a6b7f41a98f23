"""Returns kept at Shopify: our reference stands in the notes of their lines."""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.dtos import UnitsOf
from apps.integrations.payloads import Payload, text
from apps.integrations.shopify import answers
from apps.integrations.shopify.choices import RETURNS
from apps.integrations.shopify.client import Client
from apps.integrations.shopify.ids import gid, mark, number

LONGEST_NOTE = 200


def open_one(client: Client, order: asking.ReturnOrder) -> asking.PlatformReturn:
    """Shopify has no key for it, so the returns of the order are looked through first."""
    data = client.read("returns_of", id=gid("Order", order.order_id))
    if data.get("order") is None:
        raise Declined("not_found")
    if found := answers.told(lambda told: _ours(told, order.reference), data):
        return found
    sent = answers.told(_returnable, client.read("returnable", id=gid("Order", order.order_id)))
    lines = [
        line for units in order.lines for line in _spread(units, sent, _note(order, units), order)
    ]
    operation = "request_return" if order.is_request else "create_return"
    made = client.change(
        operation, input={"orderId": gid("Order", order.order_id), "returnLineItems": lines}
    )
    return answers.told(_shown, made)


def approve(client: Client, return_id: str) -> asking.PlatformReturn:
    """One that was approved already is shown as it is."""
    facts = _read(client, return_id)
    if facts["status"] != "REQUESTED":
        return _told(facts)
    approved = {"id": facts["id"], "notifyCustomer": False}
    return answers.told(_shown, client.change("approve_return", input=approved))


def decline(client: Client, return_id: str, reason: str) -> asking.PlatformReturn:
    facts = _read(client, return_id)
    if facts["status"] == "DECLINED":
        return _told(facts)
    declined = {
        "id": facts["id"],
        "declineReason": "OTHER",
        "declineNote": reason[:LONGEST_NOTE],
        "notifyCustomer": False,
    }
    return answers.told(_shown, client.change("decline_return", input=declined))


def close(client: Client, return_id: str) -> asking.PlatformReturn:
    """Books first what came back and is not booked yet. No money moves with it: ours went out by a
    refund, or around the shop."""
    facts = _read(client, return_id)
    if facts["status"] == "CLOSED":
        return _told(facts)
    waiting = answers.told(_processable, facts)
    if waiting and facts["status"] == "OPEN":
        booked = {"returnId": facts["id"], "returnLineItems": waiting, "notifyCustomer": False}
        client.change("process_return", input=booked)
    return answers.told(_shown, client.change("close_return", id=facts["id"]))


def attach_label(client: Client, return_id: str, tracking_number: str, label_url: str) -> str:
    """The reverse delivery of the goods on their way back; once for each tracking number."""
    told = client.read("reverse_orders", id=gid("Return", return_id)).get("return")
    if told is None:
        raise Declined("not_found")
    orders = answers.told(lambda each: answers.nodes(each, "reverseFulfillmentOrders"), told)
    for delivery in (
        each for order in orders for each in answers.nodes(order, "reverseDeliveries")
    ):
        tracking = (delivery["deliverable"] or {}).get("tracking") or {}
        if tracking.get("number") == tracking_number:
            return number(str(delivery["id"]))
    open_orders = [each for each in orders if each["status"] == "OPEN"]
    if not open_orders:
        raise Declined("nothing_on_its_way_back")
    made = client.change(
        "attach_label",
        id=open_orders[0]["id"],
        tracking={"number": tracking_number},
        label={"fileUrl": label_url} if label_url else None,
    )
    return answers.told(lambda each: number(str(each["reverseDelivery"]["id"])), made)


def _read(client: Client, return_id: str) -> Payload:
    found = client.read("return", id=gid("Return", return_id)).get("return")
    if found is None:
        raise Declined("not_found")
    answers.told(_told, found)
    return dict(found)


def _shown(payload: Payload) -> asking.PlatformReturn:
    return _told(payload["return"])


def _told(facts: Mapping[str, Any]) -> asking.PlatformReturn:
    return asking.PlatformReturn(id=number(str(facts["id"])), status=RETURNS[facts["status"]])


def _ours(data: Payload, reference: str) -> asking.PlatformReturn | None:
    for each in answers.nodes(data, "order", "returns"):
        lines = answers.nodes(each, "returnLineItems")
        notes = (text(line, "returnReasonNote") + text(line, "customerNote") for line in lines)
        if any(mark(reference) in note for note in notes):
            return _told(each)
    return None


def _returnable(data: Payload) -> dict[str, list[tuple[str, int]]]:
    """By line: the lines of its fulfilments, with the units that may still come back."""
    sent: dict[str, list[tuple[str, int]]] = {}
    for fulfilment in answers.nodes(data, "returnableFulfillments"):
        for each in answers.nodes(fulfilment, "returnableFulfillmentLineItems"):
            line = each["fulfillmentLineItem"]
            found = (str(line["id"]), int(each["quantity"]))
            sent.setdefault(number(line["lineItem"]["id"]), []).append(found)
    return sent


def _spread(
    units: UnitsOf, sent: dict[str, list[tuple[str, int]]], note: str, order: asking.ReturnOrder
) -> Iterable[Payload]:
    """A line may have gone in several parcels. Raises Declined for more than can come back."""
    missing = units.quantity
    name = "customerNote" if order.is_request else "returnReasonNote"
    for line_id, quantity in sent.get(number(units.line_id), []):
        part = min(quantity, missing)
        if part > 0:
            missing -= part
            yield {"fulfillmentLineItemId": line_id, "quantity": part, name: note}
    if missing:
        raise Declined("not_returnable")


def _note(order: asking.ReturnOrder, units: UnitsOf) -> str:
    """The reference is never what is cut off."""
    words = " ".join(filter(None, (units.reason, units.note, order.note)))
    tail = mark(order.reference)
    return f"{words[: LONGEST_NOTE - len(tail) - 1]} {tail}".strip()


def _processable(facts: Payload) -> list[Payload]:
    lines = answers.nodes(facts, "returnLineItems")
    return [
        {"id": each["id"], "quantity": each["processableQuantity"]}
        for each in lines
        if each["processableQuantity"]
    ]
