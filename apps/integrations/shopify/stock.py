"""Stock of variants: moves of the available quantity, each under the key of its reference."""

from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.payloads import Payload, text
from apps.integrations.shopify import answers
from apps.integrations.shopify.client import Client
from apps.integrations.shopify.ids import gid, key_of, number


def reserve(client: Client, move: asking.StockMove) -> None:
    """Taken first and looked at then, so that two who want the last one cannot both have it; what
    went below nothing is put back under a key of its own."""
    item = _item(client, move)
    if not item["tracked"]:
        return
    left = _adjust(client, item, move, -move.quantity, "")
    if left is not None and left < 0:
        _adjust(client, item, move, move.quantity, "undo")
        raise Declined("out_of_stock")


def restock(client: Client, move: asking.StockMove) -> None:
    item = _item(client, move)
    if item["tracked"]:
        _adjust(client, item, move, move.quantity, "")


def _item(client: Client, move: asking.StockMove) -> Payload:
    data = client.read("variant_stock", id=gid("ProductVariant", move.variant_id))
    if data.get("productVariant") is None:
        raise Declined("not_found")
    return answers.told(lambda told: dict(told["productVariant"]["inventoryItem"]), data)


def _adjust(
    client: Client, item: Payload, move: asking.StockMove, delta: int, step: str
) -> int | None:
    """What is there afterwards, where Shopify says it."""
    change = {
        "inventoryItemId": item["id"],
        "locationId": _location(item, move),
        "delta": delta,
        "changeFromQuantity": None,
    }
    asked = {
        "name": "available",
        "reason": "restock" if delta > 0 else "reservation_created",
        "referenceDocumentUri": f"gid://reveni/Move/{key_of(move.reference)}",
        "changes": [change],
    }
    made = client.change("move_stock", key=key_of(move.reference, step), input=asked)

    def read(told: Payload) -> int | None:
        changes = told["inventoryAdjustmentGroup"]["changes"]
        after = [each["quantityAfterChange"] for each in changes if each["name"] == "available"]
        return None if not after or after[0] is None else int(after[0])

    return answers.told(read, made)


def _location(item: Payload, move: asking.StockMove) -> str:
    if move.location_id:
        return gid("Location", move.location_id)
    levels = answers.told(lambda told: answers.nodes(told, "inventoryLevels"), item)
    places = (each["location"] for each in levels)
    found = next((place["id"] for place in places if place["isActive"]), None)
    if found is None:
        raise Declined("no_location")
    return str(found)


def variants(client: Client, product_id: str, cursor: str) -> asking.VariantPage:
    query = f"product_id:{number(product_id)}" if product_id else None
    data = client.read("variants", query=query, after=cursor or None)
    return answers.told(_page, data)


def _page(data: Payload) -> asking.VariantPage:
    currency = str(data["shop"]["currencyCode"])
    found = data["productVariants"]
    return asking.VariantPage(
        variants=tuple(
            asking.VariantFacts(
                variant_id=str(each["legacyResourceId"]),
                product_id=str(each["product"]["legacyResourceId"]),
                title=text(each, "displayName"),
                price=Money.of(str(each["price"]), currency),
                sku=text(each, "sku"),
                available=each["inventoryQuantity"] if each["inventoryItem"]["tracked"] else None,
            )
            for each in found["nodes"]
        ),
        cursor=answers.next_page(found),
    )
