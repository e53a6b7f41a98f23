"""Refunds in two calls, a quote and the refund; no keys, so each is looked for before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from apps.core import http
from apps.core.money import Money
from apps.integrations import asking
from apps.integrations.bigcommerce.choices import GIFT_CERTIFICATE, STORE_CREDIT
from apps.integrations.bigcommerce.client import PEER, Client
from apps.integrations.connectors import Declined
from apps.integrations.dtos import RefundOrder, RefundReceipt
from apps.integrations.payloads import text
from apps.integrations.reading import as_given, effect, figure, rounded, segment, shaped

OF_THE_SHOP = (STORE_CREDIT, GIFT_CERTIFICATE)


def create(client: Client, order: RefundOrder) -> RefundReceipt:
    """A second call under one reference finds the first; two at once may still make two."""
    earlier = find(client, order)
    if earlier is not None:
        return earlier
    path = _path(order.order_id)
    items, quote = _quoted(client, f"{path}/refund_quotes", order)
    with shaped("refund_quote"):
        body = {"items": items, **_sum(quote["data"], order)}
    refund = client.post(f"{path}/refunds", body)
    with effect(PEER):
        return _receipt(refund["data"], order.amount.currency)


def find(client: Client, order: RefundOrder) -> RefundReceipt | None:
    """Raises Declined where the gateway refused it: the refund stands in the books all the same."""
    for each in made(client, order.order_id):
        with effect(PEER):
            if order.reference in _references(each):
                return _receipt(each, order.amount.currency)
    return None


def made(client: Client, order_id: str) -> list[Any]:
    return client.listed(f"{_path(order_id)}/refunds", {})


def suggestion(
    client: Client, question: asking.RefundQuestion, shipping: Sequence[Mapping[str, Any]]
) -> asking.RefundSuggestion:
    """`shipping` are the order's addresses, if what it cost to send is asked about too."""
    sent = Money.total((_cost(each, question.currency) for each in shipping), question.currency)
    items: list[Mapping[str, Any]] = [
        {"item_type": "PRODUCT", "item_id": as_given(each.line_id), "quantity": each.quantity}
        for each in question.lines
    ]
    for each in shipping:
        cost = _cost(each, question.currency)
        if cost:
            items.append({"item_type": "SHIPPING", "item_id": each["id"], "amount": figure(cost)})
    quote = client.post(f"{_path(question.order_id)}/refund_quotes", {"items": items})
    with shaped("refund_quote"):
        told = quote["data"]
        return asking.RefundSuggestion(
            amount=rounded(told, "total_refund_amount", question.currency),
            tax=rounded(told, "total_refund_tax_amount", question.currency),
            shipping=sent,
        )


def _cost(address: Mapping[str, Any], currency: str) -> Money:
    return rounded(address, "cost_inc_tax", currency)


def _path(order_id: str) -> str:
    return f"v3/orders/{segment(order_id)}/payment_actions"


def _quoted(client: Client, path: str, order: RefundOrder) -> tuple[list[dict[str, Any]], Any]:
    """Units that cost more than is left of the order are refused: then the sum goes without."""
    items = _items(order)
    try:
        return items, client.post(path, {"items": items})
    except Declined:
        if not order.lines:
            raise
    items = _items(replace(order, lines=()))
    return items, client.post(path, {"items": items})


def _items(order: RefundOrder) -> list[dict[str, Any]]:
    """The units that came back, or a sum of the whole order."""
    reason = {"reason": order.reference}
    units = [
        {
            "item_type": "PRODUCT",
            "item_id": as_given(each.line_id),
            "quantity": each.quantity,
            **reason,
        }
        for each in order.lines
    ]
    whole = {"item_id": as_given(order.order_id), "amount": figure(order.amount), **reason}
    return units or [{"item_type": "ORDER", **whole}]


def _sum(quote: Mapping[str, Any], order: RefundOrder) -> dict[str, Any]:
    """Ours, whatever the shop has worked out for the units, with its share of the tax."""
    told = {"payments": [_payment(quote, order)]}
    currency = order.amount.currency
    theirs = rounded(quote, "total_refund_amount", currency)
    if theirs == order.amount:
        return told
    tax = rounded(quote, "total_refund_tax_amount", currency)
    ours = tax.share(order.amount.minor, theirs.minor) if theirs else tax
    override = {"total_amount": figure(order.amount), "total_tax": figure(ours)}
    return {**told, "merchant_calculated_override": override}


def _payment(quote: Mapping[str, Any], order: RefundOrder) -> dict[str, Any]:
    """The one provider that gives all of it back by itself; an offline one moves no money."""
    wanted, _, _ = order.payment_id.partition("-")
    for method in quote["refund_methods"]:
        if len(method) == 1 and _fits(method[0], wanted):
            return {
                "provider_id": method[0]["provider_id"],
                "amount": figure(order.amount),
                "offline": False,
            }
    raise Declined("no_way_back_to_the_payment")


def _fits(method: Mapping[str, Any], wanted: str) -> bool:
    provider = text(method, "provider_id")
    if wanted in OF_THE_SHOP:
        return provider == wanted
    return provider not in OF_THE_SHOP and method.get("offline") is not True


def _receipt(refund: Mapping[str, Any], currency: str) -> RefundReceipt:
    """201 is not yet money: `is_declined` is the gateway's no."""
    payments = refund["payments"]
    declined = [each for each in payments if each.get("is_declined")]
    if declined and len(declined) == len(payments):
        raise Declined("declined_by_the_shops_gateway")
    if declined:
        raise http.Unreadable(PEER, "a part of the refund was declined")
    return RefundReceipt(id=str(refund["id"]), amount=rounded(refund, "total_amount", currency))


def _references(refund: Mapping[str, Any]) -> set[str]:
    return {text(refund, "reason"), *(text(each, "reason") for each in refund["items"])}
