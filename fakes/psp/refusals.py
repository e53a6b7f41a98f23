"""Answers that are no success, in Stripe's own shape."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Refusal(Exception):
    """`kept`: stored under the idempotency key and played back."""

    status: int
    type: str
    message: str
    code: str = ""
    param: str = ""
    kept: bool = False
    retry_after: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        error = {"type": self.type, "message": self.message, **self.facts}
        if self.code:
            error["code"] = self.code
        if self.param:
            error["param"] = self.param
        return {"error": error}


def missing(kind: str, id: str) -> Refusal:  # noqa: A002
    return Refusal(
        404, "invalid_request_error", f"No such {kind}: '{id}'", code="resource_missing", param="id"
    )


def invalid(message: str, param: str = "", code: str = "") -> Refusal:
    return Refusal(400, "invalid_request_error", message, code=code, param=param)
