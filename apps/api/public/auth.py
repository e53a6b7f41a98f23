"""API keys: `Authorization: Bearer rv_<live|test>_<prefix>_<secret>`."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any, override

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts import choices as accounts
from apps.api.common.client_ip import client_ip
from apps.core import clock
from apps.core.rows import RowOf
from apps.users.models import ApiKey

LONGEST = 120
USED_EVERY = timedelta(minutes=1)
# What an unknown prefix is compared with, so that it takes as long as a known one.
_NOBODY = ApiKey(secret_hash="0" * 64)
_KEYS = RowOf(lambda prefix: ApiKey.objects.select_related("merchant").filter(prefix=prefix))


class ApiKeyAuthentication(BaseAuthentication):
    """`request.auth` is the key; whatever is wrong with it, the answer is the same 401."""

    @override
    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        header = get_authorization_header(request).decode("latin-1")
        if not header:
            return None
        at = clock.now()
        key = find_key(header)
        if key is None or not is_welcome(key, client_ip(request._request), at):
            raise AuthenticationFailed("The API key is not accepted")
        note_use(key, at)
        return AnonymousUser(), key

    @override
    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def find_key(header: str) -> ApiKey | None:
    scheme, _, token = header.partition(" ")
    parts = token.strip().split("_", 3)
    if scheme.lower() != "bearer" or len(parts) != 4 or not _is_plain(token):
        return None
    prefix, secret = "_".join(parts[:3]), parts[3]
    key = _KEYS.of(prefix)
    opens = (key or _NOBODY).opens_with(secret)
    return key if opens else None


def _is_plain(token: str) -> bool:
    return len(token) <= LONGEST and token.isascii() and token.isprintable()


def is_welcome(key: ApiKey, ip: str, at: datetime) -> bool:
    """Neither revoked nor expired, from an allowed address, of a merchant that is not closed."""
    return (
        key.revoked_at is None
        and (key.expires_at is None or at < key.expires_at)
        and key.merchant.status != accounts.Merchant.Status.CLOSED
        and is_allowed_from(key.allowed_ips, ip)
    )


def is_allowed_from(allowed: list[str], ip: str) -> bool:
    """An empty list allows every address; entries are addresses or networks."""
    if not allowed:
        return True
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    return any(address in ip_network(entry, strict=False) for entry in allowed)


def note_use(key: ApiKey, at: datetime) -> None:
    """At most one write a minute, and none on the others."""
    if key.last_used_at is None or at - key.last_used_at >= USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ApiKeyAuthentication
    name = "ApiKey"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key of the merchant: `rv_live_...` or `rv_test_...`.",
        }
