"""Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`, both ways.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import binascii
import hashlib
import hmac
import secrets as randomness
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
TOLERANCE = 300
SHORTEST, LONGEST = 24, 64
MOST_SIGNATURES = 8


def new_secret() -> str:
    return PREFIX + b64encode(randomness.token_bytes(32)).decode()


def key_of(secret: str) -> bytes | None:
    """The bytes under the base64, with or without the prefix; None where it is no such secret."""
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if SHORTEST <= len(key) <= LONGEST else None


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Raises ValueError for a secret that is none."""
    key = key_of(secret)
    if key is None:
        raise ValueError("no secret of Standard Webhooks")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(key, message_id, timestamp, body),
    }


def is_signed(
    secrets: Iterable[str],
    given: Mapping[str, str],
    body: bytes,
    now: int,
    tolerance: int = TOLERANCE,
) -> bool:
    """`given` are headers in lower case. True where any of the secrets made any of the
    signatures, within the tolerance; all of them are compared, in constant time."""
    message_id, stamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not message_id or not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        return False
    if abs(now - int(stamp)) > tolerance:
        return False
    told = given.get("webhook-signature", "").split(" ")[:MOST_SIGNATURES]
    found = False
    for key in filter(None, map(key_of, secrets)):
        wanted = signature(key, message_id, int(stamp), body).encode()
        for each in told:
            found |= hmac.compare_digest(wanted, each.encode())
    return found
