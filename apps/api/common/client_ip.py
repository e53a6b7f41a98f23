"""The client's address (C-10): as many hops from the right as there are proxies of ours."""

from functools import lru_cache
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

NETWORK_BITS = {4: 24, 6: 56}


def client_ip(request: HttpRequest) -> str:
    """REMOTE_ADDR without proxies; a forwarded text that is no address counts for nothing."""
    remote: str = request.META.get("REMOTE_ADDR", "")
    proxies: int = settings.NUM_PROXIES
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(hops) >= proxies:
        return _address(hops[-proxies]) or remote
    return remote


@lru_cache(maxsize=4_096)
def network_of(ip: str) -> str:
    """The /24 or /56 that limits count by; an unreadable address is a network of its own."""
    address = _address(ip)
    if not address:
        return "unknown"
    bits = NETWORK_BITS[ip_address(address).version]
    return str(ip_network(f"{address}/{bits}", strict=False))


@lru_cache(maxsize=4_096)
def _address(text: str) -> str:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
