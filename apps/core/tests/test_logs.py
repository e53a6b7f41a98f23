import json
import logging
import sys

import pytest

from apps.core.logs import JsonFormatter, RedactFilter, redact, request_id_var


class RedactTest:
    @pytest.mark.parametrize(
        ("text", "masked"),
        [
            ("password=hunter2 rest", "password=*** rest"),
            ('{"email": "ana@example.com", "id": 5}', '{"email": "***", "id": 5}'),
            ("Authorization: abc", "Authorization: ***"),
            ("key sk_live_1234567890 used", "key *** used"),
            ("whsec_abcdef0123", "***"),
            ("eyJhbGciOi.eyJzdWIi.c2ln", "***"),
            ("to ES9121000418450200051332 today", "to *** today"),
            ("pan 4242424242424242 seen", "pan *** seen"),
            ("order 1001 of store tienda", "order 1001 of store tienda"),
        ],
    )
    def test_masks_names_and_shapes_of_secrets(self, text: str, masked: str) -> None:
        assert redact(text) == masked

    def test_the_filter_masks_the_arguments_too(self) -> None:
        record = logging.LogRecord("x", logging.INFO, "f", 1, "token=%s", ("abc",), None)
        assert RedactFilter().filter(record)
        assert record.getMessage() == "token=***"


class JsonFormatterTest:
    def test_one_line_with_time_level_and_request(self) -> None:
        record = logging.LogRecord("apps.orders", logging.WARNING, "f", 1, "late", None, None)
        record.created = 0
        token = request_id_var.set("r-1")
        try:
            line = json.loads(JsonFormatter().format(record))
        finally:
            request_id_var.reset(token)
        assert line == {
            "at": "1970-01-01T00:00:00+00:00",
            "level": "WARNING",
            "logger": "apps.orders",
            "message": "late",
            "request_id": "r-1",
        }

    def test_an_exception_is_redacted(self) -> None:
        try:
            raise ValueError("secret=abc")
        except ValueError:
            record = logging.LogRecord("x", logging.ERROR, "f", 1, "oops", None, sys.exc_info())
        line = json.loads(JsonFormatter().format(record))
        assert "secret=***" in line["exception"]
        assert "request_id" not in line
