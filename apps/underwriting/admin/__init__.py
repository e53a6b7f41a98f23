from apps.underwriting.admin.assessments import AssessmentAdmin, OverrideAdmin
from apps.underwriting.admin.identities import (
    ExposureAdmin,
    ExposureHoldAdmin,
    IdentityAdmin,
    ListEntryAdmin,
)
from apps.underwriting.admin.policies import UnderwritingPolicyAdmin

__all__ = [
    "AssessmentAdmin",
    "ExposureAdmin",
    "ExposureHoldAdmin",
    "IdentityAdmin",
    "ListEntryAdmin",
    "OverrideAdmin",
    "UnderwritingPolicyAdmin",
]
