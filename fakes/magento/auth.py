"""OAuth 1.0a as Magento checks it; a token alone only where the shop allows that."""

import base64
import hashlib
import hmac
import re
from urllib.parse import parse_qsl, quote, unquote

from fakes.psp.refusals import Refusal
from fakes.shops.vendor import Raw

SECRETS = {
    "consumer_key": "ck_test",
    "consumer_secret": "cs_test",
    "access_token": "at_test",
    "access_token_secret": "ats_test",
}
PART = re.compile(r'(\w+)="([^"]*)"')


class Gate:
    def __init__(self) -> None:
        self.allows_bearer = False
        self.nonces: set[str] = set()

    def check(self, raw: Raw) -> None:
        scheme, _, rest = raw.headers.get("authorization", "").partition(" ")
        bearer = self.allows_bearer and (scheme, rest) == ("Bearer", SECRETS["access_token"])
        if not bearer and not (scheme == "OAuth" and self._is_signed(raw, rest)):
            raise Refusal(401, "unauthorized", "The consumer isn't authorized", "unauthorized")

    def _is_signed(self, raw: Raw, rest: str) -> bool:
        told = {name: unquote(value) for name, value in PART.findall(rest)}
        given = told.pop("oauth_signature", "")
        nonce = told.get("oauth_nonce", "")
        if nonce in self.nonces or told.get("oauth_signature_method") != "HMAC-SHA256":
            return False
        self.nonces.add(nonce)
        known = (told.get("oauth_consumer_key"), told.get("oauth_token"))
        return known == (SECRETS["consumer_key"], SECRETS["access_token"]) and (
            hmac.compare_digest(given, _signature(raw, told))
        )


def _signature(raw: Raw, told: dict[str, str]) -> str:
    pairs = [*parse_qsl(raw.query, keep_blank_values=True), *told.items()]
    joined = "&".join(
        f"{name}={value}" for name, value in sorted((_enc(one), _enc(two)) for one, two in pairs)
    )
    url = f"http://{raw.headers['host']}{raw.path}"
    base = f"{raw.method}&{_enc(url)}&{_enc(joined)}"
    key = f"{_enc(SECRETS['consumer_secret'])}&{_enc(SECRETS['access_token_secret'])}"
    return base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha256)).decode()


def _enc(value: str) -> str:
    return quote(value, safe="-._~")
