"""The file of a bulk operation, a stretch at a time: it may be of any size."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from apps.core.addresses import public_address
from apps.core.http import Answer, BadStatus, Call, HttpClient, Limits, TooLarge, Unreadable
from apps.integrations.shopify.answers import PEER

STRETCH = 500_000
# An order with all of its lines is never longer than this.
LONGEST = 16 * STRETCH
LIMITS = Limits(total=60, answer_bytes=LONGEST)
# The signature of the address has run out, or the file is gone.
GONE = frozenset({400, 403, 404, 410, 416})
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


class FileGone(Exception):
    """The address opens no file, or none that can be read a stretch at a time."""


@dataclass(frozen=True, slots=True)
class Stretch:
    raw: bytes
    is_last: bool


def stretch(
    url: str, start: int, size: int, sleep: Callable[[float], None] = time.sleep
) -> Stretch:
    """`size` bytes from `start` on. The address is signed and lies at a host of Shopify's choice:
    our token does not go there. Raises FileGone or HttpError."""
    if not url:
        raise FileGone
    parts = urlsplit(url)
    peer = HttpClient(
        peer=PEER,
        base_url=f"{parts.scheme}://{parts.netloc}",
        limits=LIMITS,
        resolve=public_address,
        sleep=sleep,
    )
    wanted = {"Range": f"bytes={start}-{start + size - 1}", "Accept": "*/*"}
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        answer = peer.send(Call(method="GET", path=path, headers=wanted))
    except BadStatus as error:
        if error.status in GONE:
            raise FileGone from error
        raise
    except TooLarge as error:
        raise FileGone from error
    return _read(answer, start)


def _read(answer: Answer, start: int) -> Stretch:
    """Whoever does not know of ranges gave all of it."""
    if answer.status != 206:
        return Stretch(answer.body[start:], is_last=True)
    told = _RANGE.fullmatch(answer.headers.get("content-range", ""))
    if told is None or int(told[1]) != start:
        raise Unreadable(PEER, "another stretch of the file than was asked for")
    return Stretch(answer.body, is_last=start + len(answer.body) >= int(told[2]))
