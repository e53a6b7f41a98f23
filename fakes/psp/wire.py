"""Answers as bytes on a socket, whole, slow, endless or cut off."""

import json
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

from fakes.psp.modes import Mode

HUGE = 20_000_000


def answer(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: Any,
    mode: Mode | None = None,
    headers: dict[str, str] | None = None,
) -> None:
    name = mode.name if mode else ""
    facts = mode.facts if mode else {}
    is_text = isinstance(body, str)
    raw = body.encode() if is_text else json.dumps(body).encode()
    if name == "huge":
        raw += b" " * int(facts.get("bytes", HUGE))
    handler.send_response(status)
    handler.send_header("Content-Type", "text/csv" if is_text else "application/json")
    handler.send_header("Content-Length", str(len(raw)))
    for key, value in (headers or {}).items():
        handler.send_header(key, value)
    handler.end_headers()
    if name == "drip":
        drip(handler, raw, float(facts.get("seconds", 1)))
    else:
        handler.wfile.write(raw)


def reset(handler: BaseHTTPRequestHandler) -> None:
    """The peer sees RST, not an end of the stream."""
    handler.close_connection = True
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.rfile.close()
    handler.connection.close()


def drip(handler: BaseHTTPRequestHandler, raw: bytes, seconds: float) -> None:
    for start in range(len(raw)):
        handler.wfile.write(raw[start : start + 1])
        handler.wfile.flush()
        time.sleep(seconds)
