"""The guards of the suite itself, each shown to bite."""

import socket
import warnings

import pytest
from pytest_socket import SocketConnectBlockedError


class GuardsTest:
    def test_nothing_reaches_beyond_loopback(self) -> None:
        # 192.0.2.0/24 is for documentation: nobody is there.
        # It warns before it raises, and a warning is an error here.
        with pytest.raises((SocketConnectBlockedError, UserWarning)):
            socket.create_connection(("192.0.2.1", 80), timeout=1)

    def test_loopback_is_open(self) -> None:
        server = socket.create_server(("127.0.0.1", 0))
        with server, socket.create_connection(server.getsockname(), timeout=5) as client:
            assert client.getpeername() == server.getsockname()

    def test_a_warning_is_an_error(self) -> None:
        with pytest.raises(DeprecationWarning, match="old ways"):
            warnings.warn("old ways", DeprecationWarning, stacklevel=1)
