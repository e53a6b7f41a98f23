"""Every arrow of every machine drawn again by hand: who moves one in choices.py moves one here."""

from collections.abc import Mapping
from typing import Any

import pytest

from apps.core.status import IllegalTransition, Transitions
from apps.orders import choices
from apps.orders.models import (
    ExchangeLineItem,
    ImportJob,
    Recovery,
    RecoveryAttempt,
    Return,
    StockReservation,
)
from apps.orders.modules.recoveries import choices as recovery_choices

RETURN = {
    "requested": {"in_progress", "rejected", "cancelled"},
    "in_progress": {
        "shipped",
        "received",
        "for_review",
        "accepted",
        "partly_accepted",
        "rejected",
        "cancelled",
    },
    "shipped": {
        "received",
        "for_review",
        "accepted",
        "partly_accepted",
        "rejected",
        "cancelled",
    },
    "received": {"for_review", "accepted", "partly_accepted", "rejected"},
    "for_review": {"accepted", "partly_accepted", "rejected"},
}
RECEPTION = {
    "awaiting": {"received", "kept", "missing", "cancelled"},
    "received": {"missing"},
}
DECISION = {
    "pending": {"accepted", "rejected", "for_review"},
    "for_review": {"accepted", "rejected"},
}
EXCHANGE = {
    "requested": {"reserved", "out_of_stock"},
    "reserved": {"ordered", "out_of_stock", "cancelled"},
    "out_of_stock": {"replaced"},
    "ordered": {"fulfilled", "cancelled"},
}
RESERVATION = {"held": {"used", "released", "expired"}}
RECOVERY = {
    "open": {"notified", "recovered", "disputed", "closed"},
    "notified": {"collecting", "failed", "recovered", "disputed", "closed"},
    "collecting": {"notified", "failed", "recovered", "disputed", "closed"},
    "failed": {"notified", "recovered", "disputed", "written_off", "closed"},
    "recovered": {"disputed", "closed"},
    "disputed": {"open", "recovered", "closed"},
    "written_off": {"recovered", "closed"},
}
ATTEMPT = {
    "asked": {"started", "needs_shopper", "succeeded", "failed", "withdrawn"},
    "started": {"needs_shopper", "succeeded", "failed"},
    "needs_shopper": {"succeeded", "failed"},
    "withdrawn": {"asked"},
}
IMPORT_JOB = {"waiting": {"running", "failed"}, "running": {"done", "failed", "running"}}


class TransitionsTest:
    @pytest.mark.parametrize(
        ("drawn", "table"),
        [
            (RETURN, choices.Return.TRANSITIONS),
            (RECEPTION, choices.ReturnLineItem.RECEPTION_TRANSITIONS),
            (DECISION, choices.ReturnLineItem.DECISION_TRANSITIONS),
            (EXCHANGE, choices.ExchangeLineItem.TRANSITIONS),
            (RESERVATION, choices.StockReservation.TRANSITIONS),
            (RECOVERY, recovery_choices.Recovery.TRANSITIONS),
            (ATTEMPT, recovery_choices.RecoveryAttempt.TRANSITIONS),
            (IMPORT_JOB, choices.ImportJob.TRANSITIONS),
        ],
    )
    def test_each_arrow(self, drawn: Mapping[str, set[str]], table: Transitions) -> None:
        assert dict(table) == drawn

    @pytest.mark.parametrize(
        ("model", "statuses", "drawn"),
        [
            (Return, choices.Return.Status, RETURN),
            (ExchangeLineItem, choices.ExchangeLineItem.Status, EXCHANGE),
            (StockReservation, choices.StockReservation.Status, RESERVATION),
            (Recovery, recovery_choices.Recovery.Status, RECOVERY),
            (RecoveryAttempt, recovery_choices.RecoveryAttempt.Status, ATTEMPT),
            (ImportJob, choices.ImportJob.Status, IMPORT_JOB),
        ],
    )
    def test_every_pair_of_statuses(
        self, model: type[Any], statuses: Any, drawn: Mapping[str, set[str]]
    ) -> None:
        for source in statuses.values:
            assert model(status=source).is_final is (source not in drawn)
            for target in statuses.values:
                row = model(status=source)
                if target in drawn.get(source, set()):
                    row.become(target)
                    assert row.status == target
                else:
                    with pytest.raises(IllegalTransition):
                        row.become(target)
