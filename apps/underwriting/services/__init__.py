"""What others ask of underwriting: `exposure.reserve`, `exposure.release`, and the staff's work."""

from apps.underwriting.services import exposure
from apps.underwriting.services.listing import ListRequest, list_entry
from apps.underwriting.services.outcomes import tell_outcome
from apps.underwriting.services.overriding import OverrideRequest, ask_override
from apps.underwriting.services.policies import draft_policy
from apps.underwriting.services.simulating import Replay, simulate

__all__ = [
    "ListRequest",
    "OverrideRequest",
    "Replay",
    "ask_override",
    "draft_policy",
    "exposure",
    "list_entry",
    "simulate",
    "tell_outcome",
]
