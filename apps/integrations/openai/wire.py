"""The SDK's HTTP, carried by ours: one deadline, a cap on the answer, one circuit for everybody.

At most two calls are under way at once in all processes, so that a slow vendor holds two web
threads and no more; whoever comes then has the answer of our own rules at once. The SDK is
imported in this folder only, when the first call is made.
"""

from typing import override
from urllib.parse import urlsplit

import httpx2

from apps.core import http

# What the SDK tells of the machine stays here.
SENT = ("authorization", "content-type")


class Wire(httpx2.BaseTransport):
    def __init__(self, client: http.HttpClient) -> None:
        self._client = client

    @override
    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        call = http.Call(
            method=request.method,
            path=request.url.raw_path.decode("ascii"),
            headers={name: request.headers[name] for name in SENT if name in request.headers},
            content=request.read(),
        )
        try:
            answer = self._client.send(call)
        except http.BadStatus as bad:
            answer = bad.answer
        except http.HttpError as error:
            raise httpx2.TransportError(type(error).__name__) from error
        return httpx2.Response(answer.status, headers=dict(answer.headers), content=answer.body)


def through(base_url: str, limits: http.Limits) -> httpx2.Client:
    """No proxies of the machine; redirects are answers outside 2xx."""
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    client = http.HttpClient(peer="openai", base_url=origin, limits=limits, circuit="addresses")
    return httpx2.Client(transport=Wire(client), trust_env=False, follow_redirects=False)
