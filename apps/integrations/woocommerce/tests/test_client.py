from typing import Any

import pytest

from apps.core.http import Answer, BadStatus, Unreadable
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.woocommerce import client


def answered(status: int, body: bytes) -> Any:
    return BadStatus("woocommerce", Answer("woocommerce", status, {}, body))


def code(name: str) -> bytes:
    return b'{"code": "%s", "message": "no"}' % name.encode()


class WooErrorTest:
    @pytest.mark.parametrize(
        ("status", "body", "verdict"),
        [
            (404, code("woocommerce_rest_shop_order_invalid_id"), client.Missing),
            # The shop's permalinks are off: that says nothing of the order.
            (404, code("rest_no_route"), Declined),
            (404, b"<html>not found</html>", BadStatus),
            (401, code("woocommerce_rest_cannot_view"), AccessLost),
            (403, b"<html>firewall</html>", BadStatus),
            (429, code("too_many_requests"), BadStatus),
            (500, code("internal_server_error"), BadStatus),
            (400, b'{"code": 7}', BadStatus),
        ],
    )
    def test_only_what_woocommerce_itself_refused_is_declined(
        self, status: int, body: bytes, verdict: type[Exception]
    ) -> None:
        assert type(client._verdict(answered(status, body))) is verdict

    def test_a_list_of_another_shape(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shop = client.Client("shop.example/store", "ck", "cs")
        monkeypatch.setattr(shop, "get", lambda path, **params: {"not": "a list"})

        with pytest.raises(Unreadable):
            list(shop.all("orders"))

    def test_pages_until_one_is_not_full(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "MOST", 2)
        shop = client.Client("shop.example/store", "ck", "cs")
        pages = {"1": [1, 2], "2": [3]}
        monkeypatch.setattr(shop, "get", lambda path, **params: pages[params["page"]])

        assert list(shop.all("orders")) == [1, 2, 3]
