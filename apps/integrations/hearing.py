"""Whose webhook it is: the store that the address of a delivery names."""

from uuid import UUID

from apps.accounts.models import Store
from apps.core.rows import NOBODY, RowOf

_STORES: RowOf[Store, UUID] = RowOf(lambda pk: Store.objects.filter(pk=pk), like=NOBODY)


def store_of(platform: str, token: str) -> Store | None:
    """None where `token` is no id of a store that is connected to the platform."""
    try:
        store = _STORES.of(UUID(token))
    except ValueError:
        return None
    if store is None or store.platform != platform or not store.is_connected:
        return None
    return store
