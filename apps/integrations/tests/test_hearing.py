import json
import sys
from types import ModuleType

import pytest

from apps.integrations import hearing
from apps.integrations.choices import Topic
from apps.integrations.hearing import Heard, heard


@pytest.mark.parametrize(
    ("topic", "body", "told"),
    [
        ("orders", {"id": "msg_1", "data": {"order_id": "A-1"}}, Heard(Topic.ORDERS, "A-1")),
        ("orders", {"order_id": "", "data": {"id": "A-1"}}, Heard(Topic.ORDERS, "A-1")),
        ("orders", {"id": "A-1"}, Heard(Topic.ORDERS, "A-1")),
        ("orders/updated", {"id": 820982911946154508}, Heard(Topic.ORDERS, "820982911946154508")),
        ("order.updated", {"id": 727}, Heard(Topic.ORDERS, "727")),
        ("refunds/create", {"id": 5, "order_id": 45}, Heard(Topic.REFUNDS, "45")),
        ("fulfillments/update", {"id": 5, "order_id": 45}, Heard(Topic.FULFILMENTS, "45")),
        ("returns/approve", {"id": 5}, Heard(Topic.RETURNS)),
        ("store/order/updated", {"data": {"type": "order", "id": 250}}, Heard(Topic.ORDERS, "250")),
        (
            "store/order/refund/created",
            {"data": {"id": 250, "refund": {"refund_id": 1}}},
            Heard(Topic.REFUNDS, "250"),
        ),
        (
            "store/shipment/created",
            {"data": {"id": 1, "orderId": 9}},
            Heard(Topic.FULFILMENTS, "9"),
        ),
        ("app/uninstalled", {"id": 5}, Heard(Topic.UNINSTALLED)),
        ("customers/data_request", {"orders_requested": [1]}, Heard(Topic.PRIVACY)),
        ("shop/redact", {"shop_id": 1}, Heard(Topic.PRIVACY)),
        ("orders", {"id": True}, Heard(Topic.ORDERS)),
        ("orders", {"id": {"a": 1}}, Heard(Topic.ORDERS)),
        ("orders", [1], Heard(Topic.ORDERS)),
        ("products/update", {"id": 5}, None),
    ],
)
def test_what_it_is_about(topic: str, body: object, told: Heard | None) -> None:
    assert heard("nobody", topic, json.dumps(body).encode()) == told


def test_a_body_that_is_no_json_names_nothing() -> None:
    assert heard("nobody", "orders", b"\xff{") == Heard(Topic.ORDERS)


def test_a_platform_may_know_better(monkeypatch: pytest.MonkeyPatch) -> None:
    own = ModuleType("apps.integrations.newshop.webhooks")
    own.heard = lambda topic, body: Heard(Topic.RETURNS, "7")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, own.__name__, own)
    monkeypatch.setattr(hearing, "find_spec", lambda name: object())

    assert heard("newshop", "whatever", b"") == Heard(Topic.RETURNS, "7")
