"""A WSGI application that does nothing, to measure the load client by."""

from collections.abc import Callable, Iterable
from typing import Any

BODY = b'{"status": "live"}'


def application(
    _environ: dict[str, Any], start: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))])
    return [BODY]
