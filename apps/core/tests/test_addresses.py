import socket
from typing import Any

import pytest
from pytest_django import Settings

from apps.core.addresses import public_address


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names resolve to; nobody is asked."""
    names: dict[str, list[str]] = {}

    def lookup(host: str, port: int, **named: Any) -> list[Any]:
        return [(0, 0, 0, "", (each, port)) for each in names.get(host, [host])]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return names


class PublicAddressTest:
    def test_the_first_of_public_ones_is_pinned(self, known: dict[str, list[str]]) -> None:
        known["shop.example"] = ["93.184.215.14", "2606:2800:21f::1"]

        assert public_address("shop.example", 443) == "93.184.215.14"

    @pytest.mark.parametrize(
        "address",
        [
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104
            "224.0.0.1",
            "::",
            "fe80::1%eth0",
            "fd00::1",
            "::ffff:10.0.0.1",
            "2002:0a00:0001::",
            "ff02::1",
        ],
    )
    def test_what_only_this_network_can_reach_is_refused(
        self, known: dict[str, list[str]], address: str
    ) -> None:
        known["shop.example"] = ["93.184.215.14", address]

        with pytest.raises(OSError, match="not a public address"):
            public_address("shop.example", 443)

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
    def test_itself_is_for_machines_of_developers(
        self, known: dict[str, list[str]], settings: Settings, address: str
    ) -> None:
        assert public_address(address, 80) == address

        settings.SANDBOX = False
        with pytest.raises(OSError, match="not a public address"):
            public_address(address, 80)
