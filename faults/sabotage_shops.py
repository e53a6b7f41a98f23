"""Protections of what shops and carriers tell and of what is read there again."""

from typing import Any

from faults.board import Board


def install(board: Board) -> None:
    _order_version(board)
    _catch_up(board)
    _depth(board)
    _parking(board)
    _scan_order(board)
    _label_awaited(board)


def _order_version(board: Board) -> None:
    """`order-version`: an order as it was overwrites the order as it is."""
    from apps.orders.services import importing

    real = importing._is_older

    def is_older(snapshot: Any, order: Any) -> bool:
        return not board.lacks("order-version") and real(snapshot, order)

    importing._is_older = is_older


def _catch_up(board: Board) -> None:
    """`catch-up`: nobody asks a shop what its webhooks did not bring."""
    from apps.orders.services import syncing_shops

    real = syncing_shops.start_due_syncs

    def start_due_syncs(at: Any) -> Any:
        return [] if board.lacks("catch-up") else real(at)

    syncing_shops.start_due_syncs = start_due_syncs


def _depth(board: Board) -> None:
    """`depth`: webhooks are taken in however many wait."""
    from apps.api.platforms.depth import Depth

    real = Depth.check

    def check(self: Depth, at: Any) -> None:
        if not board.lacks("depth"):
            real(self, at)

    Depth.check = check  # type: ignore[method-assign]


def _parking(board: Board) -> None:
    """`parking`: a webhook that cannot be worked on is tried for ever."""
    from apps.events.models import InboxMessage

    real = InboxMessage.fail

    def fail(self: InboxMessage, error: str, at: Any) -> bool:
        if board.lacks("parking"):
            self._settle(last_error=error[:300], available_at=at)
            return False
        return real(self, error, at)

    InboxMessage.fail = fail  # type: ignore[method-assign]


def _scan_order(board: Board) -> None:
    """`scan-order`: what a carrier tells last is where the parcel is."""
    from apps.deliveries.mixins.tracking import TrackingMixin

    real = TrackingMixin._is_newest

    def is_newest(self: Any, at: Any, status: str) -> bool:
        return board.lacks("scan-order") or real(self, at, status)

    TrackingMixin._is_newest = is_newest  # type: ignore[method-assign]


def _label_awaited(board: Board) -> None:
    """`label-awaited`: a parcel that no label is known of is a stranger's at once."""
    from apps.deliveries.managers import LabelQuerySet

    real = LabelQuerySet.being_bought

    def being_bought(self: LabelQuerySet, account: Any, at: Any, within: Any) -> Any:
        found = real(self, account, at, within)
        return found.none() if board.lacks("label-awaited") else found

    LabelQuerySet.being_bought = being_bought  # type: ignore[method-assign]
