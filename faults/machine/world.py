"""One example's world: a transaction that is never committed, in which commits are played.

Each outermost transaction of the product ends in a savepoint as if it were committed: deferred
constraints are checked, then its hooks run. A crash may be ordered at any of these ends.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from unittest.mock import patch

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

type Hook = Callable[[], object]
type Kind = type[BaseException] | None
type Raised = BaseException | None
type Trace = TracebackType | None

CHECK_ALL = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


class Crash(BaseException):
    """The process died here; whatever catches exceptions does not catch this one."""


@dataclass(frozen=True)
class CrashPoint:
    """At the n-th commit from now: before it, or after it and before anybody was told."""

    commit: int
    before: bool


@dataclass
class World:
    point: CrashPoint | None = None
    commits: int = 0
    total: int = 0
    then: Hook | None = None
    holds: bool = False
    held: list[Hook] = field(default_factory=list)

    def arm(self, point: CrashPoint | None) -> None:
        self.point, self.commits = point, 0

    def deliver(self, order: Callable[[list[Hook]], list[Hook]]) -> None:
        """What was held back is told now, in the order given."""
        waiting, self.held, self.holds = order(self.held), [], False
        for hook in waiting:
            hook()

    def before_commit(self) -> None:
        self._crash_if(before=True)
        with connection.cursor() as cursor:
            cursor.execute(CHECK_ALL)

    def after_commit(self) -> None:
        hooks = [entry[1] for entry in connection.run_on_commit]
        connection.run_on_commit.clear()
        at_once = self.point is not None and self.commits == self.point.commit
        self.commits += 1
        self.total += 1
        then, self.then = self.then, None
        if then is not None:
            then()
        if at_once:
            raise Crash
        if self.holds:
            self.held.extend(hooks)
            return
        for hook in hooks:
            hook()

    def _crash_if(self, *, before: bool) -> None:
        point = self.point
        if point and point.before == before and self.commits == point.commit:
            raise Crash


@contextmanager
def living(world: World) -> Iterator[None]:
    """Everything in the block happens in one transaction that is rolled back at its end."""
    later = BaseDatabaseWrapper.on_commit

    def on_commit(wrapper: BaseDatabaseWrapper, hook: Hook, robust: bool = False) -> None:
        if wrapper.savepoint_ids:
            later(wrapper, hook, robust)
        else:
            hook()

    enter, leave = _ends(world)
    with transaction.atomic():
        # cacheops counts transactions by a hook of the outermost one, which never commits here.
        connection.run_on_commit.clear()
        with (
            patch.object(transaction.Atomic, "__enter__", enter),
            patch.object(transaction.Atomic, "__exit__", leave),
            patch.object(BaseDatabaseWrapper, "on_commit", on_commit),
        ):
            yield
        transaction.set_rollback(True)


def _ends(world: World) -> tuple[Callable[..., None], Callable[..., None]]:
    """How a transaction of the product begins and ends inside the world's own."""
    enter, leave = transaction.Atomic.__enter__, transaction.Atomic.__exit__

    def entered(block: transaction.Atomic) -> None:
        if not connection.savepoint_ids:
            block.savepoint = True
        enter(block)

    def left(block: transaction.Atomic, kind: Kind, error: Raised, trace: Trace) -> None:
        if len(connection.savepoint_ids) != 1 or kind or connection.needs_rollback:
            leave(block, kind, error, trace)
            return
        try:
            world.before_commit()
        except BaseException as stopped:
            leave(block, type(stopped), stopped, stopped.__traceback__)
            raise
        leave(block, None, None, None)
        world.after_commit()

    return entered, left
