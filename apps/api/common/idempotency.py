"""Idempotency-Key (reliability.md 1.3): one key, one effect, one answer."""

import enum
import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import OperationalError, transaction
from rest_framework.response import Response

from apps.api.models import IdempotencyRecord
from apps.core.errors import DomainError

if TYPE_CHECKING:
    from apps.api.common.views import ApiView

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# The answer depends on who asks or on the moment, so it is never kept.
_NEVER_STORED = frozenset({401, 403, 404, 413, 429})
_KEPT_HEADERS = ("Location",)
_LOCK_NOT_AVAILABLE = "55P03"

type Act = Callable[[], Response]


class Keys(enum.Enum):
    """Whether unsafe calls of a view take a key."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Work(enum.Enum):
    """LOCAL: claim, work and answer commit together. REMOTE: the claim is committed first."""

    LOCAL = "local"
    REMOTE = "remote"


class KeyMissing(DomainError):
    code = "idempotency_key_missing"
    title = "The Idempotency-Key header is required here"
    status = 400


class KeyInvalid(DomainError):
    code = "idempotency_key_invalid"
    title = "An Idempotency-Key is 1 to 255 visible ASCII characters"
    status = 400


class KeyInProgress(DomainError):
    code = "idempotency_in_progress"
    title = "The first call with this Idempotency-Key is still at work"
    status = 409
    retry_after: ClassVar[int] = 1


class KeyReused(DomainError):
    code = "idempotency_key_reused"
    title = "This Idempotency-Key was used for another request"
    status = 422


def once(view: "ApiView", act: Act) -> Response:
    """Runs after authentication, permission and throttle; a revoked key replays nothing."""
    key = view.request.headers.get("Idempotency-Key")
    if key is None:
        if view.keys is Keys.REQUIRED:
            raise KeyMissing
        return act()
    if not _KEY.fullmatch(key):
        raise KeyInvalid
    call = Call(view, key)
    return call.local(act) if view.work is Work.LOCAL else call.remote(act)


class Call:
    """One request with a key: claims, runs, keeps or replays."""

    def __init__(self, view: "ApiView", key: str) -> None:
        self.view = view
        request = view.request._request
        match = request.resolver_match
        self.scope = {
            "merchant_id": view.merchant.pk,
            "environment": view.environment,
            "family": view.family,
            "method": request.method or "",
            "route": match.route if match else "",
            "key": key,
        }
        query = "&".join(sorted(request.META.get("QUERY_STRING", "").split("&")))
        digest = hashlib.sha256(f"{request.method} {request.path}?{query}\n".encode())
        digest.update(request.body)
        self.fingerprint = digest.hexdigest()

    def local(self, act: Act) -> Response:
        """Nothing is left behind by a crash: the claim goes with the work."""
        with transaction.atomic():
            try:
                record = self._claim()
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                    raise KeyInProgress from None
                raise
            if isinstance(record, Response):
                return record
            try:
                with transaction.atomic():
                    response = act()
            except DomainError as refused:
                response = self._answer_of(refused)
            return self._keep(record, response)

    def remote(self, act: Act) -> Response:
        """A crash leaves the claim; the next call with the key after its lease runs it again."""
        record = self._claim()
        if isinstance(record, Response):
            return record
        try:
            response = act()
        except DomainError as refused:
            if not _is_kept(refused.status):
                record.release()
                raise
            response = self._answer_of(refused)
        except Exception:
            record.release()
            raise
        return self._keep(record, response)

    def _claim(self) -> "IdempotencyRecord | Response":
        """The claimed record, or the kept answer; raises KeyInProgress or KeyReused."""
        lease = settings.IDEMPOTENCY_LEASE
        record = IdempotencyRecord.objects.claim(self.scope, self.fingerprint, lease)
        if record is not None:
            return record
        found = IdempotencyRecord.objects.filter(**self.scope).first()
        if found is None:
            # The other call took its claim back just now.
            raise KeyInProgress
        if found.fingerprint != self.fingerprint:
            raise KeyReused
        if found.status is not None:
            return self._replay(found)
        if not IdempotencyRecord.objects.take_over(found, lease):
            raise KeyInProgress
        return found

    def _answer_of(self, refused: DomainError) -> Response:
        """A business refusal raised after the work began is the answer of this key."""
        if not _is_kept(refused.status):
            raise refused
        return self.view.handle_exception(refused)

    def _keep(self, record: IdempotencyRecord, response: Response) -> Response:
        response = self.view.finalize_response(self.view.request, response)
        response.render()
        if _is_kept(response.status_code):
            headers = {n: response.headers[n] for n in _KEPT_HEADERS if n in response.headers}
            content_type = response.headers.get("Content-Type", "")
            record.keep(response.status_code, response.content, content_type, headers)
        else:
            record.release()
        return response

    def _replay(self, record: IdempotencyRecord) -> Response:
        headers = {**record.headers, "Idempotent-Replayed": "true"}
        response = Response(status=record.status, headers=headers)
        # Content set by hand counts as rendered: the bytes are those of the first answer.
        response.content = bytes(record.body or b"")
        response.headers["Content-Type"] = record.content_type
        return response


def _is_kept(status: int) -> bool:
    return status < 500 and status not in _NEVER_STORED
