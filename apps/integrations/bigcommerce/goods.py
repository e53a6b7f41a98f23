"""Variants of the catalogue and their stock, which moves by what is added to it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apps.core import http
from apps.integrations import asking
from apps.integrations.bigcommerce.choices import MARKS
from apps.integrations.bigcommerce.client import MOST, PEER, Client
from apps.integrations.connectors import Declined
from apps.integrations.payloads import text
from apps.integrations.reading import effect, figure, rounded, shaped

# Of a store that has not set up any other.
DEFAULT_LOCATION = "1"


def page_of(client: Client, product_id: str, cursor: str, currency: str) -> asking.VariantPage:
    page = int(cursor or 1)
    params = {"page": str(page), "limit": str(MOST)}
    if product_id:
        params["product_id"] = product_id
    rows = client.listed("v3/catalog/variants", params)
    with shaped("variant"):
        products = _products(client, rows)
        found = tuple(_facts(each, products[str(each["product_id"])], currency) for each in rows)
    return asking.VariantPage(variants=found, cursor=str(page + 1) if len(rows) == MOST else "")


def wanted_lines(client: Client, wanted: Sequence[asking.GoodsWanted]) -> list[dict[str, Any]]:
    """Products of a new order; Declined with `out_of_stock`."""
    rows = _variants(client, [each.variant_id for each in wanted])
    with shaped("variant"):
        products = _products(client, list(rows.values()))
        lines = []
        for each in wanted:
            row = rows.get(each.variant_id)
            if row is None:
                raise Declined("variant_not_found")
            available = _available(row, products[str(row["product_id"])])
            if available is not None and available < each.quantity:
                raise Declined("out_of_stock")
            lines.append(
                {
                    "product_id": row["product_id"],
                    "variant_id": row["id"],
                    "quantity": each.quantity,
                    "price_inc_tax": figure(each.price),
                    "price_ex_tax": figure(each.price),
                }
            )
    return lines


def put_back(client: Client, move: asking.StockMove) -> None:
    """Once for each reference: a metafield of that name can be made only once. Where the stock's
    own answer was lost, nobody knows: HttpError each time, for a person to look."""
    row = _variants(client, [move.variant_id]).get(move.variant_id)
    if row is None:
        raise Declined("variant_not_found")
    path = f"v3/catalog/products/{row['product_id']}/metafields"
    mark = _mark(client, path, move)
    if mark is None:
        return
    try:
        client.post("v3/inventory/adjustments/relative", _adjustment(row, move))
    except Declined:
        client.delete(f"{path}/{mark['id']}")
        raise
    client.put(f"{path}/{mark['id']}", {"value": "done"})


def _adjustment(row: Mapping[str, Any], move: asking.StockMove) -> dict[str, Any]:
    item = {
        "location_id": int(move.location_id or DEFAULT_LOCATION),
        "variant_id": row["id"],
        "quantity": move.quantity,
    }
    return {"reason": move.reference, "items": [item]}


def _mark(client: Client, path: str, move: asking.StockMove) -> Mapping[str, Any] | None:
    """The one that was just made; None where the goods are back already."""
    key = f"{move.reference}:{move.variant_id}"[:64]
    body = {"namespace": MARKS, "key": key, "value": "asked", "permission_set": "app_only"}
    try:
        made = client.post(path, body)
    except Declined:
        found = client.listed(path, {"namespace": MARKS, "key": key})
        if not found:
            raise
        with shaped("metafield"):
            if found[0]["value"] == "done":
                return None
        raise http.OutcomeUnknown(PEER, "the goods may be back already") from None
    with effect(PEER):
        told: Mapping[str, Any] = made["data"]
        told["id"]
    return told


def _variants(client: Client, ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    found = client.listed("v3/catalog/variants", {"id:in": ",".join(ids)})
    with shaped("variant"):
        return {str(each["id"]): each for each in found}


def _products(client: Client, rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    wanted = ",".join(sorted({str(each["product_id"]) for each in rows}))
    found = client.all("v3/catalog/products", {"id:in": wanted}) if wanted else ()
    return {str(each["id"]): each for each in found}


def _facts(
    row: Mapping[str, Any], product: Mapping[str, Any], currency: str
) -> asking.VariantFacts:
    options = [text(each, "label") for each in row.get("option_values") or ()]
    return asking.VariantFacts(
        variant_id=str(row["id"]),
        product_id=str(row["product_id"]),
        title=" ".join([text(product, "name"), *options]),
        price=rounded(row, "calculated_price", currency),
        sku=text(row, "sku"),
        available=_available(row, product),
    )


def _available(row: Mapping[str, Any], product: Mapping[str, Any]) -> int | None:
    if product["inventory_tracking"] == "none":
        return None
    counted = row if product["inventory_tracking"] == "variant" else product
    return max(0, int(counted["inventory_level"]))
