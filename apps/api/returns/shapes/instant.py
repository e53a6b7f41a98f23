"""Money before inspection as its shopper sees it: the offer of a quote, the advance of a return."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from apps.api.returns.shapes.rows import Row
from apps.api.returns.texts.instant import ADVANCE, ARRIVES, PART, STANDARD, WHEN
from apps.api.returns.texts.words import say
from apps.core.money import Money
from apps.orders import choices
from apps.orders.modules.advances.consent import charge_until, consent_text
from apps.payments import choices as payments

Method, Status = choices.Return.RefundMethod, choices.Return.Status
UNSENT = (payments.Payment.Status.PENDING, payments.Payment.Status.CANCELLED)


def instant_shape(option: dict[str, Any], language: str) -> dict[str, Any] | None:
    """None where the store has no instant refunds."""
    offer = option.get("instant")
    if offer is None:
        return None
    if not offer["offered"]:
        reason = offer["reason"]
        return {
            "is_offered": False,
            "reason": reason,
            "text": say(STANDARD, reason, language),
            "parts": [],
            "cover_days": None,
            "consent": None,
        }
    return {
        "is_offered": True,
        "reason": "",
        "text": say(WHEN, offer["rung"], language),
        "parts": [
            {
                "time_to_money": time_to_money(part["rung"], option["method"], language),
                "amount": _money(part["amount"]),
            }
            for part in offer["parts"]
        ],
        "cover_days": offer["cover_days"],
        "consent": consent_shape(offer, language),
    }


def consent_shape(offer: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The words, as they are agreed to in this language."""
    cap, deadline = _money(offer["cap"]), datetime.fromisoformat(offer["deadline"])
    version = offer["consent_version"]
    return {
        "version": version,
        "text": consent_text(language, cap, deadline, version),
        "cap": cap,
        "deadline": deadline,
        "charge_until": charge_until(deadline),
    }


def time_to_money(rung: str, method: str, language: str) -> dict[str, str]:
    text = f"{say(WHEN, rung, language)} {say(ARRIVES, method, language)}"
    return {"code": rung, "text": text}


def advance_shape(row: Row, language: str) -> dict[str, Any] | None:
    if row["advance__amount_minor"] is None:
        return None
    currency = row["currency"]
    owed = Money(row["advance__short_minor"], currency)
    return {
        "amount": Money(row["advance__amount_minor"], currency),
        "parts": [_part(part, row, language) for part in row["part_rows"]],
        "owed": owed,
        "cover_ends_at": row["cover_ends_at"],
        "text": say(ADVANCE, _standing(row, owed), language, owed=owed, day=_day(row)),
    }


def can_unwind(row: Row) -> bool:
    """What can be taken back: credit, goods, and what nobody sent yet."""
    credit = payments.Payment.CREDIT
    out_of_reach = any(
        payment["gateway"] not in credit and payment["status"] not in UNSENT
        for payment in row["payment_rows"]
    )
    return row["status"] == Status.IN_PROGRESS and not out_of_reach


def _standing(row: Row, owed: Money) -> str:
    if owed:
        return "owed"
    return "over" if row["status"] in choices.Return.FINAL else "open"


def _day(row: Row) -> str:
    ends_at: datetime = row["cover_ends_at"]
    return ends_at.date().isoformat()


def _part(part: Row, row: Row, language: str) -> dict[str, Any]:
    released = part["released_at"]
    return {
        "time_to_money": time_to_money(part["rung"], row["refund_method"], language),
        "amount": Money(part["amount_minor"], row["currency"]),
        "status": part["status"],
        "text": say(PART, part["status"], language),
        "released_at": datetime.fromisoformat(released) if released else None,
    }


def _money(data: dict[str, str]) -> Money:
    return Money.of(data["amount"], data["currency"])
