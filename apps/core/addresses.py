"""Addresses that tenants name: only such that everybody on the internet could call (C-37)."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings


def public_address(host: str, port: int) -> str:
    """The one address to connect to, for `HttpClient.resolve`; OSError where any is not public.

    A machine of developers (SANDBOX) may also be called by itself.
    """
    found = [each[4][0] for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for each in found:
        if not _is_public(ip_address(str(each).partition("%")[0])):
            raise OSError("not a public address")
    return str(found[0])


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """An IPv4 address inside an IPv6 one is judged as what it is."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return _is_public(inner)
    if address.is_loopback and settings.SANDBOX:
        return True
    return address.is_global and not address.is_multicast
