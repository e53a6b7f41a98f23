"""A recovery as its shopper sees it."""

from datetime import datetime
from typing import Any

from apps.api.returns.texts.recoveries import STATUSES
from apps.api.returns.texts.words import say
from apps.notifications.modules.mails.causes import CAUSES
from apps.orders.models import Recovery
from apps.orders.modules.recoveries import choices

Status = choices.Recovery.Status


def recovery_shape(row: Recovery, language: str, at: datetime) -> dict[str, Any]:
    charge_at = row.charge_at if row.status == Status.NOTIFIED else None
    link_open = row.pay_url_expires_at is not None and at < row.pay_url_expires_at
    return {
        "id": row.pk,
        "cause": row.cause,
        "cause_text": say(CAUSES, row.cause, language),
        "status": row.status,
        "text": say(
            STATUSES,
            row.status,
            language,
            amount=row.next_part() if row.status == Status.NOTIFIED else row.outstanding,
            date=row.objection_ends_at.date().isoformat(),
            charge_date=charge_at.date().isoformat() if charge_at else "",
        ),
        "due": row.due,
        "paid": row.kept,
        "left": row.outstanding if row.status in choices.Recovery.LIVE else row.due * 0,
        "instalments": row.parts,
        "objection_ends_at": row.objection_ends_at,
        "charge_at": charge_at,
        "pay_url": row.pay_url if row.pay_url and link_open else None,
        "pay_url_expires_at": row.pay_url_expires_at if row.pay_url and link_open else None,
        "contested": [each["kind"] for each in row.contests],
    }
