from apps.api.models.evidence import Evidence
from apps.api.models.idempotency_record import IdempotencyRecord
from apps.api.models.lookup_failure import LookupFailure
from apps.api.models.proof import Proof
from apps.api.models.sessions import CustomerSession, LoginCode, PortalSession

__all__ = [
    "CustomerSession",
    "Evidence",
    "IdempotencyRecord",
    "LoginCode",
    "LookupFailure",
    "PortalSession",
    "Proof",
]
