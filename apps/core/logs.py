"""Log lines: JSON, UTC, request id; names and patterns that look like secrets are masked (C-14)."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id_var: ContextVar[str] = ContextVar("request_id", default="")

_NAMES = "authorization|cookie|secret|token|iban|card|hmac|signature|password|email|phone|address"
_NAMED = re.compile(rf'(?i)("?(?:{_NAMES})"?\s*[=:]\s*"?)([^\s",}}&]+)')
_SHAPES = re.compile(
    r"\b(?:sk|rk|whsec|rv)_[A-Za-z0-9_]{6,}|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
    r"|\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b|\b\d{13,19}\b"
)
MASK = "***"


def redact(text: str) -> str:
    return _SHAPES.sub(MASK, _NAMED.sub(rf"\1{MASK}", text))


class RedactFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = None
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id_var.get(),
        }
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps({name: value for name, value in line.items() if value})
