"""Orders that we place, cancel and write on."""

from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.dtos import Address
from apps.integrations.payloads import Payload, text
from apps.integrations.shopify import answers
from apps.integrations.shopify.choices import GONE
from apps.integrations.shopify.client import Client
from apps.integrations.shopify.ids import gid, key_of

NO_STOCK = frozenset({"inventory_claim_failed"})
GATEWAY = "exchange"


def place(client: Client, order: asking.ExchangeOrder) -> asking.PlacedOrder:
    """Shopify has no key for orders: the one that carries our source identifier is looked for
    first. Its search lags by seconds, so who repeats a call that was cut off waits a little."""
    source = key_of(order.reference)
    data = client.read("exchange_of", query=f"source_identifier:{source}")
    found = answers.told(lambda told: answers.nodes(told, "orders"), data)
    ours = [each for each in found if each["sourceIdentifier"] == source]
    if ours:
        return answers.told(_placed, ours[0])
    options = {
        "inventoryBehaviour": "DECREMENT_OBEYING_POLICY",
        "sendReceipt": False,
        "sendFulfillmentReceipt": False,
    }
    try:
        made = client.change("create_order", order=_order(order, source), options=options)
    except Declined as declined:
        if declined.code in NO_STOCK:
            raise Declined("out_of_stock") from declined
        raise
    return answers.told(lambda told: _placed(told["order"]), made)


def _order(order: asking.ExchangeOrder, source: str) -> Payload:
    currency = order.lines[0].price.currency
    asked: dict[str, object] = {
        "email": order.email,
        "currency": currency,
        "sourceIdentifier": source,
        "tags": ["exchange"],
        "note": f"Exchange for order {order.origin_id}",
        "financialStatus": "PAID" if order.is_paid else "PENDING",
        "shippingAddress": _address(order.address),
        "lineItems": [
            {
                "variantId": gid("ProductVariant", each.variant_id),
                "quantity": each.quantity,
                "requiresShipping": True,
                "priceSet": _bag(str(each.price.amount), currency),
            }
            for each in order.lines
        ],
    }
    if order.is_paid:
        total = sum(each.price.amount * each.quantity for each in order.lines)
        paid = {"kind": "SALE", "status": "SUCCESS", "gateway": GATEWAY}
        asked["transactions"] = [{**paid, "amountSet": _bag(str(total), currency)}]
    return asked


def _bag(amount: str, currency: str) -> Payload:
    return {"shopMoney": {"amount": amount, "currencyCode": currency}}


def _address(address: Address) -> Payload:
    """Shopify splits names; a province is only taken as its code."""
    first, _, last = address.name.rpartition(" ")
    told = {
        "firstName": first,
        "lastName": last,
        "company": address.company,
        "address1": address.street,
        "address2": address.street2,
        "zip": address.postcode,
        "city": address.city,
        "countryCode": address.country,
        "phone": address.phone,
    }
    return {name: value for name, value in told.items() if value}


def _placed(order: Payload) -> asking.PlacedOrder:
    return asking.PlacedOrder(id=str(order["legacyResourceId"]), number=str(order["name"]))


def cancel(client: Client, order_id: str, reason: str) -> None:
    """Money is another matter: nothing is given back with it."""
    order = client.read("cancelling", id=gid("Order", order_id)).get("order")
    if order is None:
        raise Declined("not_found")
    if order["cancelledAt"]:
        return
    if any(each["status"] not in GONE for each in order["fulfillments"]):
        raise Declined("already_sent")
    client.cancel(id=gid("Order", order_id), reason="CUSTOMER", note=reason[:255])


def add_note(client: Client, order_id: str, note: str, tags: tuple[str, ...]) -> None:
    """A note that stands there already is not written twice."""
    order = client.read("note", id=gid("Order", order_id)).get("order")
    if order is None:
        raise Declined("not_found")
    kept = text(order, "note")
    if note and note not in kept:
        written = f"{kept}\n{note}".strip()
        client.change("keep_note", input={"id": gid("Order", order_id), "note": written})
    if tags:
        client.change("add_tags", id=gid("Order", order_id), tags=list(tags))
