"""The token of one shop, renewed before it expires, by one worker at a time."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from apps.core import clock
from apps.integrations.connectors import AccessLost, Secrets
from apps.integrations.shopify import oauth

# Taken for expired so long before it is, so that no call sets out with a dying token.
AHEAD = timedelta(minutes=2)


class Tokens:
    """Raises AccessLost where there is no good token and no way to another."""

    def __init__(self, domain: str, kept: Mapping[str, str], secrets: Secrets | None) -> None:
        self.domain = domain
        self._kept = kept
        self._secrets = secrets

    def current(self) -> str:
        token = self._kept.get("access_token", "")
        if not token or _is_over(self._kept, clock.now()):
            return self.instead_of(token)
        return token

    def instead_of(self, refused: str) -> str:
        """Another than `refused`: the one that somebody else has fetched meanwhile, or a new one.

        The refresh token dies with its use, so only the holder of the lock may use it.
        """
        if self._secrets is None:
            raise AccessLost
        with self._secrets.locked() as found:
            at = clock.now()
            self._kept = found
            if found.get("access_token") in ("", None, refused) or _is_over(found, at):
                self._kept = oauth.renewed(self.domain, found, at)
                self._secrets.keep(self._kept)
        return self._kept["access_token"]


def _is_over(kept: Mapping[str, str], at: datetime) -> bool:
    expires = kept.get("expires_at", "")
    return bool(expires) and datetime.fromisoformat(expires) - AHEAD <= at
