"""OpenAPI 3.1 of each host: what drf-spectacular cannot know is read from `@operation`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, override

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from apps.api.common import idempotency
from apps.api.common.idempotency import Keys
from apps.api.common.operations import Operation, operation_of
from apps.core.errors import DomainError

PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457); `code` is stable, `title` is for people.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {"description": "Refused fields: {field: [{message, code}]}."},
        "details": {"type": "object", "additionalProperties": True},
    },
    "required": ["type", "title", "status", "code", "request_id"],
}
REFERENCE = {"$ref": "#/components/schemas/Problem"}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
_ALWAYS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "throttled",
    503: "unavailable",
}
_WITH_CREDENTIAL = {401: "authentication_failed", 403: "permission_denied"}
_KEYED = (
    idempotency.KeyMissing,
    idempotency.KeyInvalid,
    idempotency.KeyInProgress,
    idempotency.KeyReused,
)


class ApiSchema(AutoSchema):
    @property
    def operation(self) -> Operation | None:
        return operation_of(getattr(self.view, self.method.lower(), None))

    @property
    def keys(self) -> Keys:
        keys: Keys = getattr(self.view, "keys", Keys.NONE)
        return keys

    @property
    def takes_key(self) -> bool:
        return self.method in UNSAFE and self.keys is not Keys.NONE

    @override
    def get_override_parameters(self) -> list[Any]:
        parameters = list(super().get_override_parameters())
        if self.takes_key:
            parameters.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    {"type": "string", "minLength": 1, "maxLength": 255},
                    OpenApiParameter.HEADER,
                    required=self.keys is Keys.REQUIRED,
                    description="1 to 255 visible ASCII characters; the answer is kept 30 days.",
                )
            )
        return parameters

    @override
    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.split("/") if part and not part.startswith("{")]
        words = [part for part in parts if part not in ("v1", "stores")]
        return [words[0] if words else parts[-1]]

    @override
    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self.operation is not None and self.operation.paged:
            _page(bodies["200"])
        for status, codes in sorted(self.refusals().items()):
            bodies.setdefault(str(status), _problem(codes))
        return bodies

    def refusals(self) -> dict[int, list[str]]:
        """Every code that this operation may answer with, by status."""
        found: dict[int, list[str]] = defaultdict(list)
        for status, code in _ALWAYS.items():
            found[status].append(code)
        if self.view.authentication_classes:
            for status, code in _WITH_CREDENTIAL.items():
                found[status].append(code)
        if self.method in UNSAFE:
            found[409] += ["busy", "conflict"]
        _add(found, _KEYED if self.takes_key else ())
        if self.operation is not None:
            judges = self.operation.form or self.operation.query
            found[400] += ["invalid_form"] if judges else []
            _add(found, self.operation.refusals)
        return found


def _add(found: dict[int, list[str]], refusals: Sequence[type[DomainError]]) -> None:
    for refusal in refusals:
        found[refusal.status].append(refusal.code)


def _problem(codes: list[str]) -> dict[str, Any]:
    return {
        "description": "Codes: " + ", ".join(f"`{code}`" for code in sorted(set(codes))) + ".",
        "content": {"application/problem+json": {"schema": REFERENCE}},
    }


def _page(body: dict[str, Any]) -> None:
    """Wrap the item's schema in the shape of `Page.show`."""
    for media in body.get("content", {}).values():
        item = media["schema"]
        items = item.get("items", item)
        media["schema"] = {
            "type": "object",
            "properties": {
                "data": {"type": "array", "items": items},
                "next_cursor": {"type": ["string", "null"]},
            },
            "required": ["data", "next_cursor"],
        }


def add_problem(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """POSTPROCESSING_HOOKS: the component that every refusal refers to."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    return result
