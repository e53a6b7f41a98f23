from typing import Any

from apps.underwriting.choices import RUNGS
from apps.underwriting.models import UnderwritingPolicy
from apps.underwriting.services import Replay

SUMS = (
    "requested",
    "early_before",
    "early_after",
    "expected_before",
    "expected_after",
    "lost_before",
    "lost_after",
)


def policy_shape(policy: UnderwritingPolicy) -> dict[str, Any]:
    return {
        "id": policy.pk,
        "version": policy.version,
        "status": policy.status,
        "name": policy.name,
        "published_at": policy.published_at,
        "terms": policy.terms,
    }


def replay_shape(replay: Replay) -> dict[str, Any]:
    return {
        "requests": replay.requests,
        "changed": replay.changed,
        "rungs": [
            {"rung": rung, "before": replay.rungs_before[rung], "after": replay.rungs_after[rung]}
            for rung in RUNGS
        ],
        "sums": [
            {name: getattr(sums, name) for name in SUMS} for _, sums in sorted(replay.sums.items())
        ],
        "changes": [
            {
                "assessment": change.assessment_id,
                "order": change.order_id,
                "value": change.value,
                "rung_before": change.rung_before,
                "rung_after": change.rung_after,
                "early_before": change.early_before,
                "early_after": change.early_after,
                "reasons": list(change.reasons),
            }
            for change in replay.changes
        ],
    }
