from typing import Any

import pytest

from apps.core.http import Answer, BadStatus, Unreadable
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.magento import client


def answer(status: int, body: bytes) -> Answer:
    return Answer("magento", status, {}, body)


class MagentoErrorTest:
    @pytest.mark.parametrize(
        ("status", "body", "verdict"),
        [
            (401, b'{"message":"The signature is invalid."}', AccessLost),
            (403, b'{"message":"no"}', AccessLost),
            (403, b"<html>firewall</html>", BadStatus),
            (404, b'{"message":"gone"}', client.Missing),
            (404, b'["gone"]', BadStatus),
            (400, b'{"message":"no"}', Declined),
            (400, b'{"message":[]}', BadStatus),
            (429, b'{"message":"Too Many Requests"}', BadStatus),
            (500, b'{"message":"Internal Error."}', BadStatus),
        ],
    )
    def test_only_what_the_shop_itself_refused_is_declined(
        self, status: int, body: bytes, verdict: type[Exception]
    ) -> None:
        bad = BadStatus("magento", answer(status, body))

        assert type(client._verdict(bad)) is verdict

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b'{"message":"Only %1 of %2\\n left","parameters":["3","%1"]}', "Only 3 of %1 left"),
            (b'{"message":"%name is %other","parameters":{"name":"qty"}}', "qty is %other"),
            (b'{"message":"100 %off","parameters":"?"}', "100 %off"),
        ],
    )
    def test_its_words_with_what_they_are_about(self, body: bytes, words: str) -> None:
        assert client.said(answer(400, body)) == words


class MagentoListTest:
    @pytest.mark.parametrize(
        "body", [b"[]", b'{"total_count":1}', b'{"items":{},"total_count":1}', b'{"items":[]}']
    )
    def test_a_list_of_another_shape_is_not_an_empty_one(
        self, body: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop = client.Client("shop.example", {})
        given: Any = answer(200, body).json()
        monkeypatch.setattr(shop, "_ask", lambda call: given)

        with pytest.raises(Unreadable):
            shop.all("orders")

    def test_filters_are_alternatives_in_a_group(self) -> None:
        told = client.criteria(
            [[("sku", "eq", "A"), ("sku", "eq", "B")]], page=2, size=20, sort="sku"
        )

        stem = "searchCriteria[filter_groups][0][filters]"
        assert (told[f"{stem}[0][value]"], told[f"{stem}[1][value]"]) == ("A", "B")
        assert told["searchCriteria[currentPage]"] == "2"
