"""Products as the fake does not keep them: simple ones, and variations counted on their product."""

from typing import Any

import pytest

from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.woocommerce import goods

MOVE = asking.StockMove(variant_id="12", quantity=2, reference="unit-1")
SIMPLE = {"id": 12, "type": "simple", "name": "Mug", "price": "9.00"}
VARIATION = {"id": 12, "type": "variation", "parent_id": 5, "price": "9.00"}


class Shelf:
    """A client of few products, which keeps what is written."""

    def __init__(self, *products: dict[str, Any]) -> None:
        self.products = {f"products/{each['id']}": each for each in products}
        self.written: dict[str, Any] = {}

    def get(self, path: str) -> Any:
        return self.products[path]

    def put(self, path: str, body: Any) -> Any:
        self.written[path] = body
        return body


def wanted(shelf: Any, quantity: int = 2) -> list[dict[str, Any]]:
    price = Money.of("9", "EUR")
    line = asking.GoodsWanted(variant_id="12", quantity=quantity, price=price)
    return list(goods.wanted_lines(shelf, [line]))


class WooGoodsTest:
    def test_a_simple_product_is_its_own_variant(self) -> None:
        shelf: Any = Shelf({**SIMPLE, "manage_stock": True, "stock_quantity": 3})
        goods.put_back(shelf, MOVE)
        (facts,) = goods.variants_of(shelf, "12", "EUR").variants

        assert shelf.written["products/12"]["stock_quantity"] == 5
        assert (facts.variant_id, facts.product_id, facts.available) == ("12", "12", 3)
        assert wanted(shelf) == [
            {"product_id": 12, "quantity": 2, "subtotal": "18.00", "total": "18.00"}
        ]

    def test_a_variation_may_be_counted_on_its_product(self) -> None:
        product = {"id": 5, "type": "variable", "manage_stock": True, "stock_quantity": 1}
        shelf: Any = Shelf({**VARIATION, "manage_stock": "parent"}, product)
        goods.put_back(shelf, MOVE)

        assert list(shelf.written) == ["products/5"]
        assert shelf.written["products/5"]["stock_quantity"] == 3

    def test_what_is_sold_ahead_is_never_out_of_stock(self) -> None:
        counted = {**VARIATION, "manage_stock": True, "stock_quantity": 1}
        assert wanted(Shelf({**counted, "backorders_allowed": True}))[0]["variation_id"] == 12

        for gone in (counted, {**SIMPLE, "manage_stock": False, "stock_status": "outofstock"}):
            with pytest.raises(Declined, match="out_of_stock"):
                wanted(Shelf(gone))

    def test_the_last_moves_are_kept(self) -> None:
        old = [f"old-{at}" for at in range(goods.KEPT_MOVES)]
        kept = [{"key": "_other", "value": "x"}, {"key": "_reveni_moves", "value": str(old)}]
        kept[1]["value"] = kept[1]["value"].replace("'", '"')
        shelf: Any = Shelf({**SIMPLE, "manage_stock": True, "meta_data": kept})
        goods.put_back(shelf, MOVE)
        (mark,) = shelf.written["products/12"]["meta_data"]

        assert '"old-0"' not in mark["value"]
        assert mark["value"].endswith('"old-49", "unit-1"]')
