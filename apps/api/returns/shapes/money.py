"""Where the shopper's money is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from apps.api.common.shapes.refunds import AWAITING, NONE, TOLD, worst
from apps.api.returns.shapes.rows import Row
from apps.api.returns.texts.statuses import REFUND
from apps.api.returns.texts.words import say
from apps.core.money import Money
from apps.orders import choices as orders
from apps.payments import choices
from apps.payments.gateways.shop_credit.models import ShopCreditRefund
from apps.payments.gateways.store_credit.models import StoreCreditAccount

Status = choices.Payment.Status
NOTHING_GOES_OUT = (orders.Return.Status.REJECTED, orders.Return.Status.CANCELLED)
SETTLED = (orders.Return.Status.ACCEPTED, orders.Return.Status.PARTLY_ACCEPTED)


def refund_shape(row: Row, language: str, *, proved: bool) -> dict[str, Any]:
    standing = standing_payments(row)
    status = _status(row, [TOLD[Status(payment["status"])] for payment in standing])
    return {
        "status": status,
        "text": say(REFUND, status, language),
        "amount": _amount(row),
        "account": _account(row) if proved else None,
        "payments": [_payment(payment, row["currency"], language) for payment in standing],
    }


def standing_payments(row: Row) -> list[Row]:
    """Without those that another was made in place of."""
    replaced = {payment["replaces"] for payment in row["payment_rows"]}
    return [payment for payment in row["payment_rows"] if payment["id"] not in replaced]


def _status(row: Row, told: Sequence[str]) -> str:
    if found := worst(told):
        return found
    if row["status"] in NOTHING_GOES_OUT or not _amount(row):
        return NONE
    return "pending" if row["status"] in SETTLED else AWAITING


def _amount(row: Row) -> Money:
    """What was settled, else what the quote said; nothing once the return is over without."""
    if row["status"] in NOTHING_GOES_OUT:
        return Money.zero(row["currency"])
    refund = (row["settlement"] or row["breakdown"])["refund"]
    return Money.of(refund["amount"], refund["currency"])


def _account(row: Row) -> dict[str, str] | None:
    if row["payout_destination__last_four"] is None:
        return None
    return {
        "country": row["payout_destination__country"],
        "last_four": row["payout_destination__last_four"],
    }


def _payment(payment: Row, currency: str, language: str) -> dict[str, Any]:
    status = TOLD[Status(payment["status"])]
    settled = payment["settled_at"]
    paid = datetime.fromisoformat(settled) if settled and status == "succeeded" else None
    return {
        "method": payment["gateway"],
        "amount": Money(payment["amount_minor"], currency),
        "status": status,
        "text": say(REFUND, status, language),
        "paid_at": paid,
    }


def credit_shape(credit: StoreCreditAccount | ShopCreditRefund, *, proved: bool) -> dict[str, Any]:
    """The code is money: a proved session alone sees it. What is left of credit that the shop
    keeps only the shop knows; without a code it stands on the shopper's account there."""
    if isinstance(credit, ShopCreditRefund):
        return {
            "is_at_shop": True,
            "code": credit.reveal() or None if proved else None,
            "balance": None,
            "issued": credit.amount,
            "expires_at": credit.credit_expires_at,
        }
    return {
        "is_at_shop": False,
        "code": credit.reveal() if proved else None,
        "balance": credit.balance,
        "issued": credit.issued,
        "expires_at": credit.expires_at,
    }
