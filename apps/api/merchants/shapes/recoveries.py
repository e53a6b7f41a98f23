from typing import Any

from apps.api.merchants.shapes.timeline import timeline
from apps.core.money import Money
from apps.orders.models import Recovery
from apps.orders.modules.recoveries import choices

type Row = dict[str, Any]
SUMS = ("due", "collected", "given_back", "written_off")
PLAIN = (
    "id",
    "cause",
    "status",
    "opened_at",
    "objection_ends_at",
    "next_step_at",
    "held_back",
    "updated_at",
)
COLUMNS = (*PLAIN, "currency", "ret_id", "ret__number", *(f"{name}_minor" for name in SUMS))


def recovery_row(row: Row) -> Row:
    sums = {name: Money(row[f"{name}_minor"], row["currency"]) for name in SUMS}
    left = sums["due"] - sums["collected"] + sums["given_back"] - sums["written_off"]
    owed = row["status"] in choices.Recovery.LIVE
    return {
        **{name: row[name] for name in PLAIN},
        "return": {"id": row["ret_id"], "number": row["ret__number"]},
        **sums,
        "left": left if owed else Money.zero(row["currency"]),
    }


def recovery_detail(recovery: Recovery) -> Row:
    """Five queries: the row, its charges, its payments, and its timeline with names."""
    row = Recovery.objects.filter(pk=recovery.pk).values(*COLUMNS).get()
    cap = recovery.consent_cap_minor
    return {
        **recovery_row(row),
        "instalments": recovery.parts,
        "consent_cap": None if cap is None else Money(cap, recovery.currency),
        "consent_until": recovery.consent_until,
        "contests": recovery.contests,
        "end_reason": recovery.end_reason,
        "needs_second_person": recovery.needs_second_person,
        "attempts": [
            {
                "number": attempt.number,
                "status": attempt.status,
                "amount": attempt.amount,
                "asked_at": attempt.asked_at,
                "failure_code": attempt.failure_code,
                "reference": attempt.reference,
            }
            for attempt in recovery.attempts.order_by("number")
        ],
        "payments": [
            {
                "reference": paid.reference,
                "amount": paid.amount,
                "given_back": paid.given_back,
                "at": paid.at,
            }
            for paid in recovery.collections.order_by("id")
        ],
        "timeline": timeline("orders.recovery", recovery.pk),
    }
