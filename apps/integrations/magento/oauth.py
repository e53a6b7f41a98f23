"""OAuth 1.0a with HMAC-SHA256: Magento takes no integration's token without a signature.

https://developer.adobe.com/commerce/webapi/get-started/authentication/gs-authentication-oauth/
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The four secrets of an integration."""

    consumer_key: str
    consumer_secret: str = field(repr=False)
    token: str = field(repr=False)
    token_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One call as it is signed; a body in JSON is no part of it. `url` has no query."""

    method: str
    url: str
    params: Mapping[str, str]


def header(keys: Keys, call: Signed, nonce: str, timestamp: int) -> str:
    """The value of `Authorization`."""
    told = {
        "oauth_consumer_key": keys.consumer_key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(timestamp),
        "oauth_token": keys.token,
        "oauth_version": "1.0",
    }
    told["oauth_signature"] = _signature(keys, call, told)
    pairs = ", ".join(f'{name}="{_escaped(value)}"' for name, value in told.items())
    return f"OAuth {pairs}"


def _signature(keys: Keys, call: Signed, told: Mapping[str, str]) -> str:
    pairs = sorted(
        (_escaped(name), _escaped(value)) for name, value in {**call.params, **told}.items()
    )
    params = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join(_escaped(each) for each in (call.method, call.url, params))
    key = f"{_escaped(keys.consumer_secret)}&{_escaped(keys.token_secret)}"
    digest = hmac.digest(key.encode(), base.encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()


def _escaped(value: str) -> str:
    """RFC 3986, as RFC 5849 wants it."""
    return quote(value, safe="~")
