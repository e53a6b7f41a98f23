"""Which platforms can make refunds: their connectors say so themselves, when they are loaded."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from apps.integrations.dtos import RefundConnector

if TYPE_CHECKING:
    from apps.accounts.models import Store

type Connect = Callable[["Store"], RefundConnector | None]

_refunds: dict[str, Connect] = {}


def makes_refunds(platform: str, connect: Connect) -> None:
    """`connect` gives None for a store that is not connected."""
    if platform in _refunds:
        raise ValueError(f"{platform} has a connector already")
    _refunds[platform] = connect


def forget(platform: str) -> None:
    _refunds.pop(platform, None)


def refunds_of(store: "Store") -> RefundConnector | None:
    """None where refunds cannot go through the platform of the store."""
    connect = _refunds.get(store.platform)
    return None if connect is None else connect(store)
