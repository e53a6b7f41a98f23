"""Signed links to photos: ten minutes, one photo of one store, no credential in them."""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

LIFETIME = timedelta(minutes=10)


def query_for(store_id: UUID, photo_id: UUID, at: datetime) -> str:
    """`expires=...&signature=...` for the route of the photo."""
    expires = int((at + LIFETIME).timestamp())
    return f"expires={expires}&signature={_signature(store_id, photo_id, expires)}"


def is_valid(store_id: UUID, photo_id: UUID, expires: int, signature: str, at: datetime) -> bool:
    right = _signature(store_id, photo_id, expires)
    return at.timestamp() < expires and hmac.compare_digest(right.encode(), signature.encode())


def _signature(store_id: UUID, photo_id: UUID, expires: int) -> str:
    key = hashlib.sha256(f"photo:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, f"{store_id}:{photo_id}:{expires}".encode(), hashlib.sha256).hexdigest()
