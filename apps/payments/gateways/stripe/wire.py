"""The SDK's HTTP, carried by ours: one deadline for the whole answer and a cap on its size.

The SDK is imported here and in client.py only, when the first call is made.
"""

from collections.abc import Mapping
from typing import Any, override
from urllib.parse import urlsplit

import stripe

from apps.core import http


class Wire(stripe.HTTPClient):
    name = "reveni"

    def __init__(self, base: str, limits: http.Limits) -> None:
        super().__init__()
        self._client = http.HttpClient(peer="stripe", base_url=base, limits=limits)

    @override
    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Raises APIConnectionError where no whole answer came, whatever the cause."""
        parts = urlsplit(url)
        call = http.Call(
            method=method.upper(),
            path=f"{parts.path}?{parts.query}" if parts.query else parts.path,
            headers=headers or {},
            content=post_data.encode() if isinstance(post_data, str) else post_data,
        )
        try:
            answer = self._client.send(call)
        except http.BadStatus as bad:
            answer = bad.answer
        except http.HttpError as error:
            raise _no_answer(str(error)) from error
        return answer.text, answer.status, answer.headers


def _no_answer(reason: str) -> stripe.StripeError:
    untyped: Any = stripe.APIConnectionError
    error: stripe.StripeError = untyped(reason, should_retry=False)
    return error
