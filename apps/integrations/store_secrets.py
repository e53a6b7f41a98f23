"""The sealed credentials of a store, for connectors whose platforms renew them."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from apps.accounts.mixins.credentials import NotConnected
from apps.accounts.models import Store
from apps.core.http import Unreachable, assert_no_transaction

# A renewal is one call; who waits longer than one may take finds its peer away.
WAIT_SECONDS = 40
LOOK_EVERY_SECONDS = 1 / 5


class StoreSecrets:
    """The sealed credentials of one store, renewed by one process at a time."""

    def __init__(self, store_id: UUID, peer: str) -> None:
        self._store_id, self._peer = store_id, peer

    @contextmanager
    def locked(self) -> Iterator[Mapping[str, str]]:
        """What is kept now, under a lock of the connection's session: the block may speak HTTP.

        Raises Unreachable where somebody holds it for longer than a call may last, NotConnected.
        """
        assert_no_transaction()
        self._lock()
        try:
            yield self._store().open_credentials()
        finally:
            self._ask("SELECT pg_advisory_unlock(%s)")

    def keep(self, secrets: Mapping[str, str]) -> None:
        """What is not named stays; a store that was disconnected meanwhile keeps nothing."""
        store = self._store()
        store.renew_credentials(secrets)

    def _lock(self) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not self._ask("SELECT pg_try_advisory_lock(%s)"):
            if time.monotonic() > deadline:
                raise Unreachable(self._peer, "the credentials are being renewed")
            time.sleep(LOOK_EVERY_SECONDS)

    def _ask(self, sql: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(sql, (self._key,))
            return bool(cursor.fetchone()[0])

    @property
    def _key(self) -> int:
        """A signed 64-bit number out of the random end of the id."""
        return self._store_id.int % (1 << 63)

    def _store(self) -> Store:
        store = Store.objects.filter(pk=self._store_id).first()
        if store is None:
            raise NotConnected(store=str(self._store_id))
        return store
