from typing import Any

import pytest

from apps.core.http import Answer, BadStatus, Unreadable
from apps.integrations.connectors import AccessLost, Declined
from apps.integrations.prestashop import client


def answered(status: int, body: bytes) -> Any:
    return BadStatus("prestashop", Answer("prestashop", status, {}, body))


class PrestaXmlTest:
    def test_languages_and_what_would_break_out(self) -> None:
        fields: dict[str, client.Value] = {"name": {"1": "A & <B>", "2": "\x00C"}, "id": 7}

        assert client.xml("cart_rule", fields).splitlines()[1] == (
            b'<prestashop><cart_rule><name><language id="1">A &amp; &lt;B&gt;</language>'
            b'<language id="2">C</language></name><id>7</id></cart_rule></prestashop>'
        )


class PrestaErrorTest:
    @pytest.mark.parametrize(
        ("status", "body", "verdict"),
        [
            (401, b"", AccessLost),
            (405, b'{"errors":[{"code":25,"message":"no"}]}', AccessLost),
            (400, b'{"errors":[{"code":85,"message":"no"}]}', Declined),
            (500, b'{"errors":[{"code":85,"message":"no"}]}', BadStatus),
            (400, b"Notice: undefined index", BadStatus),
            (400, b"[]", BadStatus),
            (403, b"<html>firewall</html>", BadStatus),
        ],
    )
    def test_only_what_the_shop_itself_refused_is_declined(
        self, status: int, body: bytes, verdict: type[Exception]
    ) -> None:
        assert type(client._verdict(answered(status, body))) is verdict

    @pytest.mark.parametrize("body", [b'{"orders":{}}', b'"x"', b'{"other":[]}'])
    def test_a_list_of_another_shape(self, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        shop = client.Client("https://shop.example", "key")
        answer = Answer("prestashop", 200, {}, body)
        monkeypatch.setattr(shop, "_ask", lambda *given: answer)

        with pytest.raises(Unreadable):
            shop.rows("orders")
        with pytest.raises(Unreadable):
            shop.create("orders", "order", {"id": 1})
