"""Calls to the world outside: bounded, redacted, and never inside a database transaction."""

from django.db import connections


class HttpInsideTransaction(RuntimeError):
    """A row stayed locked while a peer was asked: promise, send, settle are three transactions."""


def assert_no_transaction() -> None:
    """Raise HttpInsideTransaction when any connection of this thread has an open `atomic`.

    The block that a test case wraps around a test does not count, as for `atomic(durable=True)`.
    """
    for connection in connections.all(initialized_only=True):
        blocks = connection.atomic_blocks
        if blocks and not getattr(blocks[-1], "_from_testcase", False):
            raise HttpInsideTransaction(f"HTTP while a transaction on {connection.alias!r} is open")
