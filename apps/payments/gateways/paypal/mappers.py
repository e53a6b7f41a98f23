"""PayPal's refunds, statuses and amounts into ours: pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from apps.core.money import Money
from apps.payments import choices
from apps.payments.dtos import SeenRefund, WantedRefund
from apps.payments.refusals import NoAnswer, Refused

Outcome = choices.Payment.Outcome
OUTCOMES: Mapping[str, str] = {
    "COMPLETED": Outcome.SUCCEEDED,
    "PENDING": Outcome.IN_TRANSIT,
    "FAILED": Outcome.FAILED,
    "CANCELLED": Outcome.FAILED,
}
# Whole units only at PayPal, although ISO 4217 gives them hundredths.
WHOLE = ("HUF", "TWD")


def asked(wanted: WantedRefund) -> dict[str, Any]:
    """The body of the call; raises Refused where PayPal cannot say the amount."""
    amount = wanted.amount
    value = f"{amount.amount:f}"
    if amount.currency in WHOLE:
        value, _, rest = value.partition(".")
        if rest.strip("0"):
            raise Refused("amount_not_payable")
    money = {"value": value, "currency_code": amount.currency}
    return {"amount": money, "custom_id": wanted.reference}


def seen(refund: Any, source: str = "") -> SeenRefund:
    """Raises NoAnswer for a body that is no refund."""
    try:
        money = refund["amount"]
        details = refund.get("status_details") or {}
        return SeenRefund(
            id=refund["id"],
            outcome=OUTCOMES.get(refund["status"], Outcome.UNKNOWN),
            amount=Money.of(money["value"], money["currency_code"]),
            reference=refund.get("custom_id") or "",
            source=source or capture_of(refund),
            failure=str(details.get("reason") or refund["status"]).lower(),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise NoAnswer from error


def capture_of(refund: Mapping[str, Any]) -> str:
    """The capture that a refund names as the one above it; empty where it names none."""
    for link in refund.get("links") or ():
        if link.get("rel") == "up" and "/captures/" in link.get("href", ""):
            return str(link["href"].rpartition("/")[2])
    return ""


def order_of(capture: Any) -> str:
    """Raises NoAnswer for a capture that names no order: its refunds cannot be listed."""
    try:
        return str(capture["supplementary_data"]["related_ids"]["order_id"])
    except (KeyError, TypeError) as error:
        raise NoAnswer from error


def refunds_in(order: Any, source: str) -> Iterator[SeenRefund]:
    for unit in order.get("purchase_units") or ():
        for refund in (unit.get("payments") or {}).get("refunds") or ():
            if capture_of(refund) in ("", source):
                yield seen(refund, source)


def code_of(body: Any) -> str:
    """The issue says what is wrong; OAuth errors have a name of their own."""
    details = body.get("details") or [{}]
    return str(details[0].get("issue") or body.get("name") or body.get("error") or "")


def refund_told_of(event: Mapping[str, Any]) -> str:
    """The id of the refund that a webhook is about; empty for anything else."""
    resource = event.get("resource")
    if event.get("resource_type") != "refund" or not isinstance(resource, dict):
        return ""
    return str(resource.get("id") or "")
