"""Refunds of an order: WooCommerce knows no key, so each is looked for before and after."""

from collections.abc import Mapping
from typing import Any

from apps.core import http
from apps.core.money import Money
from apps.integrations.connectors import Declined
from apps.integrations.dtos import RefundOrder, RefundReceipt
from apps.integrations.payloads import text
from apps.integrations.reading import as_given, effect, plain, segment
from apps.integrations.woocommerce.choices import REFERENCE, REFUND_REFUSED
from apps.integrations.woocommerce.client import PEER, Client, told


def create(client: Client, order: RefundOrder) -> RefundReceipt:
    """A second call under one reference finds the first; two at once may still make two."""
    earlier = find(client, order)
    if earlier is not None:
        return earlier
    try:
        made = client.post(f"orders/{segment(order.order_id)}/refunds", _asked(order))
    except http.BadStatus as bad:
        return _after_refusal(client, order, bad)
    return _receipt(made, order.amount.currency)


def find(client: Client, order: RefundOrder) -> RefundReceipt | None:
    for each in client.all(f"orders/{segment(order.order_id)}/refunds"):
        with effect(PEER):
            is_ours = order.reference in _references(each)
        if is_ours:
            return _receipt(each, order.amount.currency)
    return None


def _asked(order: RefundOrder) -> dict[str, Any]:
    """`amount` wins over the lines, which carry units only. Anything but a JSON boolean would be
    taken for true, `api_restock` included."""
    return {
        "amount": plain(order.amount),
        "reason": order.note,
        "meta_data": [{"key": REFERENCE, "value": order.reference}],
        "line_items": [
            {"id": as_given(each.line_id), "quantity": each.quantity, "refund_total": 0}
            for each in order.lines
        ],
        "api_refund": True,
        "api_restock": False,
    }


def _after_refusal(client: Client, order: RefundOrder, bad: http.BadStatus) -> RefundReceipt:
    """A 500 with WooCommerce's own code is the gateway's no, unless a refund was left behind."""
    if told(bad.answer).get("code") != REFUND_REFUSED:
        raise bad
    left = find(client, order)
    if left is None:
        raise Declined("refused_by_the_shops_gateway") from bad
    if not left.is_done:
        raise bad
    return left


def _receipt(refund: Mapping[str, Any], currency: str) -> RefundReceipt:
    """Not done while the shop's gateway has not said so: it may have been cut off in between."""
    with effect(PEER):
        return RefundReceipt(
            id=str(refund["id"]),
            amount=Money.of(text(refund, "amount"), currency),
            is_done=refund["refunded_payment"] is True,
        )


def _references(refund: Mapping[str, Any]) -> set[str]:
    return {str(each["value"]) for each in refund["meta_data"] if each["key"] == REFERENCE}
