"""Adyen's notifications, amounts and answers into ours: pure."""

from collections.abc import Mapping
from typing import Any

from apps.core.money import Money
from apps.payments import choices
from apps.payments.dtos import SeenRefund, WantedRefund
from apps.payments.refusals import NoAnswer, Refused

Outcome = choices.Payment.Outcome
# Adyen counts these otherwise than ISO 4217: factors of our minor unit, upward and downward.
HUNDREDTHS = ("CLP", "ISK")
WHOLE = ("CVE", "IDR")
# What a notification with success says; without it every one of them is a refusal.
OUTCOMES: Mapping[str, str] = {
    "REFUND": Outcome.SUCCEEDED,
    "REFUND_FAILED": Outcome.FAILED,
    "REFUNDED_REVERSED": Outcome.FAILED,
}


def to_adyen(amount: Money) -> int:
    """Adyen's integer; raises Refused where it cannot say the amount."""
    if amount.currency in HUNDREDTHS and not _has_hundredths(amount.currency):
        return amount.minor * 100
    if amount.currency in WHOLE and _has_hundredths(amount.currency):
        whole, rest = divmod(amount.minor, 100)
        if rest:
            raise Refused("amount_not_payable")
        return whole
    return amount.minor


def from_adyen(value: int, currency: str) -> Money:
    if currency in HUNDREDTHS and not _has_hundredths(currency):
        return Money(value // 100, currency)
    if currency in WHOLE and _has_hundredths(currency):
        return Money(value * 100, currency)
    return Money(value, currency)


def asked(wanted: WantedRefund, merchant_account: str) -> dict[str, Any]:
    return {
        "merchantAccount": merchant_account,
        "amount": {"value": to_adyen(wanted.amount), "currency": wanted.amount.currency},
        "reference": wanted.reference,
        "merchantRefundReason": "RETURN",
    }


def received(answer: Any, wanted: WantedRefund) -> SeenRefund:
    """Never more than `received`: what became of it comes by notification."""
    try:
        is_theirs = answer["status"] == "received"
        money = answer.get("amount") or asked(wanted, "")["amount"]
        return SeenRefund(
            id=str(answer["pspReference"]),
            outcome=Outcome.IN_TRANSIT if is_theirs else Outcome.UNKNOWN,
            amount=from_adyen(int(money["value"]), money["currency"]),
            reference=wanted.reference,
            source=wanted.source,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoAnswer from error


def told(item: Mapping[str, Any]) -> SeenRefund | None:
    """None for a notification that is about no refund."""
    outcome = OUTCOMES.get(str(item.get("eventCode")))
    if outcome is None:
        return None
    money = item["amount"]
    if str(item.get("success")) != "true":
        # A refund that was refused; that a failure failed says nothing.
        outcome = Outcome.FAILED if item["eventCode"] == "REFUND" else Outcome.UNKNOWN
    return SeenRefund(
        id=str(item["pspReference"]),
        outcome=outcome,
        amount=from_adyen(int(money["value"]), str(money["currency"])),
        reference=str(item.get("merchantReference") or ""),
        source=str(item.get("originalReference") or ""),
        failure=str(item.get("reason") or item["eventCode"]).lower(),
    )


def code_of(body: Any) -> str:
    return str(body.get("errorCode") or "")


def _has_hundredths(currency: str) -> bool:
    return Money.of(1, currency).minor == 100
