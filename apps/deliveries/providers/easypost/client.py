"""Calls to one EasyPost account (API v2); the only place that knows an address of theirs."""

import base64
import re
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from apps.core import http
from apps.deliveries.providers.base import ProviderRefused, ProviderUnavailable

BASE = "https://api.easypost.com"
DEFINITE = (400, 401, 402, 403, 404, 422)
# Where labels lie for some days; an address elsewhere is never fetched.
LABELS = re.compile(
    r"(?:[a-z0-9-]+\.)*easypost\.com|easypost-files\.s3[.-]us-west-2\.amazonaws\.com"
)
LARGEST_LABEL = 10 * 1024 * 1024


class Client:
    """Raises ProviderRefused or ProviderUnavailable; only what changes nothing is repeated."""

    def __init__(self, api_key: str, account: str) -> None:
        self._base = settings.EASYPOST_API_BASE or BASE
        token = base64.b64encode(f"{api_key}:".encode()).decode()
        self._http = http.HttpClient(
            peer="easypost",
            base_url=f"{self._base}/v2",
            headers={"Authorization": f"Basic {token}"},
            limits=_limits(),
            circuit=account,
        )

    def create(self, body: Any) -> Any:
        """A shipment with its rates; costs nothing."""
        return self._ask(http.Call(method="POST", path="shipments", json=body))

    def find(self, reference: str) -> Any:
        """By EasyPost's id or by our reference; None when there is none."""
        try:
            return self._ask(http.Call(method="GET", path=f"shipments/{_part(reference)}"))
        except ProviderRefused as refusal:
            if isinstance(refusal.__cause__, http.BadStatus) and refusal.__cause__.status == 404:
                return None
            raise

    def buy(self, id: str, rate: str) -> Any:  # noqa: A002
        path = f"shipments/{_part(id)}/buy"
        return self._ask(http.Call(method="POST", path=path, json={"rate": {"id": rate}}))

    def refund(self, id: str) -> Any:  # noqa: A002
        return self._ask(http.Call(method="POST", path=f"shipments/{_part(id)}/refund", json={}))

    def trackers(self, tracking_code: str) -> Any:
        params = {"tracking_code": tracking_code}
        return self._ask(http.Call(method="GET", path="trackers", params=params))

    def label(self, url: str) -> bytes:
        """The file at an address that EasyPost gave; asked for without our key."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin != settings.EASYPOST_API_BASE and not LABELS.fullmatch(parts.netloc):
            raise ProviderRefused("label_elsewhere", parts.netloc)
        try:
            files = http.HttpClient(peer="easypost", base_url=origin, limits=_limits())
            return files.send(http.Call(method="GET", path=f"{parts.path}?{parts.query}")).body
        except (http.HttpError, ValueError) as error:
            raise ProviderUnavailable(str(error)) from error

    def _ask(self, call: http.Call) -> Any:
        try:
            return self._http.send(call).json()
        except http.BadStatus as bad:
            if bad.status not in DEFINITE:
                raise ProviderUnavailable(str(bad)) from bad
            raise _refusal(bad.answer) from bad
        except http.HttpError as error:
            raise ProviderUnavailable(str(error)) from error


def _refusal(answer: http.Answer) -> ProviderRefused:
    try:
        error = answer.json()["error"]
        return ProviderRefused(str(error["code"]), str(error.get("message") or ""))
    except (http.Unreadable, KeyError, TypeError, AttributeError):
        return ProviderRefused(f"http_{answer.status}")


def _limits() -> http.Limits:
    read = settings.CARRIER_READ_SECONDS
    return http.Limits(read=read, total=read, answer_bytes=LARGEST_LABEL + 1, attempts=2)


def _part(text: str) -> str:
    return quote(text, safe="")
