"""Money back through Shopify, under one key for each reference, and found again by its note."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from apps.core.money import Money, half_up
from apps.integrations import asking
from apps.integrations.connectors import Declined
from apps.integrations.dtos import RefundOrder, RefundReceipt, UnitsOf
from apps.integrations.payloads import Payload, text
from apps.integrations.shopify import answers
from apps.integrations.shopify.client import Client
from apps.integrations.shopify.ids import gid, key_of, mark, number
from apps.integrations.shopify.snapshots import GIVEN_BACK, PAID, given_back, presentment, shop

# What the webhook's order calls its one payment.
WHOLE = "order-"
FAILED = frozenset({"FAILURE", "ERROR"})


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment of an order, in shop money and in the shopper's."""

    id: str
    gateway: str
    captured: Money
    left: Money
    shown: Money
    shown_left: Money

    def as_shown(self, amount: Money) -> Money:
        """`amount` at the rate of this payment; all that is left is all that is left."""
        if amount == self.left:
            return self.shown_left
        exact = Fraction(amount.minor * self.shown.minor, self.captured.minor)
        return min(Money(half_up(exact), self.shown.currency), self.shown_left)


def max_refundable(client: Client, order_id: str, payment_id: str) -> Money:
    order = _payments(client, order_id)
    return answers.told(lambda told: _most(told, payment_id), order)


def _most(order: Payload, payment_id: str) -> Money:
    currency = str(order["currencyCode"])
    left = Money.total((each.left for each in _paid(order, payment_id)), currency)
    suggested = order["suggestedRefund"]
    if suggested is None:
        return Money.zero(currency)
    return min(left, shop(suggested["maximumRefundableSet"], currency))


def suggest(client: Client, question: asking.RefundQuestion) -> asking.RefundSuggestion:
    data = client.read(
        "suggested_refund",
        id=gid("Order", question.order_id),
        lines=_lines(question.lines),
        withShipping=question.with_shipping,
    )
    if data.get("order") is None:
        raise Declined("not_found")

    def read(told: Payload) -> asking.RefundSuggestion:
        suggested = told["order"]["suggestedRefund"]
        return asking.RefundSuggestion(
            amount=shop(suggested["amountSet"], question.currency),
            tax=shop(suggested["totalTaxSet"], question.currency),
            shipping=shop(suggested["shipping"]["amountSet"], question.currency),
        )

    return answers.told(read, data)


def create(client: Client, order: RefundOrder) -> RefundReceipt:
    """By `refundCreate`, also for units of a return: `returnProcess` takes no idempotency key, and
    a refund that it made cannot be told from another by anything that is ours."""
    facts = _payments(client, order.order_id)
    parts = answers.told(lambda told: _parts(told, order), facts)
    shown = parts[0][1].currency
    asked = Money.total((part for _, part in parts), shown)
    variables = {
        "orderId": gid("Order", order.order_id),
        "note": f"{order.note} {mark(order.reference)} {asked}".strip(),
        "notify": False,
        "refundLineItems": _lines(order.lines),
        "transactions": [
            {
                "orderId": gid("Order", order.order_id),
                "parentId": paid.id,
                "gateway": paid.gateway,
                "kind": "REFUND",
                "amount": str(part.amount),
            }
            for paid, part in parts
        ],
    }
    if shown != order.amount.currency:
        variables["currency"] = shown
    made = client.change("create_refund", key=key_of(order.reference), input=variables)
    return answers.told(lambda told: _receipt(told["refund"], order), made)


def find(client: Client, order: RefundOrder) -> RefundReceipt | None:
    """Raises Declined where Shopify's gateway has failed to make it."""
    found = client.read("refunds", id=gid("Order", order.order_id)).get("order")
    if found is None:
        return None
    refund_id = answers.told(lambda told: _ours(told["refunds"], order.reference), found)
    if refund_id is None:
        return None
    refund = client.read("refund", id=refund_id)
    return answers.told(lambda told: _receipt(told["refund"], order), refund)


def _ours(refunds: Iterable[Payload], reference: str) -> str | None:
    found = (str(each["id"]) for each in refunds if mark(reference) in text(each, "note"))
    return next(found, None)


def _payments(client: Client, order_id: str) -> Payload:
    order = client.read("payments", id=gid("Order", order_id)).get("order")
    if order is None:
        raise Declined("not_found")
    return dict(order)


def _paid(order: Payload, payment_id: str) -> list[Paid]:
    """The payment of that id, or all: a webhook's order has one payment for all of its own."""
    charges = list(order["transactions"])
    found = [each for each in charges if each["kind"] in PAID and each["status"] == "SUCCESS"]
    if payment_id and not payment_id.startswith(WHOLE):
        found = [each for each in found if number(each["id"]) == number(payment_id)]
    return [_payment(each, charges, str(order["currencyCode"])) for each in found]


def _payment(paid: Payload, charges: list[Payload], currency: str) -> Paid:
    back = given_back(paid, charges)
    captured, shown = shop(paid["amountSet"], currency), presentment(paid["amountSet"])
    return Paid(
        id=str(paid["id"]),
        gateway=text(paid, "gateway"),
        captured=captured,
        left=captured - Money.total((shop(each["amountSet"], currency) for each in back), currency),
        shown=shown,
        shown_left=shown
        - Money.total((presentment(each["amountSet"]) for each in back), shown.currency),
    )


def _parts(facts: Payload, order: RefundOrder) -> list[tuple[Paid, Money]]:
    """Which payments give how much, in the shopper's currency. Raises Declined above what is
    left, for an amount is never trimmed."""
    if order.amount.currency != facts["currencyCode"]:
        raise Declined("other_currency")
    parts: list[tuple[Paid, Money]] = []
    missing = order.amount
    for paid in _paid(facts, order.payment_id):
        part = min(paid.left, missing)
        if part.minor > 0:
            parts.append((paid, paid.as_shown(part)))
            missing = missing - part
    if missing.minor > 0 or not parts:
        raise Declined("above_platform_maximum")
    return parts


def _receipt(refund: Payload, order: RefundOrder) -> RefundReceipt:
    """Money is what the transactions say. What came out as its note asks, in the shopper's
    currency, is the amount of the order, whatever Shopify rounds it to in shop money."""
    charges = [each for each in refund["transactions"]["nodes"] if each["kind"] == "REFUND"]
    if charges and all(each["status"] in FAILED for each in charges):
        raise Declined(str(charges[0]["errorCode"] or "gateway_failed").lower())
    moved = [each for each in charges if each["status"] in GIVEN_BACK]
    currency = order.amount.currency
    amount = Money.total((shop(each["amountSet"], currency) for each in moved), currency)
    if moved and f"{mark(order.reference)} {_shown(moved)}" in text(refund, "note"):
        amount = order.amount
    return RefundReceipt(
        id=number(str(refund["id"])),
        amount=amount,
        is_done=bool(moved) and all(each["status"] == "SUCCESS" for each in moved),
    )


def _shown(charges: Iterable[Payload]) -> Money:
    shown = [presentment(each["amountSet"]) for each in charges]
    return Money.total(shown, shown[0].currency)


def _lines(lines: Iterable[UnitsOf]) -> list[dict[str, object]]:
    """Goods go back into stock by a move of their own."""
    return [
        {
            "lineItemId": gid("LineItem", each.line_id),
            "quantity": each.quantity,
            "restockType": "NO_RESTOCK",
        }
        for each in lines
    ]
