"""Products and their stock, which is absolute here: read, worked out, written.

Goods are known by their SKU. With several sources (MSI) stock is kept for each, else for each
product.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.magento import notes
from apps.integrations.magento.choices import SOLD_BY_THE_PIECE
from apps.integrations.magento.client import Client, Missing
from apps.integrations.payloads import text
from apps.integrations.reading import noted_stock, rounded, segment, shaped, stock_note

# Their stock is asked for with one filter each, in the address of the call.
SIZE = 20
DEFAULT_SOURCE = "default"


def page_of(client: Client, cursor: str, currency: str) -> asking.VariantPage:
    """Prices as the shop keeps them, with or without tax."""
    page = int(cursor or 1)
    found = client.page("products", [[("type_id", "in", SOLD_BY_THE_PIECE)]], page=page, size=SIZE)
    with shaped("product"):
        variants = _variants(client, found.items, "", currency)
    return asking.VariantPage(variants=variants, cursor=str(page + 1) if found.has_more else "")


def variants_of(client: Client, product_id: str, currency: str) -> asking.VariantPage:
    with shaped("product"):
        found = client.all("products", ("entity_id", "eq", product_id))
        if found and found[0]["type_id"] == "configurable":
            sku = segment(str(found[0]["sku"]))
            found = client.get(f"configurable-products/{sku}/children")
        return asking.VariantPage(variants=_variants(client, found, product_id, currency))


def _variants(
    client: Client, products: Sequence[Mapping[str, Any]], parent: str, currency: str
) -> tuple[asking.VariantFacts, ...]:
    skus = [str(each["sku"]) for each in products]
    counts: dict[str, int | None] = {}
    for at in range(0, len(skus), SIZE):
        counts |= _counts(client, skus[at : at + SIZE])
    return tuple(
        asking.VariantFacts(
            variant_id=str(each["sku"]),
            product_id=parent or str(each["id"]),
            title=text(each, "name"),
            price=rounded(each, "price", currency),
            sku=str(each["sku"]),
            available=counts.get(str(each["sku"])),
        )
        for each in products
    )


def _counts(client: Client, skus: Sequence[str]) -> dict[str, int | None]:
    """None for what the shop does not count; only of what seems to be gone one has to ask."""
    try:
        sources = _sources(client, skus)
    except Missing:
        return {sku: _alone(client, sku) for sku in skus}
    found: dict[str, int | None] = {}
    for sku in skus:
        own = [each for each in sources if each["sku"] == sku and each["status"] == 1]
        count = sum(_count(each["quantity"]) for each in own)
        found[sku] = count if count > 0 or not own else _alone(client, sku)
    return found


def _sources(client: Client, skus: Iterable[str]) -> list[Any]:
    """Any of them: a comma in a SKU would cut it in two."""
    return client.any_of("inventory/source-items", "sku", [[("sku", "eq", sku) for sku in skus]])


def _alone(client: Client, sku: str) -> int | None:
    item = client.get(f"stockItems/{segment(sku)}")
    if item["manage_stock"] is not True:
        return None
    return max(0, _count(item["qty"])) if item["is_in_stock"] is True else 0


def _count(quantity: int | Decimal) -> int:
    return int(quantity)


def put_back(client: Client, move: asking.StockMove) -> None:
    """Once for each reference: what will be written is noted first, on the order. A second call
    writes only while the stock is as it was then; two hands at once may still lose one."""
    if not move.order_id:
        raise Declined("no_order_to_note_it_on")
    with shaped("stock"):
        now, write = _shelf(client, move)
    if write is None:
        return
    noted = noted_stock(notes.of(client, move.order_id), move)
    if noted is None:
        noted = now
        notes.write(client, move.order_id, stock_note(move, now))
    if now == noted:
        write(now + move.quantity)


type Write = Callable[[int], object]


def _shelf(client: Client, move: asking.StockMove) -> tuple[int, Write | None]:
    """How many there are, and how to change that; None where the shop does not count them."""
    sku = move.variant_id
    try:
        sources = _sources(client, [sku])
    except Missing:
        return _shelf_without_sources(client, sku)
    wanted = move.location_id or DEFAULT_SOURCE
    named = [each for each in sources if each["source_code"] == wanted]
    found = named or ([] if move.location_id else sources)
    if not found:
        raise Declined("variant_not_found")
    item = {"sku": sku, "source_code": str(found[0]["source_code"]), "status": 1}

    def write(quantity: int) -> object:
        body = {"sourceItems": [{**item, "quantity": quantity}]}
        return client.post("inventory/source-items", body)

    return _count(found[0]["quantity"]), write


def _shelf_without_sources(client: Client, sku: str) -> tuple[int, Write | None]:
    item = client.get(f"stockItems/{segment(sku)}")
    path = f"products/{segment(sku)}/stockItems/{int(item['item_id'])}"

    def write(quantity: int) -> object:
        return client.put(path, {"stockItem": {"qty": quantity, "is_in_stock": True}})

    return _count(item["qty"]), write if item["manage_stock"] is True else None
