"""Products and variations with their stock; a variation is asked for by its own id."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.payloads import text
from apps.integrations.reading import effect, rounded, segment, shaped
from apps.integrations.woocommerce.choices import MOVES
from apps.integrations.woocommerce.client import PEER, Client

KEPT_MOVES = 50
# Each product with variations costs one more call.
SIZE = 20


def page_of(client: Client, cursor: str, currency: str) -> asking.VariantPage:
    page = int(cursor or 1)
    products = client.listed(
        "products", page=str(page), per_page=str(SIZE), orderby="id", order="asc"
    )
    with shaped("product"):
        found = tuple(each for product in products for each in _of(client, product, currency))
    return asking.VariantPage(variants=found, cursor=str(page + 1) if len(products) == SIZE else "")


def variants_of(client: Client, product_id: str, currency: str) -> asking.VariantPage:
    product = client.get(f"products/{segment(product_id)}")
    with shaped("product"):
        return asking.VariantPage(variants=tuple(_of(client, product, currency)))


def _of(client: Client, product: Mapping[str, Any], currency: str) -> Iterator[asking.VariantFacts]:
    if product["type"] != "variable":
        yield _facts(product, product, currency)
        return
    for each in client.all(f"products/{product['id']}/variations"):
        yield _facts(product, each, currency)


def _facts(
    product: Mapping[str, Any], variant: Mapping[str, Any], currency: str
) -> asking.VariantFacts:
    """A variation whose `manage_stock` is `parent` counts on its product."""
    options = [text(each, "option") for each in variant.get("attributes") or () if "option" in each]
    counted = product if variant.get("manage_stock") == "parent" else variant
    return asking.VariantFacts(
        variant_id=str(variant["id"]),
        product_id=str(product["id"]),
        title=" ".join([text(product, "name"), *options]),
        price=rounded(variant, "price", currency),
        sku=text(variant, "sku"),
        available=_available(counted),
    )


def _available(goods: Mapping[str, Any]) -> int | None:
    if goods.get("manage_stock") is True:
        return max(0, int(goods.get("stock_quantity") or 0))
    return 0 if goods.get("stock_status") == "outofstock" else None


def wanted_lines(client: Client, wanted: Iterable[asking.GoodsWanted]) -> Iterator[dict[str, Any]]:
    """Lines of an order. WooCommerce takes any quantity by this door: it is held back here."""
    for each in wanted:
        goods = client.get(f"products/{segment(each.variant_id)}")
        with shaped("product"):
            available = _available(goods)
            if available is not None and available < each.quantity and not _sells_ahead(goods):
                raise Declined("out_of_stock")
            total = _sum(each.price, each.quantity)
            yield {
                **_ids(goods),
                "quantity": each.quantity,
                "subtotal": total,
                "total": total,
            }


def _sells_ahead(goods: Mapping[str, Any]) -> bool:
    return goods.get("backorders_allowed") is True


def _sum(price: Money, quantity: int) -> str:
    return f"{(price * quantity).amount:f}"


def _ids(goods: Mapping[str, Any]) -> dict[str, Any]:
    if goods.get("type") == "variation":
        return {"product_id": goods["parent_id"], "variation_id": goods["id"]}
    return {"product_id": goods["id"]}


def put_back(client: Client, move: asking.StockMove) -> None:
    """Stock is absolute here, so that two hands at once may lose one: the reference stands in the
    same write as the count, and a second call finds it there."""
    goods = client.get(f"products/{segment(move.variant_id)}")
    with shaped("product"):
        if goods.get("manage_stock") == "parent":
            goods = client.get(f"products/{goods['parent_id']}")
        if goods.get("manage_stock") is not True:
            return
        moves = _moves(goods)
        if move.reference in moves:
            return
        body = {
            "stock_quantity": int(goods.get("stock_quantity") or 0) + move.quantity,
            "meta_data": [
                {"key": MOVES, "value": json.dumps([*moves, move.reference][-KEPT_MOVES:])}
            ],
        }
        path = f"products/{goods['id']}"
        if goods.get("type") == "variation":
            path = f"products/{goods['parent_id']}/variations/{goods['id']}"
    with effect(PEER):
        client.put(path, body)["stock_quantity"]


def _moves(goods: Mapping[str, Any]) -> list[str]:
    kept = next(
        (each["value"] for each in goods.get("meta_data") or () if each["key"] == MOVES), ""
    )
    return [str(each) for each in json.loads(kept or "[]")]
