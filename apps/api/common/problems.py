"""Every refusal as application/problem+json (RFC 9457), and no 5xx because of what was sent."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core import exceptions as django_errors
from django.db import DataError, IntegrityError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from kombu.exceptions import OperationalError as BrokerError
from psycopg_pool import PoolTimeout
from redis import RedisError
from rest_framework import exceptions
from rest_framework.response import Response

from apps.api.common.renderers import as_json
from apps.core.errors import Detail, DomainError
from apps.core.logs import request_id_var

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
TYPE = "urn:reveni:problem:"
BUSY_SECONDS, AWAY_SECONDS = 1, 5
# SQLSTATEs of waiting too long for a lock: lock_not_available, deadlock, serialization failure.
_BUSY = frozenset({"55P03", "40P01", "40001"})


@dataclass(frozen=True, slots=True)
class Problem:
    status: int
    code: str
    title: str
    errors: Any = None
    details: Mapping[str, Detail] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "type": TYPE + self.code,
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "request_id": request_id_var.get(),
        }
        if self.errors is not None:
            shown["errors"] = self.errors
        if self.details:
            shown["details"] = dict(self.details)
        return shown

    def response(self) -> HttpResponse:
        """For answers given outside DRF: middleware and Django's own error handlers."""
        return HttpResponse(
            as_json(self.body()), CONTENT_TYPE, status=self.status, headers=dict(self.headers)
        )


NOT_FOUND = Problem(404, "not_found", "Not found")
BAD_REQUEST = Problem(400, "bad_request", "The request cannot be understood")
FORBIDDEN = Problem(403, "permission_denied", "Not allowed")
BODY_TOO_LARGE = Problem(413, "body_too_large", "The body is too large")
UNACCEPTABLE_VALUE = Problem(400, "unacceptable_value", "A value cannot be stored")
CONFLICT = Problem(409, "conflict", "The change conflicts with another one")
INTERNAL = Problem(500, "internal_error", "Something went wrong on our side")
BUSY = Problem(
    409,
    "busy",
    "The row is being changed by another call",
    headers={"Retry-After": str(BUSY_SECONDS)},
)
UNAVAILABLE = Problem(
    503, "unavailable", "Try again in a moment", headers={"Retry-After": str(AWAY_SECONDS)}
)


def exception_handler(error: Exception, _context: Mapping[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER (S-13); None, for a 500, only when the fault is ours."""
    problem = problem_of(error)
    if problem is None:
        return None
    return Response(
        problem.body(), problem.status, headers=dict(problem.headers), content_type=CONTENT_TYPE
    )


def problem_of(error: Exception) -> Problem | None:
    for kinds, translate in _TRANSLATIONS:
        if isinstance(error, kinds):
            return translate(error)
    return None


def _refused(error: DomainError) -> Problem:
    wait = getattr(error, "retry_after", None)
    headers = {"Retry-After": str(wait)} if wait else {}
    return Problem(error.status, error.code, error.title, details=error.details, headers=headers)


def _form(error: exceptions.ValidationError) -> Problem:
    """`errors` has DRF's own shape with the code of each: {field: [{message, code}]}."""
    errors = error.get_full_details()
    return Problem(400, "invalid_form", "The form was refused", errors=errors)


def _api(error: exceptions.APIException) -> Problem:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    code = error.get_codes()
    title = str(error.detail)
    if not isinstance(code, str):
        code, title = error.default_code, str(error.default_detail)
    return Problem(error.status_code, code, title.rstrip("."), headers=headers)


def _database(error: Exception) -> Problem:
    state = getattr(error.__cause__, "sqlstate", None)
    logger.error("database refused: %s %s", type(error).__name__, state)
    return BUSY if state in _BUSY else UNAVAILABLE


def _alarm(problem: Problem) -> Callable[[Exception], Problem]:
    def translate(error: Exception) -> Problem:
        logger.error("input reached a place it should not: %r", error, exc_info=error)
        return problem

    return translate


def _quietly(problem: Problem) -> Callable[[Exception], Problem]:
    def translate(_error: Exception) -> Problem:
        return problem

    return translate


type Kinds = type[Exception] | tuple[type[Exception], ...]
# In this order: a class before the classes it inherits from.
_TRANSLATIONS: tuple[tuple[Kinds, Callable[[Any], Problem]], ...] = (
    (DomainError, _refused),
    (exceptions.ValidationError, _form),
    (exceptions.APIException, _api),
    ((Http404, django_errors.ObjectDoesNotExist), _quietly(NOT_FOUND)),
    (django_errors.PermissionDenied, _quietly(FORBIDDEN)),
    (django_errors.RequestDataTooBig, _quietly(BODY_TOO_LARGE)),
    (
        (django_errors.SuspiciousOperation, UnreadablePostError, RawPostDataException),
        _quietly(BAD_REQUEST),
    ),
    (
        (DataError, UnicodeError, RecursionError, OverflowError, django_errors.ValidationError),
        _alarm(UNACCEPTABLE_VALUE),
    ),
    (IntegrityError, _alarm(CONFLICT)),
    ((OperationalError, InternalError, PoolTimeout), _database),
    ((RedisError, BrokerError), _alarm(UNAVAILABLE)),
)


def handler400(_request: HttpRequest, exception: Exception) -> HttpResponse:
    too_big = isinstance(exception, django_errors.RequestDataTooBig)
    return (BODY_TOO_LARGE if too_big else BAD_REQUEST).response()


def handler403(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return FORBIDDEN.response()


def handler404(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return NOT_FOUND.response()


def handler500(_request: HttpRequest) -> HttpResponse:
    return INTERNAL.response()
