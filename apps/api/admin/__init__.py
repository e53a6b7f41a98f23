from apps.api.admin.hosts import (
    CustomerSessionAdmin,
    EvidenceAdmin,
    IdempotencyRecordAdmin,
    LoginCodeAdmin,
    LookupFailureAdmin,
    PortalSessionAdmin,
    ProofAdmin,
)
from apps.api.admin.privacy import PrivacyRequestAdmin

__all__ = [
    "CustomerSessionAdmin",
    "EvidenceAdmin",
    "IdempotencyRecordAdmin",
    "LoginCodeAdmin",
    "LookupFailureAdmin",
    "PortalSessionAdmin",
    "PrivacyRequestAdmin",
    "ProofAdmin",
]
