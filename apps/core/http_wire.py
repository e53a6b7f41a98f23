"""A connection that obeys one deadline from the first byte to the last, however slowly it drips."""

import ssl
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, override

import httpcore2
import httpx2

type Resolve = Callable[[str, int], str]


class BoundedTransport(httpx2.HTTPTransport):
    """One call, one connection: no pool, so that no socket survives a fork or serves two tenants.

    `deadline` is a reading of time.monotonic(). `resolve` turns host and port into the one address
    to connect to, and raises OSError to refuse; TLS still checks the name.
    """

    def __init__(self, deadline: float, resolve: Resolve | None = None) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=_tls(),
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=_Backend(deadline, resolve),
        )


@cache
def _tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)


class _Backend(httpcore2.NetworkBackend):
    def __init__(self, deadline: float, resolve: Resolve | None) -> None:
        self.deadline = deadline
        self.resolve = resolve
        self.inner = httpcore2.SyncBackend()

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        if self.resolve is not None:
            try:
                host = self.resolve(host, port)
            except OSError as error:
                raise httpcore2.ConnectError(str(error)) from error
        left = _left(self.deadline, timeout, httpcore2.ConnectTimeout)
        stream = self.inner.connect_tcp(host, port, left, local_address, socket_options)
        return _Stream(stream, self.deadline)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, deadline: float) -> None:
        self.inner = inner
        self.deadline = deadline

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, _left(self.deadline, timeout, httpcore2.ReadTimeout))

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, _left(self.deadline, timeout, httpcore2.WriteTimeout))

    @override
    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = _left(self.deadline, timeout, httpcore2.ConnectTimeout)
        return _Stream(self.inner.start_tls(ssl_context, server_hostname, left), self.deadline)

    @override
    def close(self) -> None:
        self.inner.close()

    @override
    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def _left(deadline: float, timeout: float | None, over: type[Exception]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise over("the time for the whole call is over")
    return left if timeout is None else min(left, timeout)
