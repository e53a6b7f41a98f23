"""The base of every API view: find, judge, act, show."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, override

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import NotFound
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import Merchant
from apps.api.common import idempotency
from apps.api.common.forms import Form, QueryForm
from apps.api.common.idempotency import Keys, Work
from apps.api.common.limiter import Verdict
from apps.events import actors
from apps.events.actors import Actor


class ApiView(APIView):
    """A host's base view names credential, throttle and owner; a view names its permission.

    `keys` says whether unsafe calls take an Idempotency-Key, `work` whether they stay inside one
    transaction; `money` counts unsafe calls against the money limit.
    """

    host: ClassVar[str] = ""
    keys: ClassVar[Keys] = Keys.NONE
    work: ClassVar[Work] = Work.LOCAL
    money: ClassVar[bool] = False
    with_etag: ClassVar[bool] = False
    metadata_class = None
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    verdict: Verdict | None = None

    # Who calls: a host's base view answers these from its credential.

    @property
    def merchant(self) -> Merchant:
        """The tenant of the credential or of the path; never of a body, query or header (C-01)."""
        raise NotImplementedError

    @property
    def actor(self) -> Actor:
        return actors.SYSTEM

    @property
    def credential_id(self) -> str:
        """What limits are counted by."""
        raise NotImplementedError

    @property
    def family(self) -> str:
        """Credentials that may replay each other's answers (reliability.md 1.3)."""
        raise NotImplementedError

    @property
    def environment(self) -> str:
        return "live"

    # The four moves.

    def find[M: models.Model](self, rows: models.QuerySet[M, M], **lookup: Any) -> M:
        """The one row behind the tenant's door; missing, deleted and foreign are the same 404."""
        try:
            return rows.get(**lookup)
        except ObjectDoesNotExist:
            raise NotFound from None

    def judge[J](self, form: type[Form[J]], **context: Any) -> J:
        return form(data=self.request.data, context=context).judged()

    def judge_query[J](self, form: type[QueryForm[J]], **context: Any) -> J:
        return form(data=self.request.query_params, context=context).judged()

    def show(
        self, shown: Any = None, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        """`shown` is a serializer or plain data; None with 204."""
        data = getattr(shown, "data", shown)
        return Response(data, 204 if shown is None else status, headers=dict(headers or {}))

    # How a call runs.

    @property
    def is_money(self) -> bool:
        return self.money and self.request.method not in SAFE_METHODS

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """DRF's own order, with the actor set and the idempotency key claimed after `initial`."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(self.request, *args, **kwargs)
            with actors.acting(self.actor):
                response = self._run(self._handler(), args, kwargs)
        except Exception as error:  # noqa: BLE001 - DRF's own: each becomes a problem or a 500
            response = self.handle_exception(error)
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    def _handler(self) -> Callable[..., Response]:
        method = (self.request.method or "").lower()
        name = method if method in self.http_method_names else "http_method_not_allowed"
        found: Callable[..., Response] = getattr(self, name, self.http_method_not_allowed)
        return found

    def _run(self, handler: Callable[..., Response], args: Any, kwargs: Any) -> Response:
        def act() -> Response:
            return handler(self.request, *args, **kwargs)

        if self.keys is Keys.NONE or self.request.method in SAFE_METHODS:
            return act()
        return idempotency.once(self, act)

    def note_verdict(self, verdict: Verdict) -> None:
        if self.verdict is None or verdict.remaining < self.verdict.remaining:
            self.verdict = verdict

    @override
    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.verdict is not None:
            response.headers["RateLimit-Limit"] = str(self.verdict.limit)
            response.headers["RateLimit-Remaining"] = str(self.verdict.remaining)
            response.headers["RateLimit-Reset"] = str(self.verdict.reset)
        if self.with_etag and request.method in SAFE_METHODS:
            return self._with_etag(request, response)
        return response

    def _with_etag(self, request: Request, response: Response) -> Response:
        """Strong, of the bytes shown: it changes with anything the answer tells."""
        if response.status_code != 200:
            return response
        response.render()
        tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response.headers["ETag"] = tag
        known = {part.strip() for part in request.headers.get("If-None-Match", "").split(",")}
        if known & {tag, f"W/{tag}", "*"}:
            response.status_code = 304
            response.content = b""
            del response.headers["Content-Type"]
        return response
