"""Online refunds: a credit memo of one invoice, whose payment gateway then pays.

Magento knows no keys, so each is looked for before. An offline memo only books: none is made.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.core import http
from apps.core.money import Money
from apps.integrations.connectors import Declined
from apps.integrations.dtos import RefundOrder, RefundReceipt, UnitsOf
from apps.integrations.magento import memo
from apps.integrations.magento.choices import CREDITS, OPEN, PAID, REFUNDED
from apps.integrations.magento.client import PEER, Client
from apps.integrations.magento.mappers import credit_left, whole
from apps.integrations.payloads import Payload, text
from apps.integrations.reading import as_given, effect, figure, rounded, segment, shaped


def create(client: Client, order: RefundOrder) -> RefundReceipt:
    """A second call under one reference finds the first; two at once may still make two."""
    earlier = find(client, order)
    if earlier is not None:
        return earlier
    bought = client.get(f"orders/{segment(order.order_id)}")
    with shaped("order"):
        invoice = _invoice_for(client, bought, order)
        body = _asked(bought, invoice, order)
        path = f"invoice/{segment(str(invoice['entity_id']))}/refund"
    made = client.post(path, body)
    try:
        with effect(PEER):
            return _receipt(client.get(f"creditmemo/{int(made)}"))
    except Declined as declined:
        raise http.Unreadable(PEER, "the credit memo cannot be seen") from declined


def find(client: Client, order: RefundOrder) -> RefundReceipt | None:
    """Raises Declined where it was cancelled since."""
    for each in client.all("creditmemos", ("order_id", "eq", order.order_id)):
        with effect(PEER):
            comments = client.get(f"creditmemo/{int(each['entity_id'])}/comments")["items"]
            if any(_mark(order) in text(comment, "comment") for comment in comments):
                return _receipt(each)
    return None


def most(client: Client, order_id: str, payment_id: str) -> Money:
    """What one credit memo can give back through the gateway: that of the largest invoice."""
    bought = client.get(f"orders/{segment(order_id)}")
    with shaped("order"):
        currency = str(bought["base_currency_code"])
        left = [_left(each, currency) for each in _invoices(client, bought, payment_id)]
        return max(left, default=Money.zero(currency)).capped(_left_of_order(bought, currency))


def _invoices(client: Client, bought: Payload, payment_id: str) -> list[Payload]:
    """Those that the gateway can pay back. A memo gives the shop's own credit back first, and
    what was paid outside the gateway it only books."""
    by_credit = payment_id.partition("-")[0] in {name for name, *_ in CREDITS}
    if by_credit or credit_left(bought, str(bought["base_currency_code"])):
        return []
    found = client.all("invoices", ("order_id", "eq", str(bought["entity_id"])))
    return [each for each in found if each["state"] == PAID and text(each, "transaction_id")]


def _left(invoice: Payload, currency: str) -> Money:
    paid = rounded(invoice, "base_grand_total", currency)
    return paid - rounded(invoice, "base_total_refunded", currency)


def _left_of_order(bought: Payload, currency: str) -> Money:
    paid = rounded(bought, "base_total_paid", currency)
    return paid - rounded(bought, "base_total_refunded", currency)


def _invoice_for(client: Client, bought: Payload, order: RefundOrder) -> Payload:
    """The one with all the units, else any that is large enough."""
    currency = order.amount.currency
    if currency != bought["base_currency_code"]:
        raise Declined("wrong_currency")
    invoices = _invoices(client, bought, order.payment_id)
    if not invoices:
        raise Declined("no_way_back_to_the_payment")
    large = [each for each in invoices if _left(each, currency) >= order.amount]
    if not large or _left_of_order(bought, currency) < order.amount:
        raise Declined("above_what_one_invoice_holds")
    return max(large, key=lambda each: sum(_units(bought, each, order.lines).values()))


def _units(bought: Payload, invoice: Payload, lines: Sequence[UnitsOf]) -> dict[str, int]:
    """Of the units that came back those which this invoice can still take, by their row. What
    fixed product taxes add to a memo is not published: their rows are left out."""
    currency = str(bought["base_currency_code"])
    of_invoice = {str(each["order_item_id"]): whole(each, "qty") for each in invoice["items"]}
    rows = {
        str(each["item_id"]): memo.refundable(each)
        for each in bought["items"]
        if not rounded(each, "base_weee_tax_applied_row_amnt", currency)
    }
    asked = {
        each.line_id: min(each.quantity, of_invoice.get(each.line_id, 0), rows.get(each.line_id, 0))
        for each in lines
    }
    return {row: quantity for row, quantity in asked.items() if quantity > 0}


def _asked(bought: Payload, invoice: Payload, order: RefundOrder) -> dict[str, Any]:
    """Ours is the sum: what the units are worth is made up to it, or cut down. Without any item
    Magento would give everything back, and without `shipping_amount` what was paid to send."""
    units = _units(bought, invoice, order.lines)
    items = [
        {"order_item_id": as_given(row), "qty": units.get(row, 0)}
        for row in (str(each["order_item_id"]) for each in invoice["items"])
    ]
    differs = order.amount - memo.value(bought, units, order.amount.currency)
    zero = Money.zero(order.amount.currency)
    return {
        "items": items,
        "isOnline": True,
        "notify": False,
        "appendComment": True,
        "comment": {
            "comment": f"{order.note} {_mark(order)}".strip(),
            "is_visible_on_front": 0,
        },
        "arguments": {
            "shipping_amount": 0,
            "adjustment_positive": figure(differs.at_least_zero()),
            "adjustment_negative": figure((zero - differs).at_least_zero()),
            # Goods are taken back into stock once they are there.
            "extension_attributes": {"return_to_stock_items": []},
        },
    }


def _mark(order: RefundOrder) -> str:
    return f"[{order.reference}]"


def _receipt(made: Mapping[str, Any]) -> RefundReceipt:
    """The sum is the shop's: it is believed only where it is ours."""
    with effect(PEER):
        if made["state"] not in (OPEN, REFUNDED):
            raise Declined("credit_memo_cancelled")
        return RefundReceipt(
            id=str(made["entity_id"]),
            amount=rounded(made, "base_grand_total", str(made["base_currency_code"])),
            is_done=made["state"] == REFUNDED,
        )
