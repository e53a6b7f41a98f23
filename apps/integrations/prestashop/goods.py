"""Products, combinations and their stock, which is absolute here: read, worked out, written."""

from collections.abc import Sequence

from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.payloads import text
from apps.integrations.prestashop import threads
from apps.integrations.prestashop.client import Client
from apps.integrations.prestashop.mappers import variant_id
from apps.integrations.prestashop.reading_orders import Row
from apps.integrations.reading import noted_stock, rounded, shaped, stock_note

SIZE = 50


def put_back(client: Client, move: asking.StockMove) -> None:
    """Once for each reference: what will be written is noted first, on the order. A second call
    writes only while the stock is as it was then; two hands at once may still lose one."""
    stock = _stock_of(client, move.variant_id)
    with shaped("stock_available"):
        now = int(stock["quantity"])
    noted = noted_stock(threads.notes(client, move.order_id), move)
    if noted is None:
        noted = now
        threads.write(client, move.order_id, stock_note(move, now))
    if now == noted:
        changed = {**stock, "quantity": now + move.quantity}
        client.replace("stock_availables", "stock_available", changed)


def _stock_of(client: Client, variant: str) -> Row:
    product = variant.removeprefix("product-")
    name = "id_product_attribute" if product == variant else "id_product"
    filters = {name: f"[{product}]"}
    if name == "id_product":
        filters["id_product_attribute"] = "[0]"
    found = client.rows("stock_availables", filters)
    if not found:
        raise Declined("variant_not_found")
    return found[0]


def page_of(client: Client, product_id: str, cursor: str, currency: str) -> asking.VariantPage:
    """Prices without tax, as PrestaShop keeps them."""
    offset = int(cursor or 0)
    only = {"id": f"[{product_id}]"} if product_id else {}
    products = client.rows("products", only, limit=f"{offset},{SIZE}", sort="[id_ASC]")
    with shaped("product"):
        ids = [str(each["id"]) for each in products]
    combinations = client.among("combinations", "id_product", ids)
    stock = client.among("stock_availables", "id_product", ids)
    with shaped("product"):
        found = tuple(
            facts
            for each in products
            for facts in _variants(each, combinations, _counts(stock), currency)
        )
    more = len(products) == SIZE and not product_id
    return asking.VariantPage(variants=found, cursor=str(offset + SIZE) if more else "")


def _counts(stock: Sequence[Row]) -> dict[tuple[str, str], int]:
    return {
        (str(each["id_product"]), str(each["id_product_attribute"])): int(each["quantity"])
        for each in stock
    }


def _variants(
    product: Row, combinations: Sequence[Row], counts: dict[tuple[str, str], int], currency: str
) -> list[asking.VariantFacts]:
    own = [each for each in combinations if str(each["id_product"]) == str(product["id"])]
    return [_facts(product, each, counts, currency) for each in own or [{}]]


def _facts(
    product: Row, combination: Row, counts: dict[tuple[str, str], int], currency: str
) -> asking.VariantFacts:
    """The price of a combination is what it adds to that of its product."""
    id_, of = str(product["id"]), text(combination, "id") or "0"
    return asking.VariantFacts(
        variant_id=variant_id(id_, of),
        product_id=id_,
        title=_name(product),
        price=rounded(product, "price", currency) + rounded(combination, "price", currency),
        sku=text(combination, "reference") or text(product, "reference"),
        available=counts.get((id_, of)),
    )


def _name(product: Row) -> str:
    """A text, or one for each language of the shop."""
    name = product["name"]
    return str(name[0]["value"] if isinstance(name, list) else name)
