"""`@operation`: what a handler takes, shows and refuses, for OpenAPI and for the checks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers

from apps.api.common.forms import Form, QueryForm
from apps.core.errors import DomainError

ATTRIBUTE = "operation"
type Shown = type[serializers.BaseSerializer[Any]] | serializers.BaseSerializer[Any] | None


@dataclass(frozen=True, slots=True)
class Operation:
    """`shows` maps each success status, or it and a media type, to its serializer; None for an
    answer without a body."""

    summary: str
    form: type[Form[Any]] | None
    query: type[QueryForm[Any]] | None
    shows: Mapping[Any, Any]
    refusals: Sequence[type[DomainError]]
    paged: bool


def operation[F: Callable[..., Any]](  # noqa: PLR0913
    summary: str,
    *,
    shows: Mapping[Any, Any],
    form: type[Form[Any]] | None = None,
    query: type[QueryForm[Any]] | None = None,
    refusals: Sequence[type[DomainError]] = (),
    examples: Sequence[OpenApiExample] = (),
    paged: bool = False,
) -> Callable[[F], F]:
    """Put it on every handler; `paged` shows each item of `shows[200]` in a cursor page."""
    described = Operation(summary, form, query, shows, tuple(refusals), paged)

    def decorate(handler: F) -> F:
        handler = extend_schema(
            summary=summary,
            description=handler.__doc__ or summary,
            request=form,
            responses=dict(shows),
            parameters=[query] if query else [],
            examples=list(examples),
        )(handler)
        setattr(handler, ATTRIBUTE, described)
        return handler

    return decorate


def operation_of(handler: object) -> Operation | None:
    found = getattr(handler, ATTRIBUTE, None)
    return found if isinstance(found, Operation) else None
