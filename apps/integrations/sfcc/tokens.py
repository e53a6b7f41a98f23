"""The token of an API client at Account Manager, which lives for half an hour."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime, timedelta
from uuid import uuid4

from apps.core import clock, http
from apps.core.addresses import public_address
from apps.integrations.connectors import AccessLost, Secrets

PEER = "sfcc-accounts"
HOST = "https://account.demandware.com"
PATH = "dwsso/oauth2/access_token"
# Taken for expired so long before it is, so that no call sets out with a dying token.
AHEAD = timedelta(minutes=2)
REFUSED = (400, 401, 403)


class Tokens:
    """Raises AccessLost where Account Manager gives none; `base` stands in for its address."""

    def __init__(self, base: str, kept: Mapping[str, str], secrets: Secrets | None) -> None:
        self._kept, self._secrets = kept, secrets
        self._http = http.HttpClient(
            peer=PEER, base_url=base or HOST, key_header="correlation-id", resolve=public_address
        )

    def current(self) -> str:
        token = self._kept.get("access_token", "")
        return token if token and not _is_over(self._kept) else self.instead_of(token)

    def instead_of(self, refused: str) -> str:
        """Another than `refused`: one that somebody else has fetched meanwhile, or a new one."""
        with self._secrets.locked() if self._secrets else nullcontext(self._kept) as found:
            self._kept = found
            if found.get("access_token") in ("", None, refused) or _is_over(found):
                self._kept = {**found, **self._granted(found)}
                if self._secrets:
                    self._secrets.keep(self._kept)
        return self._kept["access_token"]

    def _granted(self, kept: Mapping[str, str]) -> dict[str, str]:
        """Asking twice gives two tokens, which are both good."""
        at = clock.now()
        call = http.Call(method="POST", path=PATH, form=_form(kept), key=str(uuid4()))
        try:
            told = self._http.send(call).json()
        except http.BadStatus as bad:
            raise AccessLost if bad.status in REFUSED and _is_told(bad.answer) else bad from bad
        try:
            token, lasts = str(told["access_token"]), timedelta(seconds=int(told["expires_in"]))
        except (KeyError, TypeError, ValueError) as error:
            raise http.Unreadable(PEER, "a token was asked for") from error
        return {"access_token": token, "expires_at": (at + lasts).isoformat()}


def _form(kept: Mapping[str, str]) -> dict[str, str]:
    """The tenant is the organization without its `f_ecom_`."""
    tenant = kept.get("organization_id", "").removeprefix("f_ecom_")
    return {
        "grant_type": "client_credentials",
        "client_id": kept.get("client_id", ""),
        "client_secret": kept.get("client_secret", ""),
        "scope": f"SALESFORCE_COMMERCE_API:{tenant} sfcc.orders.rw",
    }


def _is_told(answer: http.Answer) -> bool:
    """OAuth's own refusal, and no page of something on the way."""
    try:
        told = answer.json()
    except http.Unreadable:
        return False
    return isinstance(told, dict) and "error" in told


def _is_over(kept: Mapping[str, str]) -> bool:
    expires = kept.get("expires_at", "")
    return bool(expires) and datetime.fromisoformat(expires) - AHEAD <= clock.now()
