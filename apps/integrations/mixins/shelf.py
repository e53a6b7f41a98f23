"""Goods of a shop whose connector keeps them in a module of its own, `goods`."""

from typing import Any, ClassVar, Protocol, override

from apps.integrations import asking
from apps.integrations.connectors import AbstractConnector


class Goods(Protocol):
    """`client` is the platform's own."""

    def put_back(self, client: Any, move: asking.StockMove, /) -> None: ...

    def variants_of(self, client: Any, product_id: str, currency: str, /) -> asking.VariantPage: ...

    def page_of(self, client: Any, cursor: str, currency: str, /) -> asking.VariantPage: ...


class ShelfMixin(AbstractConnector):
    shelf: ClassVar[Goods]
    _client: Any

    @override
    def restock(self, move: asking.StockMove) -> None:
        self.shelf.put_back(self._client, move)

    @override
    def list_variants(self, product_id: str = "", cursor: str = "") -> asking.VariantPage:
        if product_id:
            return self.shelf.variants_of(self._client, product_id, self.shop.currency)
        return self.shelf.page_of(self._client, cursor, self.shop.currency)
