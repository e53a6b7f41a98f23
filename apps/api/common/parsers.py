"""The only parser of the API; uploads add DRF's multipart parser on their own routes."""

from collections.abc import Mapping
from typing import Any, override

from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

from apps.api.common import strict_json


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    @override
    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The raw body stays readable afterwards; raises ParseError with the rule's code."""
        charset = _charset(media_type or "")
        if charset not in ("", "utf-8", "utf8"):
            raise UnsupportedMediaType(
                media_type or "", f"The charset {charset[:20]} is not taken."
            )
        # `.body` and not `.read()`: Django checks the size there and keeps it for fingerprints.
        raw = stream.body if hasattr(stream, "body") else stream.read()
        try:
            return strict_json.loads(raw)
        except strict_json.Refused as refused:
            raise ParseError(str(refused), code=refused.code) from None


def _charset(media_type: str) -> str:
    for part in media_type.lower().split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name == "charset":
            return value.strip('" ')
    return ""
