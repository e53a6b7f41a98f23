from apps.underwriting.models.assessment import Assessment
from apps.underwriting.models.exposure import Exposure, ExposureHold
from apps.underwriting.models.identity import Identity
from apps.underwriting.models.listing import ListEntry
from apps.underwriting.models.outcome import Outcome
from apps.underwriting.models.override import Override
from apps.underwriting.models.policy import UnderwritingPolicy

__all__ = [
    "Assessment",
    "Exposure",
    "ExposureHold",
    "Identity",
    "ListEntry",
    "Outcome",
    "Override",
    "UnderwritingPolicy",
]
