"""Primary keys: UUIDv7, so that rows sort by the time they were made."""

import os
import time
import uuid

_RANDOM_BITS = (1 << 62) - 1
_MILLISECOND_BITS = (1 << 48) - 1


def uuid7() -> uuid.UUID:
    """RFC 9562 version 7; the 12 bits behind the millisecond hold its fraction."""
    ms, rest = divmod(time.time_ns(), 1_000_000)
    random = int.from_bytes(os.urandom(8)) & _RANDOM_BITS
    fraction = rest * 4096 // 1_000_000
    return uuid.UUID(
        int=(ms & _MILLISECOND_BITS) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random
    )
