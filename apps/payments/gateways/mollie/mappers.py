"""Mollie's refunds and statuses into ours: pure."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from apps.core.money import Money
from apps.payments import choices
from apps.payments.dtos import SeenRefund, WantedRefund
from apps.payments.refusals import NoAnswer

Outcome = choices.Payment.Outcome
OUTCOMES: Mapping[str, str] = {
    "queued": Outcome.IN_TRANSIT,
    "pending": Outcome.IN_TRANSIT,
    "processing": Outcome.IN_TRANSIT,
    "refunded": Outcome.SUCCEEDED,
    "failed": Outcome.FAILED,
    "canceled": Outcome.FAILED,
}
ID = re.compile(r"(?:tr|re)_\w{1,60}", re.ASCII)


def asked(wanted: WantedRefund) -> dict[str, Any]:
    amount = wanted.amount
    return {
        "amount": {"currency": amount.currency, "value": f"{amount.amount:f}"},
        "metadata": {"reference": wanted.reference},
    }


def seen(refund: Any, source: str) -> SeenRefund:
    """Raises NoAnswer for a body that is no refund."""
    try:
        money, metadata = refund["amount"], refund.get("metadata")
        reference = metadata.get("reference") if isinstance(metadata, dict) else ""
        return SeenRefund(
            id=refund["id"],
            outcome=OUTCOMES.get(refund["status"], Outcome.UNKNOWN),
            amount=Money.of(money["value"], money["currency"]),
            reference=str(reference or ""),
            source=str(refund.get("paymentId") or source),
            failure=str(refund["status"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise NoAnswer from error


def page(listed: Any, name: str) -> tuple[list[Any], str]:
    """The rows of a page and the `from` of the next, empty at the end."""
    try:
        rows = listed["_embedded"][name]
        following = (listed.get("_links") or {}).get("next") or {}
    except (KeyError, TypeError, AttributeError) as error:
        raise NoAnswer from error
    return rows, parse_qs(following.get("href", "").partition("?")[2]).get("from", [""])[0]


def code_of(body: Any) -> str:
    return str(body.get("field") or body.get("title") or "").lower().replace(" ", "_")


def told_of(body: bytes) -> str:
    """The payment (`tr_`) or refund (`re_`) that a webhook is about; empty for anything else."""
    text = body[:10_000].decode(errors="replace")
    if text.startswith("{"):
        try:
            event = json.loads(body)
        except (ValueError, RecursionError):
            return ""
        found = str(event.get("entityId") or "")
    else:
        found = parse_qs(text).get("id", [""])[0]
    return found if ID.fullmatch(found) else ""
