from apps.api.models.idempotency_record import IdempotencyRecord
from apps.api.models.sessions import CustomerSession, LoginCode, PortalSession

__all__ = ["CustomerSession", "IdempotencyRecord", "LoginCode", "PortalSession"]
